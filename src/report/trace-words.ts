// What the entries of a trace are called, in stories, in differences and on the page alike.

import type { OutcomeType } from '../history/operation.ts';
import type { SentEntry } from '../history/trace.ts';

/** What a message is named by. */
export interface NamedMessage extends Pick<SentEntry, 'message' | 'label' | 'nth'> {
  readonly request?: SentEntry['request'] | undefined;
}

/** How the fate of a message is told; a delivered one needs no words. */
export const FATES: Readonly<Record<SentEntry['fate'], string>> = {
  delivered: '',
  dropped: 'dropped',
  lost: 'lost on the way',
  'cut off': 'lost in the partition',
  reset: 'connection reset',
  refused: 'connection refused',
  failed: 'failed',
  held: 'held back',
  stalled: 'stalled by the partition',
};

/** How an operation ended. */
export const OUTCOMES: Readonly<Record<OutcomeType, string>> = {
  ok: 'ok',
  fail: 'failed, without effect',
  info: 'outcome unknown',
};

/** What became of a host. */
export const CHANGES: Readonly<Record<string, string>> = {
  booted: 'boots',
  crashed: 'crashes',
  stopping: 'is asked to stop',
  stopped: 'has stopped',
  paused: 'is paused',
  resumed: 'goes on',
};

/** What a machine says by itself. */
const SIGNALS: readonly (readonly [label: string, words: string])[] = [
  ['refusal ', 'refuses the connection: '],
  ['reset ', 'resets the connection: '],
  ['hang-up ', 'hangs up: '],
  ['accepted ', 'accepts the connection: '],
  ['end ', 'ends the connection: '],
  ['window ', 'has room again: '],
];

/** Whether it is what machines do for every connection; told only where something befell it. */
export function isRoutineMessage({ message, label }: Pick<SentEntry, 'message' | 'label'>): boolean {
  return message === 'connection' || (message === 'signal' && /^(accepted|end|window) /.test(label));
}

/**
 * Names a message: "POST /charges #2", "201 to POST /charges".
 *
 * @param entry.request - What belongs to a request is told by its number, where it is known: the first answer
 *   may be the one to a second try.
 */
export function messageName({ message, label, nth, request }: NamedMessage, status?: number): string {
  const number = numberOf({ message, nth, request });
  const ordinal = number === 1 ? '' : ` #${number}`;
  if (message === 'response') return `${status ?? 'response'} to ${label}${ordinal}`;
  if (message === 'chunk') return `more of ${label}${ordinal}`;
  if (message === 'connection') return `connects ${label}${ordinal}`;
  if (message === 'segment') return `bytes of ${label}${ordinal}`;
  if (message !== 'signal') return `${label}${ordinal}`;
  const [said, words] = SIGNALS.find(([begin]) => label.startsWith(begin)) ?? ['', ''];
  return `${words}${label.slice(said.length)}${ordinal}`;
}

function numberOf({ message, nth, request }: Omit<NamedMessage, 'label'>): number {
  if (message === 'signal') return request?.nth ?? 1;
  return message === 'response' ? (request?.nth ?? nth) : nth;
}
