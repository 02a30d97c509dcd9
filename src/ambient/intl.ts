// The clock readings hidden in `Intl.DateTimeFormat` (formatting without a date) and in `Temporal.Now`.

import { withGlobal } from '@sinonjs/fake-timers';
import { currentHost } from './registry.ts';
import { type AnyFunction, type Patch, dispatch, patchGetter, patchMethod } from './patch.ts';

/** Patches `format` and `formatToParts` of formatters, and `Temporal.Now` where Node.js has it. */
export function intlPatches(): Patch[] {
  const { prototype } = Intl.DateTimeFormat;
  return [
    patchGetter('Intl.DateTimeFormat.prototype.format', prototype, 'format', dispatchedFormat),
    patchMethod('Intl.DateTimeFormat.prototype.formatToParts', prototype, 'formatToParts', withHostNow),
    ...temporalPatches(),
  ];
}

/**
 * Fills in the date only. fake-timers' mirror of Intl makes formatters that are no `Intl.DateTimeFormat`, and
 * cannot reach those which a package made while loading, outside any host.
 */
function withHostNow(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const host = args[0] === undefined ? currentHost() : undefined;
    return Reflect.apply(original, this, host === undefined ? args : [host.clock.wallMs()]);
  };
}

/** `format` is a getter that gives each formatter one bound function: so does this one. */
function dispatchedFormat(original: AnyFunction): AnyFunction {
  const dispatched = new WeakMap<AnyFunction, AnyFunction>();
  return function (this: unknown): unknown {
    const format = Reflect.apply(original, this, []) as AnyFunction;
    let known = dispatched.get(format);
    if (known === undefined) dispatched.set(format, (known = withHostNow(format)));
    return known;
  };
}

function temporalPatches(): Patch[] {
  const { Temporal } = globalThis as { Temporal?: { Now: Record<string, AnyFunction> } };
  if (Temporal === undefined) return [];
  const RealDate = Date;
  const clock = withGlobal({ Date: RealDate, Temporal }).createClock();
  Object.defineProperty(clock, 'now', { get: () => currentHost()?.clock.wallMs() ?? RealDate.now() });
  const mirror = (clock as unknown as { Temporal: typeof Temporal }).Temporal.Now;
  return Object.keys(mirror).map((key) =>
    patchMethod(`Temporal.Now.${key}`, Temporal.Now, key, (original) =>
      dispatch(original, (_host, args) => Reflect.apply(mirror[key] as AnyFunction, mirror, args)),
    ),
  );
}
