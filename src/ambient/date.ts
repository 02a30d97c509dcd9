// `Date` as the calling host's wall clock shows it. Instances are real dates with the real prototype.

import type { HostContext } from './context.ts';
import { localTimePatches, parseOnHost, partsToMs } from './local-time.ts';
import { currentHost } from './registry.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod, patchValue } from './patch.ts';

const realParse = Date.parse;

/** Patches `Date`, `Date.now`, `Date.parse` and what of `Date.prototype` knows of local time. */
export function datePatches(): Patch[] {
  const RealDate = Date;
  const HostDate = hostDate(RealDate);
  return [
    patchValue('Date', globalThis, 'Date', HostDate),
    patchValue('Date.prototype.constructor', RealDate.prototype, 'constructor', HostDate),
    // On the real Date, so that code which took it before the patches follows too.
    patchMethod('Date.now', RealDate, 'now', dispatchedNow),
    patchMethod('Date.parse', RealDate, 'parse', (original) =>
      dispatch(original, (host, [text]) => parseOnHost(host, String(text), realParse)),
    ),
    ...localTimePatches(),
  ];
}

function hostDate(RealDate: DateConstructor): DateConstructor {
  const proxy: DateConstructor = new Proxy(RealDate, {
    construct(target, args, newTarget): Date {
      const host = isOfHost(args) ? currentHost() : undefined;
      const given = host === undefined ? args : [timeOnHost(host, args)];
      return Reflect.construct(target, given, newTarget === proxy ? target : newTarget) as Date;
    },
    apply(target): string {
      const host = currentHost();
      return host === undefined ? target() : new target(host.clock.wallMs()).toString();
    },
  });
  return proxy;
}

/** Whether a date depends on where it is made: now, or a local time. */
function isOfHost(args: readonly unknown[]): boolean {
  return args.length !== 1 || typeof args[0] === 'string';
}

function timeOnHost(host: HostContext, args: unknown[]): number {
  if (args.length === 0) return host.clock.wallMs();
  return args.length === 1 ? parseOnHost(host, args[0] as string, realParse) : partsToMs(host, args);
}

function dispatchedNow(original: AnyFunction): AnyFunction {
  return function now(): number {
    const host = currentHost();
    return host === undefined ? (original() as number) : host.clock.wallMs();
  };
}
