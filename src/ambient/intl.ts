// The clock readings and time zones hidden in `Intl.DateTimeFormat` (formatting without a date, a formatter
// without a zone) and in `Temporal.Now`.

import { createRequire } from 'node:module';
import type * as fakeTimers from '@sinonjs/fake-timers';
import { currentHost } from './registry.ts';
import { withZone, zoneOf } from './local-time.ts';
import { type AnyFunction, type Patch, dispatch, patchGetter, patchMethod, patchValue } from './patch.ts';

/** Patches `Intl.DateTimeFormat` and what it formats, and `Temporal.Now` where Node.js has it. */
export function intlPatches(): Patch[] {
  const RealFormat = Intl.DateTimeFormat;
  const { prototype } = RealFormat;
  const HostFormat = hostFormat(RealFormat);
  return [
    patchValue('Intl.DateTimeFormat', Intl, 'DateTimeFormat', HostFormat),
    patchValue('Intl.DateTimeFormat.prototype.constructor', prototype, 'constructor', HostFormat),
    patchGetter('Intl.DateTimeFormat.prototype.format', prototype, 'format', dispatchedFormat),
    patchMethod('Intl.DateTimeFormat.prototype.formatToParts', prototype, 'formatToParts', withHostNow),
    ...temporalPatches(),
  ];
}

/** A formatter that is made on a host, and told no zone, has that of the host. */
function hostFormat(RealFormat: typeof Intl.DateTimeFormat): typeof Intl.DateTimeFormat {
  const given = (args: unknown[]): unknown[] => {
    const host = currentHost();
    return host === undefined ? args : [args[0], withZone(host, args[1])];
  };
  const proxy: typeof Intl.DateTimeFormat = new Proxy(RealFormat, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, given(args), newTarget === proxy ? target : newTarget) as object,
    apply: (target, _self, args) => Reflect.construct(target, given(args)) as object,
  });
  return proxy;
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
  const { withGlobal } = loadFakeTimers();
  const clock = withGlobal({ Date: RealDate, Temporal }).createClock();
  Object.defineProperty(clock, 'now', { get: () => currentHost()?.clock.wallMs() ?? RealDate.now() });
  const mirror = (clock as unknown as { Temporal: typeof Temporal }).Temporal.Now;
  return Object.keys(mirror).map((key) =>
    patchMethod(`Temporal.Now.${key}`, Temporal.Now, key, (original) =>
      dispatch(original, (host, [zone, ...rest]) => {
        if (key === 'timeZoneId') return zoneOf(host).name;
        const given = key === 'instant' ? [] : [zone ?? zoneOf(host).name, ...rest];
        return Reflect.apply(mirror[key] as AnyFunction, mirror, given);
      }),
    ),
  );
}

/** Not imported: a Node.js without `Temporal` has no use for it. */
function loadFakeTimers(): typeof fakeTimers {
  return createRequire(import.meta.url)('@sinonjs/fake-timers') as typeof fakeTimers;
}
