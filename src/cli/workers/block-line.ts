// The blocks of one exploration on their way: which is made next, and their results in their order, whoever
// was done first.

import { isLast, type BlockResult } from '../../explore/block-result.ts';
import type { Block } from '../../explore/blocks.ts';
import type { Task } from '../../explore/make-blocks.ts';

/** Results that may wait for an earlier one: if that takes for ever, the memory is not filled meanwhile. */
const WAITING_MAX = 1_000;

/** A block, and its place among those that are made. */
export interface Job {
  readonly place: number;
  readonly block: Block;
}

/** Hands blocks out and takes results in. */
export class BlockLine<Workload> {
  readonly #task: Task;
  readonly #blocks: Iterator<Block>;
  readonly #results = new Map<number, BlockResult<Workload>>();
  #taken = 0;
  #given = 0;
  /** The place of the block after which none counts. */
  #lastPlace = Number.POSITIVE_INFINITY;
  #error: unknown;
  #hasFailed = false;
  #wake: () => void = () => {};
  /** Nobody wants results any more. */
  isClosed = false;

  constructor(task: Task) {
    this.#task = task;
    this.#blocks = task.blocks[Symbol.iterator]();
  }

  /** Whether a block of that place is still wanted. */
  wants(place: number): boolean {
    return !this.isClosed && !this.#hasFailed && place <= this.#lastPlace;
  }

  /** The next block; undefined where no further one is to be made. */
  take(): Job | undefined {
    if (!this.wants(this.#taken) || this.#task.isOver() || this.#results.size >= WAITING_MAX)
      return undefined;
    const { done, value } = this.#blocks.next();
    return done === true ? undefined : { place: this.#taken++, block: value };
  }

  put(place: number, result: BlockResult<Workload>): void {
    this.#results.set(place, result);
    if (isLast(result, this.#task.rules.bail)) this.#lastPlace = Math.min(this.#lastPlace, place);
    this.#wake();
  }

  /** Nothing can be made. */
  fail(error: unknown): void {
    this.#error ??= error;
    this.#hasFailed = true;
    this.#wake();
  }

  /** What waits to be given. */
  waiting(): Iterable<BlockResult<Workload>> {
    return this.#results.values();
  }

  /** @param made - Settles when nobody makes anything any more. */
  async *results(made: Promise<unknown>): AsyncGenerator<BlockResult<Workload>> {
    let isMade = false;
    const isOver = (): void => {
      isMade = true;
      this.#wake();
    };
    void made.finally(isOver);
    for (;;) {
      const next = this.#results.get(this.#given);
      if (next !== undefined) {
        this.#results.delete(this.#given++);
        yield next;
      } else if (this.#hasFailed) {
        throw this.#error;
      } else if (isMade) {
        break;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
    // It was over before some were made that had been begun: what is there counts.
    const places = [...this.#results.keys()].toSorted((left, right) => left - right);
    for (const place of places) yield this.#results.get(place) as BlockResult<Workload>;
  }
}
