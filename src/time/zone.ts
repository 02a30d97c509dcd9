// Time zones, for any number of them in one process: what Node.js' own local times know of one alone. The
// rules are those of the time zone database that Node.js brings with it.

/** A quarter of an hour: since 1972, no zone changes its offset within one. */
const QUARTER_MS = 900_000;
const RULES_MS = Date.UTC(1972, 0, 1);
const JANUARY_MS = Date.UTC(2024, 0, 1);
const JULY_MS = Date.UTC(2024, 6, 1);
const DAY_MS = 86_400_000;
/** How many quarters a zone remembers. */
const KNOWN_MAX = 4_096;

/** One time zone. */
export class Zone {
  readonly name: string;
  readonly #offset: Intl.DateTimeFormat;
  readonly #long: Intl.DateTimeFormat;
  readonly #known = new Map<number, number>();
  readonly #isUtc: boolean;

  /** @throws {RangeError} If there is no such zone. */
  constructor(name: string) {
    this.name = name;
    this.#offset = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    this.#long = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'long' });
    this.#isUtc = name === 'UTC';
  }

  /** How many milliseconds local time is ahead of UTC at a moment; NaN for an invalid one. */
  offsetMs(utcMs: number): number {
    if (this.#isUtc) return Number.isNaN(utcMs) ? utcMs : 0;
    const key = Math.floor(utcMs / QUARTER_MS);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (!(Math.abs(utcMs) <= 8.64e15)) return Number.NaN;
    const ms = parsedOffset(nameIn(this.#offset, utcMs));
    if (utcMs < RULES_MS) return ms;
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(key, ms);
    return ms;
  }

  /**
   * The moment at which a local time is shown, both as milliseconds since 1970. Of a time that comes twice,
   * the first; one that is left out counts as if the clocks had not been set yet.
   *
   * Source: ECMAScript 2025, 21.4.1.26, UTC(t).
   */
  utcMs(localMs: number): number {
    const before = this.offsetMs(localMs - DAY_MS);
    const after = this.offsetMs(localMs + DAY_MS);
    if (before === after) return localMs - before;
    const found = [before, after]
      .map((offset) => localMs - offset)
      .filter((utcMs) => utcMs + this.offsetMs(utcMs) === localMs);
    return found.length > 0 ? Math.min(...found) : localMs - before;
  }

  /**
   * What the zone is called at a moment: `Central European Summer Time`. Before 1972 it is, as for V8, summer
   * whenever the offset is not the standard one of today.
   */
  longName(utcMs: number): string {
    if (utcMs >= RULES_MS) return nameIn(this.#long, utcMs);
    const isSouth = this.offsetMs(JANUARY_MS) > this.offsetMs(JULY_MS);
    const [summerMs, winterMs] = isSouth ? [JANUARY_MS, JULY_MS] : [JULY_MS, JANUARY_MS];
    const isWinter = this.offsetMs(utcMs) === this.offsetMs(winterMs);
    return nameIn(this.#long, isWinter ? winterMs : summerMs);
  }
}

const zones = new Map<string, Zone | undefined>();

/** Finds a zone by its name in the IANA database; undefined if there is none. */
export function findZone(name: string): Zone | undefined {
  if (zones.has(name)) return zones.get(name);
  let zone: Zone | undefined;
  try {
    zone = new Zone(name);
  } catch {
    zone = undefined;
  }
  zones.set(name, zone);
  return zone;
}

/** Tells whether there is a zone of that name. */
export function isZone(name: string): boolean {
  return findZone(name) !== undefined;
}

function nameIn(format: Intl.DateTimeFormat, utcMs: number): string {
  return format.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
}

/** `GMT`, `GMT+05:30`, `GMT-00:01:15`. */
function parsedOffset(text: string): number {
  const [, sign, hours, minutes, seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (sign === undefined) return 0;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}
