// The same as the picture, as a table: for those who read with their ears, and for paper. A long one has only
// the rows in view.

import type { TraceEntry } from '../../../../history/trace.ts';
import { element, replaceChildren, setAttribute } from '../element.ts';
import { hashOfStep } from '../place.ts';
import { isFault } from './causes.ts';
import { moment, sentenceOf, whoOf } from './event-text.ts';
import type { Layout } from './layout.ts';
import type { Selected } from './picture.ts';
import type { RunModel } from './run-model.ts';
import { inOneLine } from './short-text.ts';

/** A row of the list. */
export interface ListedEvent {
  readonly pane: number;
  readonly step: number;
  readonly atUs: number;
  readonly who: string;
  readonly text: string;
  readonly tone: 'plain' | 'fault' | 'violation';
}

/** Longer lists are scrolled, and have rows of one line. */
const WHOLE_MAX = 300;
const ROW_HEIGHT = 30;
const VIEW_HEIGHT = 480;

/** All that a picture shows, in order. */
export function listedEvents(layout: Layout, models: readonly RunModel[], violation: string): ListedEvent[] {
  const listed: ListedEvent[] = [];
  for (const line of layout.lines) {
    for (const [pane, place] of line.entries()) {
      const row = layout.panes[pane]?.rows[place];
      if (row === undefined) continue;
      for (const { index, kind } of row.marks) {
        const entry = models[pane]?.trace[index];
        // An arrow says already where it ends.
        if (entry?.kind === 'arrived' && !entry.isCopy) continue;
        const { step, atUs } = row;
        const text = kind === 'violation' ? violation : sentenceOf(entry as TraceEntry);
        const who = entry === undefined ? '' : whoOf(entry);
        const tone = kind === 'violation' ? 'violation' : isFault(entry as TraceEntry) ? 'fault' : 'plain';
        listed.push({ pane, step, atUs, who, text, tone });
      }
    }
  }
  return listed;
}

/** The list. */
export class EventList {
  readonly element: HTMLElement;
  readonly #body: HTMLTableSectionElement;
  readonly #table: HTMLTableElement;
  readonly #titles: readonly string[];
  #events: readonly ListedEvent[] = [];
  #selected: Selected = { pane: 0, step: 0 };
  #first = -1;
  #isBeside = false;

  constructor(titles: readonly string[]) {
    this.#titles = titles;
    this.#body = element('tbody');
    this.#table = element(
      'table',
      { class: 'events' },
      element('caption', {}, 'The events that the picture shows'),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          ...['Time', 'Step', 'Who', 'What'].map((text) => element('th', { scope: 'col' }, text)),
        ),
      ),
      this.#body,
    );
    this.element = element(
      'div',
      { class: 'event-list', tabindex: 0, role: 'region', 'aria-label': 'Events' },
      this.#table,
    );
    this.element.addEventListener('scroll', () => requestAnimationFrame(() => this.#draw(false)), {
      passive: true,
    });
  }

  show(events: readonly ListedEvent[], selected: Selected, isBeside: boolean): void {
    const isSame = events === this.#events && isBeside === this.#isBeside;
    this.#isBeside = isBeside;
    this.#events = events;
    this.#selected = selected;
    this.element.classList.toggle('is-long', events.length > WHOLE_MAX);
    setAttribute(this.#table, 'aria-rowcount', events.length + 1);
    if (isSame) this.#mark();
    else this.#draw(true);
  }

  #mark(): void {
    for (const row of this.#body.rows) setCurrent(row, this.#selected);
  }

  #draw(isForced: boolean): void {
    const { length } = this.#events;
    const isLong = length > WHOLE_MAX;
    const first = isLong ? Math.max(0, Math.floor(this.element.scrollTop / ROW_HEIGHT) - 20) : 0;
    if (!isForced && Math.abs(first - this.#first) < 10) return;
    this.#first = first;
    const last = isLong ? Math.min(length, first + Math.ceil(VIEW_HEIGHT / ROW_HEIGHT) + 40) : length;
    const rows = this.#events.slice(first, last).map((event, i) => this.#row(event, first + i));
    replaceChildren(
      this.#body,
      isLong && spacer(first * ROW_HEIGHT),
      ...rows,
      isLong && spacer((length - last) * ROW_HEIGHT),
    );
  }

  #row({ pane, step, atUs, who, text, tone }: ListedEvent, place: number): HTMLTableRowElement {
    const what = element('bdi', {}, inOneLine(text, 400));
    const row = element(
      'tr',
      { class: `event-${tone}`, 'aria-rowindex': place + 2, 'data-step': step, 'data-pane': pane },
      element('td', { class: 'number' }, `${moment(atUs)} ms`),
      element('td', { class: 'number' }, step),
      element('td', {}, element('bdi', {}, who)),
      element(
        'td',
        { class: 'what' },
        this.#isBeside && element('span', { class: `pane-tag pane-${pane}` }, this.#titles[pane]),
        pane === 0 ? element('a', { href: hashOfStep(step) }, what) : what,
      ),
    );
    setCurrent(row, this.#selected);
    return row;
  }
}

function setCurrent(row: HTMLTableRowElement, { pane, step }: Selected): void {
  const isCurrent = row.dataset['step'] === String(step) && row.dataset['pane'] === String(pane);
  setAttribute(row, 'aria-current', isCurrent && 'step');
}

function spacer(height: number): HTMLElement {
  const row = element('tr', { class: 'spacer', 'aria-hidden': 'true' }, element('td', { colspan: 4 }));
  row.style.height = `${height}px`;
  return row;
}
