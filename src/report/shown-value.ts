// Any value of the system under test as plain JSON: what JSON cannot say stands in square brackets, long
// things are cut with a note of how much, and nothing of the value's own code is called.

/** How much of a value is shown. */
export interface ShownLimits {
  /** Characters of a string. */
  readonly charactersMax: number;
  /** Items of a list, entries of an object. */
  readonly entriesMax: number;
  /** Values in all, those within others counted. */
  readonly valuesMax: number;
  readonly depthMax: number;
  /** Bytes of binary data. */
  readonly bytesMax: number;
}

export const SHOWN_LIMITS: ShownLimits = {
  charactersMax: 16_384,
  entriesMax: 1_000,
  valuesMax: 20_000,
  depthMax: 32,
  bytesMax: 4_096,
};

/**
 * Shows a value as JSON has it. `undefined`, functions, symbols, big integers, infinities become strings in
 * square brackets; a `Map` `{ "[Map]": ... }`, a `Set` `{ "[Set]": [...] }`, an instance of a class
 * `{ "[class]": name, ... }`, an `Error` `{ "[Error]": "name: message", ... }`, bytes
 * `{ "[Uint8Array]": base64, "byteLength": n }`.
 *
 * @returns Plain data: equal to itself after `JSON.parse(JSON.stringify(...))`.
 */
export function shownValue(value: unknown, limits: Partial<ShownLimits> = {}): unknown {
  return new Shower({ ...SHOWN_LIMITS, ...limits }).show(value, 0);
}

/** A string without halves of characters, which no file can have; a long one cut, with a note. */
export function shownText(text: string, charactersMax: number): string {
  const isLong = text.length > charactersMax;
  const kept = isLong ? text.slice(0, charactersMax) : text;
  const whole = wellFormed(kept);
  return isLong ? `${whole}... [${counted(text.length - charactersMax, 'more character')}]` : whole;
}

const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function wellFormed(text: string): string {
  return text.replace(HALF, (half) => String.raw`\u${half.charCodeAt(0).toString(16)}`);
}

function counted(count: number, what: string): string {
  const grouped = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped} ${what}${count === 1 ? '' : 's'}`;
}

class Shower {
  readonly #limits: ShownLimits;
  /** What is being shown: one of them again is a cycle. */
  readonly #open = new Set<object>();
  #values = 0;

  constructor(limits: ShownLimits) {
    this.#limits = limits;
  }

  show(value: unknown, depth: number): unknown {
    this.#values++;
    if (typeof value === 'string') return shownText(value, this.#limits.charactersMax);
    if (typeof value !== 'object' || value === null) return shownPrimitive(value);
    if (this.#open.has(value)) return '[cycle]';
    if (depth >= this.#limits.depthMax || this.#values > this.#limits.valuesMax) return '[more]';
    this.#open.add(value);
    try {
      return this.#object(value, depth);
    } catch (error) {
      // A proxy may refuse anything.
      return `[unreadable: ${error instanceof Error ? shownText(error.message, 200) : 'not an error'}]`;
    } finally {
      this.#open.delete(value);
    }
  }

  #object(value: object, depth: number): unknown {
    if (Array.isArray(value)) return this.#list(value, value.length, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[Invalid Date]' : value.toISOString();
    if (value instanceof RegExp) return `[${String(value)}]`;
    if (value instanceof URL) return this.show(value.href, depth);
    if (ArrayBuffer.isView(value)) return this.#bytes(value, value.constructor.name);
    if (value instanceof ArrayBuffer) return this.#bytes(new Uint8Array(value), 'ArrayBuffer');
    if (value instanceof Map) return { '[Map]': this.#map(value, depth) };
    if (value instanceof Set) return { '[Set]': this.#list(value, value.size, depth) };
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === null || prototype === Object.prototype;
    const shown: Record<string, unknown> = {};
    if (value instanceof Error) shown['[Error]'] = this.#headline(value);
    else if (!isPlain) {
      const name = classOf(prototype as object);
      // Of another realm, a plain object is plain, too.
      if (name !== 'Object') shown['[class]'] = name;
    }
    return this.#fields(value, shown, depth);
  }

  #headline({ name, message }: Error): string {
    return shownText(`${name}: ${message}`, this.#limits.charactersMax);
  }

  #fields(value: object, shown: Record<string, unknown>, depth: number): Record<string, unknown> {
    const isError = value instanceof Error;
    const keys = Object.keys(value).filter((key) => !isError || !['name', 'message', 'stack'].includes(key));
    if (isError && value.cause !== undefined && !keys.includes('cause')) keys.push('cause');
    let left = this.#limits.entriesMax;
    for (const [place, key] of keys.entries()) {
      if (left-- === 0 || this.#values > this.#limits.valuesMax) {
        shown['[more]'] = counted(keys.length - place, 'more key');
        break;
      }
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      const inner = descriptor?.get === undefined ? this.show(descriptor?.value, depth + 1) : '[getter]';
      put(shown, shownText(key, 1_000), inner);
    }
    return shown;
  }

  #list(items: Iterable<unknown>, length: number, depth: number): unknown[] {
    const shown: unknown[] = [];
    for (const item of items) {
      if (shown.length === this.#limits.entriesMax || this.#values > this.#limits.valuesMax) {
        shown.push(`[${counted(length - shown.length, 'more item')}]`);
        break;
      }
      shown.push(this.show(item, depth + 1));
    }
    return shown;
  }

  /** By its keys where they are strings, as a list of pairs where they are not. */
  #map(map: Map<unknown, unknown>, depth: number): unknown {
    if (![...map.keys()].every((key) => typeof key === 'string')) return this.#list(map, map.size, depth);
    const asObject: object = Object.create(null) as object;
    for (const [key, value] of map) put(asObject as Record<string, unknown>, key as string, value);
    return this.#fields(asObject, {}, depth);
  }

  #bytes({ buffer, byteOffset, byteLength }: ArrayBufferView, name: string): unknown {
    const kept = Math.min(byteLength, this.#limits.bytesMax);
    return { [`[${name}]`]: Buffer.from(buffer, byteOffset, kept).toString('base64'), byteLength };
  }
}

function shownPrimitive(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : `[${Object.is(value, -0) ? '-0' : value}]`;
    case 'bigint':
      return `[${value}n]`;
    case 'function':
      return `[function ${value.name || '(anonymous)'}]`;
    case 'symbol':
      return `[${String(value)}]`;
    case 'undefined':
      return '[undefined]';
    default:
      return value;
  }
}

/** As an own key, even if it is called `__proto__`. */
function put(shown: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(shown, key, { value, configurable: true, enumerable: true, writable: true });
}

function classOf(prototype: object): string {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return (typeof constructor === 'function' && constructor.name) || 'without a name';
}
