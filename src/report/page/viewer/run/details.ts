// A step in full: why it happened, its messages, what changed, what was printed, the state of every host.

import type { TraceEntry } from '../../../../history/trace.ts';
import { element, replaceChildren } from '../element.ts';
import { causesOf } from './causes.ts';
import type { Cause } from './causes.ts';
import { messageName } from '../../../trace-words.ts';
import { isRoutine, moment, sentenceOf } from './event-text.ts';
import { messageCard } from './message-card.ts';
import type { RunModel } from './run-model.ts';
import { inOneLine } from './short-text.ts';
import { changesTable, statePanel } from './state-panel.ts';
import { StateReplay } from './state-replay.ts';

/** What of a run the details need. */
export interface DetailedRun {
  readonly model: RunModel;
  readonly title: string;
  /** The violation, at its step. */
  readonly violation: { readonly step: number; readonly message: string } | undefined;
}

const SHOWN_MAX = 40;

/** The pane that shows one step. */
export class Details {
  readonly element: HTMLElement;
  readonly #replays: StateReplay[];
  readonly #runs: readonly DetailedRun[];
  readonly #go: (pane: number, step: number) => void;
  #shown = '';

  constructor(runs: readonly DetailedRun[], go: (pane: number, step: number) => void) {
    this.#runs = runs;
    this.#go = go;
    this.#replays = runs.map(({ model }) => new StateReplay(model));
    this.element = element('section', {
      class: 'details',
      tabindex: -1,
      role: 'region',
      'aria-label': 'The step that is selected',
    });
  }

  show(pane: number, step: number): void {
    const key = `${pane} ${step}`;
    const run = this.#runs[pane];
    if (run === undefined || key === this.#shown) return;
    this.#shown = key;
    replaceChildren(this.element, ...this.#content(run, pane, step));
    this.element.scrollTop = 0;
  }

  #content(
    { model, title, violation }: DetailedRun,
    pane: number,
    step: number,
  ): (HTMLElement | undefined)[] {
    const { from, to } = model.rangeOf(step);
    const entries = model.trace.slice(from, to);
    const stores = this.#replays[pane]?.after(step) ?? [];
    const atUs = entries[0]?.atUs ?? 0;
    const executed = model.stepEntryOf(step);
    const [first] = entries;
    const heading = executed === undefined ? (first === undefined ? '' : sentenceOf(first)) : executed.what;
    return [
      element(
        'header',
        { class: 'step-header' },
        element(
          'p',
          { class: 'where' },
          `${moment(atUs)} ms · step ${step}${this.#runs.length > 1 ? ` · ${title}` : ''}`,
        ),
        element(
          'h3',
          {},
          executed !== undefined &&
            element('span', { class: 'step-host' }, element('bdi', {}, executed.host)),
          element('bdi', {}, inOneLine(heading, 300)),
        ),
      ),
      violation?.step === step ? element('p', { class: 'violated' }, violation.message) : undefined,
      this.#why(model, pane, step),
      section('Messages', messages(model, entries, from)),
      section('Meanwhile', others(entries)),
      changesTable(stores),
      section('Printed', logs(entries)),
      this.#effects(model, pane, step),
      section('Every host after this step', [statePanel(conditions(model, to), stores)]),
      executed?.site === undefined
        ? undefined
        : element('p', { class: 'quiet-text site' }, 'scheduled at ', element('bdi', {}, executed.site)),
    ];
  }

  #why(model: RunModel, pane: number, step: number): HTMLElement | undefined {
    const causes = causesOf(model, step);
    if (causes.length === 0) return undefined;
    const items = causes.map((cause) => this.#link(pane, cause.step, causeText(model, cause)));
    return section('Because', [element('ul', { class: 'links causes' }, ...items)]);
  }

  #effects(model: RunModel, pane: number, step: number): HTMLElement | undefined {
    const effects = model.effectsOf(step);
    const items = effects.slice(0, SHOWN_MAX).map((effect) => {
      const { host = '', what = '' } = model.stepEntryOf(effect) ?? {};
      return this.#link(pane, effect, `${host}: ${what}`);
    });
    if (items.length === 0) return undefined;
    return section('Leads to', [element('ul', { class: 'links' }, ...items)]);
  }

  #link(pane: number, step: number, text: string): HTMLElement {
    const button = element(
      'button',
      { type: 'button', class: 'link' },
      element('bdi', {}, inOneLine(text, 160)),
    );
    button.addEventListener('click', () => this.#go(pane, step));
    return element('li', {}, button);
  }
}

/** A cause in words. */
export function causeText(model: RunModel, { why, index, step }: Cause): string {
  const entry = model.trace[index] as TraceEntry;
  switch (why) {
    case 'message':
      return sentenceOf(entry);
    case 'missing':
      return `never came: ${sentenceOf(entry)}`;
    case 'fault':
      return sentenceOf(entry);
    default: {
      const { host = '', what = '' } = model.stepEntryOf(step) ?? {};
      return `set during step ${step}${host === '' ? '' : `, ${host}: ${what}`}`;
    }
  }
}

function section(title: string, children: readonly HTMLElement[]): HTMLElement | undefined {
  if (children.length === 0) return undefined;
  return element(
    'section',
    { class: 'step-part' },
    element('h4', { class: 'part-title' }, title),
    ...children,
  );
}

function messages(model: RunModel, entries: readonly TraceEntry[], from: number): HTMLElement[] {
  const cards: HTMLElement[] = [];
  for (const [i, entry] of entries.entries()) {
    if (cards.length >= SHOWN_MAX) break;
    const sent = entry.kind === 'arrived' ? (model.sentOf[from + i] ?? -1) : from + i;
    if (entry.kind !== 'sent' && entry.kind !== 'arrived') continue;
    if (isRoutine(entry)) continue;
    const title = entry.kind === 'sent' ? 'sent' : entry.isCopy ? 'arrived again' : 'arrived';
    const card = sent >= 0 ? messageCard(model, sent) : element('p', {}, messageName(entry));
    cards.push(
      element('div', { class: `message-${entry.kind}` }, element('p', { class: 'card-kind' }, title), card),
    );
  }
  return cards;
}

const OTHERS = new Set<TraceEntry['kind']>(['operation', 'host', 'fault', 'note']);

function others(entries: readonly TraceEntry[]): HTMLElement[] {
  const shown = entries.filter(({ kind }) => OTHERS.has(kind));
  if (shown.length === 0) return [];
  const items = shown.map((entry) =>
    element('li', {}, element('bdi', {}, inOneLine(sentenceOf(entry), 400))),
  );
  return [element('ul', { class: 'others' }, ...items)];
}

function logs(entries: readonly TraceEntry[]): HTMLElement[] {
  const lines = entries.flatMap((entry) =>
    entry.kind === 'log'
      ? [`${entry.host}${entry.stream === 'stderr' ? ' (stderr)' : ''}: ${entry.text}`]
      : [],
  );
  return lines.length === 0
    ? []
    : [element('pre', { class: 'body', tabindex: 0 }, lines.join('\n').slice(0, 20_000))];
}

/** Whether each host is up, after the entries before `to`. */
function conditions(model: RunModel, to: number): { name: string; condition: string }[] {
  const condition = new Map(model.run.hosts.map((name) => [name, 'not up yet']));
  for (let i = 0; i < to; i++) {
    const entry = model.trace[i];
    if (entry?.kind !== 'host') continue;
    if (/^(crashed|stopped|exited)/.test(entry.change)) condition.set(entry.host, 'down');
    else if (entry.change === 'paused') condition.set(entry.host, 'paused');
    else condition.set(entry.host, '');
  }
  return [...condition].map(([name, text]) => ({ name, condition: text }));
}
