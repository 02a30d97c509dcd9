// An exploration that several machines share: each makes every how-many-eth block, and what they made is
// joined later as if one had made it.

import { OptionError } from '../errors.ts';
import type { PartReport } from '../report/document.ts';
import type { BlockResult, FoundFailure } from './block-result.ts';
import type { Block } from './blocks.ts';
import { errorData, revivedError, type ErrorData } from './error-data.ts';
import type { MakeBlocks, Task } from './make-blocks.ts';

/** Which part of an exploration is made here. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** What one machine made of an exploration, as data: as reports carry it. */
export type ExplorationPart = PartReport;

/** @throws {OptionError} If it is no such part. */
export function checkShard(shard: unknown): Shard | undefined {
  if (shard === undefined) return undefined;
  const { index, of } = (typeof shard === 'object' && shard !== null ? shard : {}) as Partial<Shard>;
  const isShard = Number.isSafeInteger(index) && Number.isSafeInteger(of);
  if (isShard && index !== undefined && of !== undefined && index >= 1 && index <= of) return { index, of };
  throw OptionError.expected('shard', '{ index, of } with whole numbers, 1 <= index <= of', shard);
}

/** The blocks that belong to a part. Parts have no block in common, and together have all. */
export function* blocksOfShard(blocks: Iterable<Block>, shard: Shard | undefined): Generator<Block> {
  for (const block of blocks) {
    if (shard === undefined || block.number % shard.of === shard.index - 1) yield block;
  }
}

/** A block as data that can be written to a file. */
interface StoredBlock<Workload = unknown> extends Omit<BlockResult<Workload>, 'error' | 'failures'> {
  readonly failures: readonly Omit<FoundFailure<Workload>, 'live'>[];
  readonly error?: ErrorData;
}

/** A result as data: without what lives in this process alone. */
export function storedBlock({ failures, error, ...result }: BlockResult): StoredBlock {
  return {
    ...result,
    failures: failures.map((found) => ({ ...found, live: undefined })),
    ...(error === undefined ? {} : { error: errorData(error) }),
  };
}

/** A result again, of what {@link storedBlock} made of it. */
export function revivedBlock<Workload>(stored: unknown): BlockResult<Workload> {
  const { error, ...result } = stored as StoredBlock<Workload>;
  const thrown = error === undefined ? {} : { error: revivedError(error) };
  return { ...result, ...thrown };
}

/** Gives the blocks that parts have, in their order, where an exploration would make them. */
export function storedBlocks<Workload>(parts: readonly ExplorationPart[]): MakeBlocks<Workload> {
  const blocks = parts.flatMap((part) => part.blocks as StoredBlock[]);
  const inOrder = blocks.toSorted((left, right) => left.number - right.number);
  return async function* (task: Task) {
    for (const block of inOrder) {
      if (task.isOver()) return;
      yield revivedBlock<Workload>(block);
    }
  };
}
