// Makes the mask of one report: finds secrets by their names, numbers them in the order in which it meets
// them, and knows them again wherever else they stand.

import type { Mask } from './mask.ts';
import { maskedJson, type JsonMask } from './masked-json.ts';
import { maskedText, type TextMask } from './masked-text.ts';
import { SecretNames, type MaskOptions, type Secrecy } from './secret-names.ts';

const MASKED = /^\[masked-\d+\]$/;
const SCHEME = /^((?:Bearer|Basic|Digest|Token|ApiKey)\s+)(?=\S)/i;
/** Shorter numbers under a `token` or a `session` are counters. */
const DIGITS_MIN = 6;
const WORD = /[\w+/=.~-]{6,}/g;
const PART_OF_WORD = /[\w-]{6,}/g;
/** A replay token is no secret: without it nobody could make the run again. */
const REPLAY_TOKEN = /(\bwt\d+:[\w-]{8,}\.\w+)/;
/** Secrets with spaces and the like have to be searched for one by one. */
const SEARCHED_MAX = 100;

/** Masks the secrets of one report. What was met once is known from then on: mask twice, use the second. */
export class Masker implements Mask {
  readonly #names: SecretNames;
  /** Names of the simulation, which are no secrets, whatever they stand under. */
  readonly #public: ReadonlySet<string>;
  readonly #numbers = new Map<string, number>();
  /** Those that can be told from other words, and so are masked wherever they stand. */
  readonly #known = new Set<string>();
  readonly #searched: string[] = [];
  readonly #jsonMask: JsonMask;
  readonly #textMask: TextMask;

  /** @param known - Hosts, clients, operations. */
  constructor(options: MaskOptions = {}, known: Iterable<string> = []) {
    this.#names = new SecretNames(options);
    this.#public = new Set(known);
    this.#jsonMask = {
      within: (outer, name) => this.#names.within(outer, name),
      rest: (text) => this.#text(text),
      leaf: (value, secrecy) => this.#leaf(value, secrecy),
      key: (key, secrecy) => this.#key(key, secrecy),
    };
    this.#textMask = {
      named: (name, value, isProse = false) => {
        const secrecy = this.#names.secrecyOf(name);
        // `the card: declined` tells nothing that is secret.
        if (isProse && secrecy === 'shallow' && !isTelling(value)) return value;
        return String(this.#leafOf(value, secrecy));
      },
      secret: (value) => this.#masked(value),
    };
  }

  text(text: string): string {
    if (!REPLAY_TOKEN.test(text)) return this.#text(text);
    const parts = text.split(REPLAY_TOKEN);
    return parts.map((part, i) => (i % 2 === 1 ? part : this.#text(part))).join('');
  }

  #text(text: string): string {
    const json = maskedJson(text, this.#jsonMask);
    if (json !== undefined) return json;
    return this.#again(maskedText(text, this.#textMask));
  }

  header([name, value]: readonly [name: string, value: string]): [name: string, value: string] {
    const lower = name.toLowerCase();
    const secrecy = this.#names.secrecyOf(name);
    if (secrecy !== undefined && (lower === 'cookie' || lower === 'set-cookie')) {
      return [name, this.#cookies(value, lower === 'cookie')];
    }
    return [name, String(this.#leaf(value, secrecy))];
  }

  value(value: unknown, path: readonly (string | number)[] = []): unknown {
    return this.#value(value, this.#secrecyAt(path));
  }

  path(path: readonly (string | number)[]): (string | number)[] {
    return path.map((key, i) =>
      typeof key === 'string' ? this.#key(key, this.#secrecyAt(path.slice(0, i))) : key,
    );
  }

  #secrecyAt(path: readonly (string | number)[]): Secrecy | undefined {
    let secrecy: Secrecy | undefined;
    for (const key of path) if (typeof key === 'string') secrecy = this.#names.within(secrecy, key);
    return secrecy;
  }

  #value(value: unknown, secrecy: Secrecy | undefined): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#value(item, secrecy));
    if (typeof value !== 'object' || value === null) {
      return this.#leaf(value as string | number | boolean | null, secrecy);
    }
    const masked: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const shown = this.#value(inner, this.#innerSecrecy(secrecy, key));
      const name = this.#key(key, secrecy);
      Object.defineProperty(masked, name, {
        ...{ value: shown, configurable: true, enumerable: true, writable: true },
      });
    }
    return masked;
  }

  /** What stands for a `Map` or for the name of a class is no level of its own. */
  #innerSecrecy(secrecy: Secrecy | undefined, key: string): Secrecy | undefined {
    if (key === '[Map]' || key === '[Set]') return secrecy;
    return key.startsWith('[') ? undefined : this.#names.within(secrecy, key);
  }

  #key(key: string, secrecy: Secrecy | undefined): string {
    if (secrecy !== undefined && isTelling(key) && !key.startsWith('[')) return this.#masked(key);
    return this.#again(key);
  }

  #leaf(value: string | number | boolean | null, secrecy: Secrecy | undefined): unknown {
    if (secrecy !== undefined || typeof value !== 'string') return this.#leafOf(value, secrecy);
    return this.text(value);
  }

  #leafOf(value: string | number | boolean | null, secrecy: Secrecy | undefined): unknown {
    if (secrecy === undefined || value === '' || (typeof value !== 'string' && typeof value !== 'number'))
      return value;
    const text = String(value);
    if (secrecy === 'shallow' && /^-?[\d.]*$/.test(text) && text.replace(/\D/g, '').length < DIGITS_MIN)
      return value;
    const [, scheme = ''] = SCHEME.exec(text) ?? [];
    return scheme + this.#masked(text.slice(scheme.length));
  }

  #masked(secret: string): string {
    if (secret === '' || MASKED.test(secret) || this.#public.has(secret)) return secret;
    let number = this.#numbers.get(secret);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(secret, number);
      if (isTelling(secret)) this.#remember(secret);
    }
    return `[masked-${number}]`;
  }

  #remember(secret: string): void {
    this.#known.add(secret);
    if (!/^[\w+/=.~-]+$/.test(secret) && this.#searched.length < SEARCHED_MAX) this.#searched.push(secret);
  }

  /** Masks what was a secret elsewhere. */
  #again(text: string): string {
    if (this.#known.size === 0) return text;
    let masked = text;
    for (const secret of this.#searched) {
      if (masked.includes(secret)) masked = masked.replaceAll(secret, this.#masked(secret));
    }
    return masked.replace(WORD, (word) => {
      const trimmed = word.replace(/[.,]+$/, '');
      if (this.#known.has(trimmed)) return this.#masked(trimmed) + word.slice(trimmed.length);
      return word.replace(PART_OF_WORD, (part) => (this.#known.has(part) ? this.#masked(part) : part));
    });
  }

  #cookies(text: string, isAll: boolean): string {
    const pairs = text.split(';').map((pair, i) => {
      const [, name = '', value = ''] = /^([^=]*=)(.*)$/s.exec(pair) ?? [];
      return name !== '' && (isAll || i === 0) ? name + this.#masked(value) : pair;
    });
    return pairs.join(';');
  }
}

/** Whether it can be told from a word of a language, or from a small number. */
function isTelling(secret: string): boolean {
  if (secret.length >= 12) return true;
  if (/^\d+$/.test(secret)) return secret.length >= 8;
  return secret.length >= 6 && /\d/.test(secret);
}
