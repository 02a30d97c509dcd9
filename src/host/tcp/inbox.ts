// What arrived at an end and the process has not taken: puts segments in order, and joins what lies there.

import type { Segment } from './segment.ts';

/** What one read of Node.js takes at most. */
const READ_BYTES_MAX = 65_536;

/** The receiving half of an end. */
export class Inbox {
  /** Whether the process reads. */
  isWanted = false;
  /** The peer sends nothing more. */
  hasEnd = false;
  /** The process knows that the peer sends nothing more. */
  isEndTold = false;
  consumedBytes = 0;
  readonly #early = new Map<number, Segment>();
  readonly #unread: Buffer[] = [];
  #nextSeq = 0;

  get isUnread(): boolean {
    return this.#unread.length > 0;
  }

  get isEndDue(): boolean {
    return this.hasEnd && !this.isEndTold;
  }

  /** Takes a segment. @returns those whose turn it is now. */
  inOrder(segment: Segment): Segment[] {
    if (segment.seq !== this.#nextSeq) {
      if (segment.seq > this.#nextSeq) this.#early.set(segment.seq, segment);
      return [];
    }
    const ready = [segment];
    for (;;) {
      const next = this.#early.get(++this.#nextSeq);
      if (next === undefined) return ready;
      this.#early.delete(this.#nextSeq);
      ready.push(next);
    }
  }

  add(bytes: Buffer): void {
    this.#unread.push(bytes);
  }

  /** Gives what one read gets. */
  next(bytesMax: number = READ_BYTES_MAX): Buffer {
    const limit = Math.min(bytesMax, READ_BYTES_MAX);
    const [first] = this.#unread;
    if (first !== undefined && first.length > limit) {
      this.#unread[0] = first.subarray(limit);
      this.consumedBytes += limit;
      return first.subarray(0, limit);
    }
    if (first !== undefined && this.#unread.length === 1) {
      this.#unread.length = 0;
      this.consumedBytes += first.length;
      return first;
    }
    let length = 0;
    let count = 0;
    for (const part of this.#unread) {
      if (count > 0 && length + part.length > limit) break;
      length += part.length;
      count++;
    }
    const parts = this.#unread.splice(0, count);
    this.consumedBytes += length;
    return Buffer.concat(parts, length);
  }
}
