// `socket.setTimeout` on a host: Node.js uses timers of its own for it, which know only real time.

import type { Socket } from 'node:net';
import type { HostContext } from '../context.ts';
import type { AnyFunction } from '../patch.ts';
import type { Timeout } from '../timeout.ts';

/** Node.js takes no longer times, and warns of them. */
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

const timers = new WeakMap<object, Timeout>();

/** What has a time-out: a socket, or an HTTP/2 session or stream. */
export type TimedStream = Socket & { _onTimeout(): void; _parent?: TimedStream | null };

/** Sets the time-out of a socket, with the checks that Node.js makes. */
export function setSocketTimeout(
  host: HostContext,
  socket: Socket,
  args: unknown[],
  original: AnyFunction,
): unknown {
  const [ms, callback] = args;
  const isValid = typeof ms === 'number' && ms >= 0 && Number.isFinite(ms);
  // Node.js refuses; and a time-out of 0 needs no timer.
  if (socket.destroyed || !isValid || (callback !== undefined && typeof callback !== 'function')) {
    return Reflect.apply(original, socket, args);
  }
  clearSocketTimer(socket);
  if (ms === 0) return Reflect.apply(original, socket, args);
  (socket as { timeout?: number }).timeout = ms;
  const timer = host.timers.setTimeout(
    () => (socket as TimedStream)._onTimeout(),
    Math.min(ms, TIMEOUT_MS_MAX),
  );
  timer.unref();
  timers.set(socket, timer);
  if (callback !== undefined) socket.once('timeout', callback as () => void);
  return socket;
}

/** Something happened on a socket: its time-out, and that of what lies above it, begins anew. */
export function refreshSocketTimer(socket: Socket): void {
  for (let each: TimedStream | null | undefined = socket as TimedStream; each != null; each = each._parent) {
    timers.get(each)?.refresh();
  }
}

export function clearSocketTimer(socket: Socket): void {
  for (let each: TimedStream | null | undefined = socket as TimedStream; each != null; each = each._parent) {
    timers.get(each)?.close();
    timers.delete(each);
  }
}
