// Masks the secrets in JSON text in place: the text may be cut, and all else in it stays to the letter.

import type { Secrecy } from './secret-names.ts';

/** What the walker asks of a masker. */
export interface JsonMask {
  /** How secret what stands under a name is, within an object that is so secret. */
  within(outer: Secrecy | undefined, name: string): Secrecy | undefined;
  /** A string, a number, or a word of JSON. */
  leaf(value: string | number | boolean | null, secrecy: Secrecy | undefined): unknown;
  /** What follows the JSON. */
  rest(text: string): string;
  /** A key of an object that is so secret. */
  key(key: string, secrecy: Secrecy | undefined): string;
}

interface Open {
  readonly isObject: boolean;
  readonly secrecy: Secrecy | undefined;
  /** Of what stands under the key that was read last. */
  inner: Secrecy | undefined;
  isAtKey: boolean;
}

const TOKEN = /\s+|[{}[\],:]|"(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*|true|false|null|\w+$/y;

/** @returns Undefined for what is no JSON object or list, nor the beginning of one. */
export function maskedJson(text: string, mask: JsonMask): string | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const walk = new Walk(mask);
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const [token] = TOKEN.exec(text) ?? [];
    // Text that was cut ends with a note of how much.
    if (token === undefined) return walk.hasKeys ? walk.masked + mask.rest(text.slice(at)) : undefined;
    walk.take(token);
    at += token.length;
  }
  return walk.masked;
}

class Walk {
  masked = '';
  hasKeys = false;
  readonly #mask: JsonMask;
  readonly #open: Open[] = [];

  constructor(mask: JsonMask) {
    this.#mask = mask;
  }

  take(token: string): void {
    const top = this.#open.at(-1);
    const secrecy = top?.isObject === true ? top.inner : top?.secrecy;
    if (token === '{' || token === '[') {
      this.#open.push({ isObject: token === '{', secrecy, inner: undefined, isAtKey: token === '{' });
    } else if (token === '}' || token === ']') this.#open.pop();
    else if (token === ',' && top?.isObject === true) top.isAtKey = true;
    this.masked += /^[\s{}[\],:]/.test(token) ? token : this.#word(token, top, secrecy);
  }

  #word(token: string, top: Open | undefined, secrecy: Secrecy | undefined): string {
    const value = valueOf(token);
    if (top?.isObject !== true || !top.isAtKey) return written(token, value, this.#mask.leaf(value, secrecy));
    const key = String(value);
    top.inner = this.#mask.within(top.secrecy, key);
    top.isAtKey = false;
    this.hasKeys = true;
    return written(token, key, this.#mask.key(key, top.secrecy));
  }
}

function valueOf(token: string): string | number | boolean | null {
  try {
    return JSON.parse(token) as string | number | boolean | null;
  } catch {
    // It was cut in the middle.
    return token.replace(/^"/, '');
  }
}

function written(token: string, value: unknown, masked: unknown): string {
  return masked === value ? token : JSON.stringify(masked);
}
