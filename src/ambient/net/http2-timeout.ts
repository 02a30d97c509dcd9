// The time-outs of HTTP/2 sessions and streams on a host. Node.js keeps a timer of its own under a symbol,
// and begins it anew whenever something happens: one of the host's stands in its place.

import type { Http2Session, Http2Stream } from 'node:http2';
import type { HostContext } from '../context.ts';
import type { AnyFunction } from '../patch.ts';
import type { Timeout } from '../timeout.ts';

/** What has such a time-out. */
export type Timed = (Http2Session | Http2Stream) & { timeout?: number; _onTimeout(): void };

const timers = new WeakMap<object, Timeout>();

/** Sets the time-out of a session or stream, with the checks that Node.js makes. */
export function setHttp2Timeout(
  host: HostContext,
  timed: Timed,
  args: unknown[],
  original: AnyFunction,
): unknown {
  const [ms, callback] = args;
  const symbol = Object.getOwnPropertySymbols(timed).find(({ description }) => description === 'timeout');
  const isValid = typeof ms === 'number' && ms >= 0 && Number.isFinite(ms);
  const isCallable = callback === undefined || typeof callback === 'function';
  if (timed.destroyed || symbol === undefined || !isValid || !isCallable) {
    return Reflect.apply(original, timed, args);
  }
  const place = timed as unknown as Record<symbol, unknown>;
  timers.get(timed)?.close();
  timers.delete(timed);
  place[symbol] = null;
  // Also removes the listener.
  if (ms === 0) return Reflect.apply(original, timed, args);
  timed.timeout = ms;
  const timer = host.timers.setTimeout(() => timed._onTimeout(), ms).unref();
  timers.set(timed, timer);
  place[symbol] = timer;
  if (callback !== undefined) timed.once('timeout', callback as () => void);
  return timed;
}
