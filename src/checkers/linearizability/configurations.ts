// The configurations that a search has been in: which operations have taken effect, and the state they left.
// Going on from one a second time would find nothing new (Lowe, 2017).

import { canonicalText } from '../canonical-text.ts';

/**
 * A set of small integers that grows from below: almost all members lie under a base that moves up. So a set
 * of a hundred thousand operations, of which ten are open, takes one word.
 */
export class GrowingSet {
  readonly #words: Uint32Array;
  /** All integers below are members. */
  base = 0;
  /** No integer from here on is a member. */
  top = 0;

  constructor(size: number) {
    this.#words = new Uint32Array((size >>> 5) + 1);
  }

  add(member: number): void {
    const words = this.#words;
    words[member >>> 5] = (words[member >>> 5] as number) | (1 << (member & 31));
    if (member >= this.top) this.top = member + 1;
    while (((words[this.base >>> 5] as number) >>> (this.base & 31)) & 1) this.base++;
  }

  /** Takes a member out again; `base` and `top` are those from before it was added. */
  remove(member: number, base: number, top: number): void {
    const words = this.#words;
    words[member >>> 5] = (words[member >>> 5] as number) & ~(1 << (member & 31));
    this.base = base;
    this.top = top;
  }

  /** The word in which the members stop being all there are. */
  get firstWord(): number {
    return this.base >>> 5;
  }

  /** The word behind the last that has a member. */
  get lastWord(): number {
    return Math.max(this.firstWord, (this.top + 31) >>> 5);
  }

  /**
   * Writes the words in between that are not what they mostly are, each behind its place.
   *
   * @param usual - All members, where an operation that stays open for long leaves only itself out; none,
   *   where hardly any take effect.
   * @returns how many words that are.
   */
  write(records: Uint32Array, at: number, usual: number): number {
    let next = at;
    for (let i = this.firstWord; i < this.lastWord; i++) {
      const word = this.#words[i] as number;
      if (word === usual) continue;
      records[next++] = i;
      records[next++] = word;
    }
    return next - at;
  }
}

const ALL_MEMBERS = 0xffffffff;
const NO_MEMBER = 0;

/** The words of a record before those of its sets: state, where what is usual changes, how long they are. */
const HEAD_WORDS = 5;

/**
 * Remembers configurations, each as a record in one long array: a million of them take some 30 MB, and
 * nothing for the collector of garbage to look at.
 */
export class Configurations {
  #records = new Uint32Array(1 << 8);
  #used = 0;
  /** Where the record of a hash begins, plus one; 0 where there is none. */
  #table = new Uint32Array(1 << 6);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many words they take. */
  get words(): number {
    return this.#used;
  }

  /** @returns false if it was there before. */
  add(certain: GrowingSet, uncertain: GrowingSet, state: number): boolean {
    const start = this.#used;
    const length = this.#write(certain, uncertain, state);
    const mask = this.#table.length - 1;
    let slot = this.#hashOf(start, length) & mask;
    for (let known = this.#table[slot] as number; known !== 0; known = this.#table[slot] as number) {
      if (this.#areEqual(known - 1, start, length)) return false;
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = start + 1;
    this.#used += length;
    this.#size++;
    if (this.#size * 2 > this.#table.length) this.#growTable();
    return true;
  }

  /** Writes a record behind the last one. @returns its length. */
  #write(certain: GrowingSet, uncertain: GrowingSet, state: number): number {
    const start = this.#used;
    const wordsMax = certain.lastWord - certain.firstWord + uncertain.lastWord - uncertain.firstWord;
    if (start + HEAD_WORDS + 2 * wordsMax > this.#records.length) {
      const longer = new Uint32Array(2 * (start + HEAD_WORDS + 2 * wordsMax));
      longer.set(this.#records);
      this.#records = longer;
    }
    const records = this.#records;
    records[start] = state;
    records[start + 1] = certain.lastWord;
    records[start + 2] = uncertain.firstWord;
    const certainWords = certain.write(records, start + HEAD_WORDS, ALL_MEMBERS);
    const uncertainWords = uncertain.write(records, start + HEAD_WORDS + certainWords, NO_MEMBER);
    records[start + 3] = certainWords;
    records[start + 4] = uncertainWords;
    return HEAD_WORDS + certainWords + uncertainWords;
  }

  #hashOf(start: number, length: number): number {
    let hash = 0x9e3779b1;
    for (let i = start; i < start + length; i++) {
      hash = Math.imul(hash ^ (this.#records[i] as number), 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    return hash >>> 0;
  }

  /** Records of other lengths differ in their heads. */
  #areEqual(left: number, right: number, length: number): boolean {
    const records = this.#records;
    for (let i = 0; i < length; i++) if (records[left + i] !== records[right + i]) return false;
    return true;
  }

  #growTable(): void {
    const table = new Uint32Array(2 * this.#table.length);
    const records = this.#records;
    for (let start = 0; start < this.#used;) {
      const length = HEAD_WORDS + (records[start + 3] as number) + (records[start + 4] as number);
      let slot = this.#hashOf(start, length) & (table.length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = start + 1;
      start += length;
    }
    this.#table = table;
  }
}

/** Gives equal states equal numbers. */
export class States {
  /** Apart, so that a text is not taken for the object that it describes. */
  readonly #primitives = new Map<unknown, number>();
  readonly #objects = new Map<string, number>();
  #size = 0;

  numberOf(state: unknown): number {
    if (typeof state === 'object' && state !== null) {
      const text = canonicalText(state);
      let number = this.#objects.get(text);
      if (number === undefined) this.#objects.set(text, (number = this.#size++));
      return number;
    }
    let number = this.#primitives.get(state);
    if (number === undefined) this.#primitives.set(state, (number = this.#size++));
    return number;
  }
}
