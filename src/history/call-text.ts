// Requests and operations in words.

import { formatUs } from '../time/duration.ts';
import type { TimedCall } from './traffic.ts';

/** How long its sender waited, or has waited so far, in whole microseconds. */
export function waitedUs({ sentMs, endedMs }: TimedCall, nowMs: number): number {
  return Math.round(((endedMs ?? nowMs) - sentMs) * 1000);
}

/** Names a call and its end: `POST /charge #2 orders → payments, sent at 12.4 ms: 201 after 8.0 ms`. */
export function describeCall(call: TimedCall, nowMs: number): string {
  const { kind, name, nth, from, to, operation, sentMs } = call;
  const number = nth === 0 ? '' : ` #${nth}`;
  const who =
    kind === 'request' ? `${name}${number} ${from} → ${to}` : `${name} (operation ${operation}) of ${from}`;
  const waited = formatUs(waitedUs(call, nowMs));
  return `${who}, sent at ${formatUs(sentMs * 1000)}: ${fateOf(call, waited)}`;
}

function fateOf({ kind, end, status, isError }: TimedCall, waited: string): string {
  if (end === 'pending') return `no answer for ${waited}`;
  if (end === 'given up') return `given up after ${waited}`;
  if (end === 'failed') return `failed after ${waited}`;
  const what = kind === 'request' ? String(status) : isError ? 'unknown outcome' : 'done';
  return `${what} after ${waited}`;
}
