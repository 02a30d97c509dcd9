// What happened, in words: a short label for the picture, and a sentence for lists and screen readers. Pure;
// how names are made safe to show is left to `shown-text.ts`.

import type { HostEntry, SentEntry, StateEntry, TraceEntry } from '../../../../history/trace.ts';
import { CHANGES, FATES, isRoutineMessage, messageName, OUTCOMES } from '../../../trace-words.ts';

/** What befell a message, or that nothing did. */
export type Tone = 'plain' | 'muted' | 'lost' | 'late' | 'fault' | 'good' | 'bad';

/** Whether a message never reaches its target. */
export function isLost({ fate }: Pick<SentEntry, 'fate'>): boolean {
  return fate !== 'delivered' && fate !== 'held' && fate !== 'stalled';
}

/** What machines do for every connection. */
export function isRoutine(entry: TraceEntry): boolean {
  if (entry.kind !== 'sent' && entry.kind !== 'arrived') return false;
  if (entry.kind === 'sent' && entry.fate !== 'delivered') return false;
  return isRoutineMessage(entry);
}

/** What befell a message: "dropped, arrives twice"; empty for one that nothing befell. */
export function fateOf({ fate, isTwice }: SentEntry): string {
  return [FATES[fate], isTwice === true ? 'arrives twice' : ''].filter((text) => text !== '').join(', ');
}

/** Microseconds as people read them: "2.5 ms", "1,107 ms", "16.5 s". */
export function duration(us: number): string {
  const ms = us / 1000;
  if (Math.abs(ms) >= 10_000) return `${trimmed(ms / 1000, 2)} s`;
  return `${trimmed(ms, ms < 10 ? 2 : 1)} ms`;
}

/** A moment of virtual time in milliseconds: "1,107.0". */
export function moment(us: number): string {
  const [whole = '0', part = '0'] = (Math.round(us / 100) / 10).toFixed(1).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${part}`;
}

function trimmed(value: number, digits: number): string {
  const [whole = '0', part = ''] = value.toFixed(digits).split('.');
  const rest = part.replace(/0+$/, '');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === '' ? grouped : `${grouped}.${rest}`;
}

/** What a host went through. */
export function changeOf({ change }: Pick<HostEntry, 'change'>): string {
  return CHANGES[change] ?? change;
}

/** The short label of an entry in the picture. */
export function labelOf(entry: TraceEntry): string {
  switch (entry.kind) {
    case 'step':
      return entry.what;
    case 'sent':
      return [messageName(entry, entry.status), fateOf(entry)].filter((text) => text !== '').join(' · ');
    case 'arrived':
      return `${messageName(entry)}${entry.isCopy ? ' arrives again' : ''}`;
    case 'host':
      return changeOf(entry);
    case 'log':
      return entry.text.split('\n', 1)[0] ?? '';
    case 'operation':
      return entry.type === 'invoke' ? entry.name : `${entry.name}: ${OUTCOMES[entry.type]}`;
    case 'state':
      return stateLabel(entry);
    case 'fault':
      return entry.change === 'strikes' ? entry.text : `${entry.text} ${entry.change}`;
    case 'span':
      return `span ${entry.name}`;
    default:
      return entry.text;
  }
}

function stateLabel({ store, patches }: StateEntry): string {
  const [first] = patches;
  const path = first === undefined ? '' : first.path.join('.');
  const more = patches.length > 1 ? ` and ${patches.length - 1} more` : '';
  const sign = first?.op === 'remove' ? 'without ' : '';
  return `${store}: ${sign}${path === '' ? 'all of it' : path}${more}`;
}

/** Whom an entry is about: "orders → payments", "orders". */
export function whoOf(entry: TraceEntry): string {
  if (entry.kind === 'sent' || entry.kind === 'arrived') {
    return `${entry.from} ${entry.kind === 'sent' && isLost(entry) ? '⇥' : '→'} ${entry.to}`;
  }
  if (entry.kind === 'operation') return entry.client;
  if (entry.kind === 'fault') return entry.hosts.join(', ');
  return entry.host ?? '';
}

/** What happened, in a sentence without the time. */
export function sentenceOf(entry: TraceEntry): string {
  switch (entry.kind) {
    case 'sent': {
      const took = entry.delayUs === undefined ? '' : `, ${duration(entry.delayUs)} on the way`;
      const fate = fateOf(entry);
      const sent = `${entry.from} sends ${messageName(entry, entry.status)} to ${entry.to}`;
      return `${sent}${took}${fate === '' ? '' : `: ${fate}`}`;
    }
    case 'arrived': {
      const again = entry.isCopy ? ' again' : '';
      return `${messageName(entry)} from ${entry.from} arrives${again} at ${entry.to}`;
    }
    case 'log':
      return `${entry.host} prints: ${entry.text}`;
    case 'operation':
      return entry.type === 'invoke'
        ? `${entry.client} begins ${entry.name}`
        : `${entry.client}: ${entry.name} ends: ${OUTCOMES[entry.type]}`;
    case 'state':
      return `${entry.host} changes ${labelOf(entry)}`;
    case 'step':
    case 'host':
      return `${entry.host}: ${labelOf(entry)}`;
    case 'fault':
      return `fault: ${labelOf(entry)}`;
    case 'span':
      return `${entry.host} ends ${labelOf(entry)}, ${duration(entry.endUs - entry.startUs)} long`;
    default:
      return entry.host === undefined ? entry.text : `${entry.host}: ${entry.text}`;
  }
}

/** How an entry is to be felt. */
export function toneOf(entry: TraceEntry): Tone {
  switch (entry.kind) {
    case 'sent':
      if (isLost(entry)) return 'lost';
      if (entry.fate !== 'delivered' || entry.isTwice === true) return 'late';
      return entry.message === 'request' || entry.message === 'datagram' ? 'plain' : 'muted';
    case 'arrived':
      return entry.isCopy ? 'late' : 'muted';
    case 'fault':
      return 'fault';
    case 'host':
      return entry.change === 'booted' || entry.change === 'resumed' ? 'muted' : 'fault';
    case 'log':
      return entry.stream === 'stderr' ? 'late' : 'muted';
    case 'operation':
      if (entry.type === 'invoke') return 'plain';
      return entry.type === 'ok' ? 'good' : 'late';
    case 'step':
    case 'state':
      return 'muted';
    default:
      return 'plain';
  }
}
