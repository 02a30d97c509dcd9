// Each entry of a trace in plain words: a row for a message, a fault, an operation, a marker, a change of
// state; nothing for what goes without saying.

import type { Operation } from '../history/operation.ts';
import type { ArrivedEntry, FaultEntry, HostEntry, OperationEntry } from '../history/trace.ts';
import { ANSWERS_STORE, type SentEntry, type StateEntry, type TraceEntry } from '../history/trace.ts';
import { identifiersIn } from './slice/identifiers.ts';
import { messageKey } from './slice/trace-index.ts';
import { changeTexts, shortJson } from './state-text.ts';
import type { Row } from './table.ts';
import { CHANGES, FATES, isRoutineMessage, messageName, OUTCOMES } from './trace-words.ts';

/** What a teller knows before it begins. */
export interface Knowledge {
  /** Delays that are faults of the plan, by message. */
  readonly delays?: ReadonlyMap<string, number>;
  /** Whether it matters when the storm ended. Default true. */
  readonly hasStorm?: boolean;
  /** What the operations are. */
  readonly history?: readonly Operation[];
  /** The sentence of the violation: what it names is not cut. */
  readonly about?: string;
}

/** How it is told that a message arrives when one would not think. */
export const ARRIVALS: readonly string[] = ['arrives late', 'arrives again'];

const STORM_ENDS = 'faults stop, everything heals';
const VALUE_MAX = 24;

/** Faults that other entries tell: what befell a message, a change of a host, a note. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(
  (
    'drop reset refuse duplicate delay crash crashLoop crashTogether powerLoss memory stop upgrade pause ' +
    'partition clog outage brownout loopLag descriptors slowHost burstLoss bandwidth congestion move buggify'
  ).split(' '),
);

/** Turns entries into rows; knows what it has told. */
export class Teller {
  readonly #delays: ReadonlyMap<string, number>;
  readonly #hasStorm: boolean;
  readonly #operations: ReadonlyMap<number, Operation>;
  readonly #about: readonly string[];
  readonly #gone = new Set<string>();
  /** Messages whose arrival is worth a row, because it is not when one would think. */
  readonly #late = new Set<string>();

  constructor({ delays = new Map(), hasStorm = true, history = [], about = '' }: Knowledge) {
    this.#delays = delays;
    this.#hasStorm = hasStorm;
    this.#about = identifiersIn(about);
    this.#operations = new Map(history.map((operation) => [operation.id, operation]));
  }

  /** @param isInSlice - Whether the failure depends on it: then a change of state is told, too. */
  tell(entry: TraceEntry, isInSlice: boolean): readonly Row[] {
    if (entry.kind === 'state') return isInSlice && !isFirstAnswer(entry) ? this.#state(entry) : [];
    const told = this.#row(entry);
    return told === undefined ? [] : [told];
  }

  #row(entry: Exclude<TraceEntry, StateEntry>): Row | undefined {
    switch (entry.kind) {
      case 'sent':
        return this.#sent(entry);
      case 'arrived':
        return this.#arrived(entry);
      case 'host':
        return this.#changed(entry);
      case 'operation':
        return this.#operation(entry);
      case 'log':
        // What a host reports as an error is part of its story; the rest is for its own log.
        return entry.stream === 'stderr'
          ? row(entry, entry.host, `prints: ${firstLine(entry.text)}`)
          : undefined;
      case 'note':
        if (entry.text === STORM_ENDS && !this.#hasStorm) return undefined;
        return row(entry, entry.host ?? '', firstLine(entry.text));
      case 'fault':
        return TOLD_OTHERWISE.has(entry.fault) ? undefined : faultRow(entry);
      default:
        return undefined;
    }
  }

  #sent(entry: SentEntry): Row | undefined {
    const { from, to, fate, status } = entry;
    const key = messageKey(entry);
    const delayMs = this.#delays.get(key);
    const isLate = delayMs !== undefined || fate === 'held' || fate === 'stalled';
    if (isRoutineMessage(entry) && fate === 'delivered' && !isLate) return undefined;
    if (isLate) this.#late.add(key);
    const isLost = !['delivered', 'held', 'stalled'].includes(fate);
    const notes = [
      FATES[fate],
      delayMs === undefined ? '' : `delayed by ${delayMs} ms`,
      entry.isTwice === true ? 'arrives twice' : '',
    ];
    const note = notes.filter((each) => each !== '').join(', ');
    return row(entry, [from, isLost ? '⇥' : '→', to], messageName(entry, status), note);
  }

  #arrived(entry: ArrivedEntry): Row | undefined {
    const isLate = this.#late.delete(messageKey(entry));
    if (!isLate && !entry.isCopy) return undefined;
    const note = ARRIVALS[entry.isCopy ? 1 : 0] as string;
    return row(entry, [entry.from, '→', entry.to], messageName(entry), note);
  }

  #state(entry: StateEntry): Row[] {
    const texts = changeTexts(entry, this.#about);
    return texts.map((text) => ({ ...row(entry, entry.host, text), role: 'change' }));
  }

  #changed(entry: HostEntry): Row | undefined {
    const { host, change } = entry;
    const isBack = this.#gone.delete(host);
    if (change === 'crashed' || change === 'stopped') this.#gone.add(host);
    // Everybody boots once.
    if (change === 'booted') return isBack ? row(entry, host, 'boots again') : undefined;
    return row(entry, host, CHANGES[change] ?? change);
  }

  #operation(entry: OperationEntry): Row | undefined {
    const { id, client, name, type } = entry;
    const operation = this.#operations.get(id);
    const input = scalarText(operation?.input);
    const named = `\`${name}\`${input === '' ? '' : ` ${input}`}`;
    if (type === 'invoke') {
      // Of the others, what they send says that they begin.
      return operation?.type === 'pending' ? row(entry, client, `${named} begins`) : undefined;
    }
    const value = type === 'ok' ? scalarText(operation?.value) : '';
    return row(entry, client, `${named} ends: ${OUTCOMES[type]}${value === '' ? '' : `, ${value}`}`);
  }
}

function row(
  { atUs }: Pick<TraceEntry, 'atUs'>,
  who: string | readonly [string, string, string],
  what: string,
  note = '',
): Row {
  return { part: 'event', atUs, who: typeof who === 'string' ? [who] : who, what, note };
}

/** What it answers at first is only what a later answer is compared with. */
function isFirstAnswer({ store, patches }: StateEntry): boolean {
  return store === ANSWERS_STORE && patches.every(({ op, path }) => op === 'add' || path.length === 0);
}

/** Whether a row says that the storm is over. */
export function isStormEnd({ who, what }: Row): boolean {
  return who.length === 1 && who[0] === '' && /^faults stop, .* heals?$/.test(what);
}

function faultRow(entry: FaultEntry): Row {
  const { change, fault, text, hosts } = entry;
  const what = change === 'ends' ? `${fault} ends` : text;
  return { ...row(entry, hosts.length === 1 ? (hosts[0] as string) : '', what), role: 'fault' };
}

/** A number, a text, true or false; anything else would take more room than it is worth. */
function scalarText(value: unknown): string {
  return ['number', 'string', 'boolean'].includes(typeof value) ? shortJson(value, VALUE_MAX) : '';
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
