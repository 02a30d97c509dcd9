// What happened in a run, in words, for telling in what it differs from another run.

import type { ArrivedEntry, SentEntry, StateEntry, TraceEntry } from '../history/trace.ts';
import { nameOf, type MessageKind } from '../network/message.ts';
import { formatUs } from '../time/duration.ts';
import { CHANGES } from './trace-words.ts';

/** What happened, rather than how the run was made. */
export type Seen = Exclude<TraceEntry, { kind: 'step' | 'note' | 'fault' | 'span' }>;

const VALUE_MAX = 48;

/** What happened, and when. */
export function eventText(entry: Seen, isTimed = true): string {
  return `${subjectOf(entry)}${verbOf(entry)}${isTimed ? ` at ${formatUs(entry.atUs)}` : ''}`;
}

/** The same thing in both runs, which came out otherwise; undefined where only its time differs. */
export function contrastText(failed: Seen, passed: Seen): string | undefined {
  if (failed.kind === 'sent' && passed.kind === 'sent') return contrastOfMessages(failed, passed);
  const [here, there] = [verbOf(failed), verbOf(passed)];
  if (here === there) return undefined;
  return `${subjectOf(failed)}${here} at ${formatUs(failed.atUs)}; in the passing run it${there}`;
}

function contrastOfMessages(failed: SentEntry, passed: SentEntry): string | undefined {
  const at = `${messageText(failed)}, sent at ${formatUs(failed.atUs)},`;
  if (failed.fate !== passed.fate) {
    return `${at} ${FATES[failed.fate]}; in the passing run it ${FATES[passed.fate]}`;
  }
  if (failed.status !== passed.status) {
    return `${at} has status ${failed.status}; in the passing run ${passed.status}`;
  }
  if (failed.isTwice !== passed.isTwice) {
    const times = (entry: SentEntry): string => (entry.isTwice === true ? 'twice' : 'once');
    return `${at} arrives ${times(failed)}; in the passing run ${times(passed)}`;
  }
  if (failed.delayUs === passed.delayUs) return undefined;
  const [here = 0, there = 0] = [failed.delayUs, passed.delayUs];
  return `${at} takes ${formatUs(here)}; in the passing run ${formatUs(there)}`;
}

/** A value as JSON can say it. */
export function showable(value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

function subjectOf(entry: Seen): string {
  switch (entry.kind) {
    case 'sent':
    case 'arrived':
      return messageText(entry);
    case 'operation':
      return `\`${entry.name}\` of ${entry.client}`;
    default:
      return `\`${entry.host}\``;
  }
}

function messageText({ message, label, nth, from, to }: SentEntry | ArrivedEntry): string {
  return `${nameOf(message as MessageKind, label, nth)} (${from} → ${to})`;
}

const FATES: Readonly<Record<SentEntry['fate'], string>> = {
  delivered: 'is delivered',
  dropped: 'is dropped',
  lost: 'is lost on the way',
  'cut off': 'is lost in a partition',
  reset: 'finds its connection reset',
  refused: 'is refused',
  failed: 'fails',
  held: 'is held back',
  stalled: 'is stalled by a partition',
};

/** What it did, with a space before it; nothing for a message that is just sent. */
function verbOf(entry: Seen): string {
  switch (entry.kind) {
    case 'sent':
      return entry.fate === 'delivered' ? '' : ` ${FATES[entry.fate]}`;
    case 'arrived':
      return entry.isCopy ? ' arrives again' : ' arrives';
    case 'operation':
      return entry.type === 'invoke' ? ' begins' : ` ends: ${entry.type}`;
    case 'state':
      return ` ${stateText(entry)}`;
    case 'log':
      return ` prints ${JSON.stringify(cut(entry.text.split('\n', 1)[0] ?? ''))}`;
    default:
      return ` ${CHANGES[entry.change] ?? entry.change}`;
  }
}

function stateText({ store, patches }: StateEntry): string {
  const [patch] = patches;
  if (patch === undefined) return `writes ${store}`;
  const where = [store, ...patch.path].join('.');
  const more = patches.length > 1 ? ` and ${patches.length - 1} more` : '';
  if (patch.op === 'remove') return `removes ${where}${more}`;
  const value = JSON.stringify(patch.value, (_, inner: unknown) => showable(inner)) ?? 'undefined';
  return `writes ${where} = ${cut(value)}${more}`;
}

function cut(text: string): string {
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX - 3)}...` : text;
}
