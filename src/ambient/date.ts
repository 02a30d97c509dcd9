// `Date` as the calling host's wall clock shows it. Instances are real dates with the real prototype.

import { currentHost } from './registry.ts';
import { type AnyFunction, type Patch, patchMethod, patchValue } from './patch.ts';

/** Patches `Date`, `Date.now` and `Date.prototype.constructor`. */
export function datePatches(): Patch[] {
  const RealDate = Date;
  const HostDate = hostDate(RealDate);
  return [
    patchValue('Date', globalThis, 'Date', HostDate),
    patchValue('Date.prototype.constructor', RealDate.prototype, 'constructor', HostDate),
    // On the real Date, so that code which took it before the patches follows too.
    patchMethod('Date.now', RealDate, 'now', dispatchedNow),
  ];
}

function hostDate(RealDate: DateConstructor): DateConstructor {
  const proxy: DateConstructor = new Proxy(RealDate, {
    construct(target, args, newTarget): Date {
      const host = args.length === 0 ? currentHost() : undefined;
      const given = host === undefined ? args : [host.clock.wallMs()];
      return Reflect.construct(target, given, newTarget === proxy ? target : newTarget) as Date;
    },
    apply(target): string {
      const host = currentHost();
      return host === undefined ? target() : new target(host.clock.wallMs()).toString();
    },
  });
  return proxy;
}

function dispatchedNow(original: AnyFunction): AnyFunction {
  return function now(): number {
    const host = currentHost();
    return host === undefined ? (original() as number) : host.clock.wallMs();
  };
}
