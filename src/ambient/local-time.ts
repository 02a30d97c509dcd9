// Local time on a host: the methods of `Date` that show and set it, in the time zone of the calling host.
// Node.js has one zone for the whole process, and in a worker thread it cannot be changed at all.

import { findZone, type Zone } from '../time/zone.ts';
import { ZONE_DEFAULT } from '../time/machine-clock.ts';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, patchMethod } from './patch.ts';
import { currentHost } from './registry.ts';

const FIELDS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;
const RealDate = Date;
const own = Date.prototype;
const getTime = Reflect.get(own, 'getTime') as AnyFunction;
const setTime = Reflect.get(own, 'setTime') as AnyFunction;

/** The time zone of a host: what `TZ` says in the environment of a program, or what its machine has. */
export function zoneOf(host: HostContext): Zone {
  const given = host.process.env?.['TZ'];
  const name = given === undefined ? host.clock.zone : given.replace(/^:/, '');
  return findZone(name) ?? (findZone(ZONE_DEFAULT) as Zone);
}

/** Patches the methods of `Date.prototype` that know of local time. */
export function localTimePatches(): Patch[] {
  return [
    ...FIELDS.flatMap((field) => [
      local(`get${field}`, (zone, ms) => call(`getUTC${field}`, inZone(zone, ms))),
      local(`set${field}`, (zone, ms, args, self) => {
        const date = inZone(zone, ms);
        call(`setUTC${field}`, date, args);
        return Reflect.apply(setTime, self, [zone.utcMs(date.getTime())]);
      }),
    ]),
    local('getDay', (zone, ms) => inZone(zone, ms).getUTCDay()),
    local('getYear', (zone, ms) => inZone(zone, ms).getUTCFullYear() - 1900),
    local('setYear', (zone, ms, [year], self) => {
      const number = Math.trunc(Number(year));
      const date = inZone(zone, ms);
      date.setUTCFullYear(number >= 0 && number <= 99 ? number + 1900 : Number(year));
      return Reflect.apply(setTime, self, [zone.utcMs(date.getTime())]);
    }),
    local('getTimezoneOffset', (zone, ms) => 0 - Math.trunc(zone.offsetMs(ms) / 60_000)),
    local('toString', (zone, ms) => shown(ms, () => `${dateText(zone, ms)} ${timeText(zone, ms)}`)),
    local('toDateString', (zone, ms) => shown(ms, () => dateText(zone, ms))),
    local('toTimeString', (zone, ms) => shown(ms, () => timeText(zone, ms))),
    ...['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'].map(inLocale),
  ];
}

/** The local time that a text or the parts of a date mean on a host, as milliseconds since 1970. */
export function partsToMs(host: HostContext, parts: unknown[]): number {
  return zoneOf(host).utcMs(Reflect.apply(RealDate.UTC, RealDate, parts) as number);
}

/** `2024-03-31T02:30`, `+002024-03-31T02:30:00.5`: by the standard, local time. */
const ISO_LOCAL = /^(?:\d{4}|[+-]\d{6})(?:-\d\d){0,2}T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/;
const ISO_OTHER = /^(?:\d{4}|[+-]\d{6})(?:-\d\d){0,2}(?:T[\d:.,]+(?:Z|[+-]\d\d:\d\d))?$/;
/** Where the other texts that V8 reads name a zone, they do so in one of these ways. */
const NAMES_ZONE = /\d\s*z\b|\b(?:gmt|utc?|[ecmp][sd]t)\b|\d\s*[+-]\d{2}:?\d{2}\b/i;

/** What `Date.parse` gives on a host. */
export function parseOnHost(host: HostContext, text: string, parse: (text: string) => number): number {
  if (ISO_LOCAL.test(text)) return zoneOf(host).utcMs(parse(`${text}Z`));
  if (ISO_OTHER.test(text) || NAMES_ZONE.test(text.replace(/\([^)]*\)/g, ''))) return parse(text);
  const ms = parse(`${text} UTC`);
  return Number.isNaN(ms) ? parse(text) : zoneOf(host).utcMs(ms);
}

/** Options of a formatter, with the zone of the host where they name none. */
export function withZone(host: HostContext, options: unknown): unknown {
  if (options === null) return options;
  const { timeZone } = (options ?? {}) as { timeZone?: unknown };
  if (timeZone !== undefined) return options;
  const value = zoneOf(host).name;
  // Not a copy: what an object inherits counts too.
  return Object.create(Object(options ?? {}) as object, { timeZone: { value, enumerable: true } });
}

type Virtual = (zone: Zone, ms: number, args: unknown[], self: Date) => unknown;

function local(key: string, virtual: Virtual): Patch {
  return patchMethod(`Date.prototype.${key}`, own, key, (original) =>
    onHost(original, (host, args, self) =>
      virtual(zoneOf(host), Reflect.apply(getTime, self, []) as number, args, self as Date),
    ),
  );
}

function inLocale(key: string): Patch {
  return patchMethod(`Date.prototype.${key}`, own, key, (original) =>
    onHost(original, (host, [locales, options], self) =>
      Reflect.apply(original, self, [locales, withZone(host, options)]),
    ),
  );
}

/** What is no date, Node.js refuses. */
function onHost(
  original: AnyFunction,
  virtual: (host: HostContext, args: unknown[], self: unknown) => unknown,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const host = this instanceof RealDate ? currentHost() : undefined;
    return host === undefined ? Reflect.apply(original, this, args) : virtual(host, args, this);
  };
}

/** A date that shows as UTC what the other one shows in the zone. */
function inZone(zone: Zone, ms: number): Date {
  return new RealDate(ms + zone.offsetMs(ms));
}

function call(key: string, date: Date, args: unknown[] = []): unknown {
  return Reflect.apply(Reflect.get(own, key) as AnyFunction, date, args);
}

function shown(ms: number, text: () => string): string {
  return Number.isNaN(ms) ? 'Invalid Date' : text();
}

/** `Sun Mar 31 2024`. */
function dateText(zone: Zone, ms: number): string {
  const [day, date, month, year] = inZone(zone, ms).toUTCString().replace(',', '').split(' ');
  return `${day} ${month} ${date} ${year}`;
}

/** `03:30:00 GMT+0200 (Central European Summer Time)`. */
function timeText(zone: Zone, ms: number): string {
  const minutes = Math.trunc(zone.offsetMs(ms) / 60_000);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const offset = [hours, rest].map((each) => String(each).padStart(2, '0')).join('');
  const time = inZone(zone, ms).toUTCString().split(' ')[4];
  return `${time} GMT${minutes < 0 ? '-' : '+'}${offset} (${zone.longName(ms)})`;
}
