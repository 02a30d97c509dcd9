// The operations of a history as the guarantees of sessions see them: reads and writes of keys, in the
// order of each client, and which write each read got its value from.

import { HistoryError } from '../../errors.ts';
import type { Operation } from '../../history/operation.ts';
import { checkHistory, programsOf } from '../../history/well-formed.ts';
import { checkedStep, defaultAccess, type AccessStep, type Step } from './access-step.ts';

/** How operations become reads and writes. */
export interface SessionOptions {
  /**
   * What an operation does; undefined for one that is no business of the guarantees. Default: `read` and
   * `get` read, `write`, `put` and `set` write the key `input.key`; a write has its value in `input.value`,
   * or is given nothing but that, and a read has it as its answer. An answer `{ value, version }` has both.
   */
  readonly access?: (operation: Operation) => AccessStep | undefined;
  /**
   * How much work is allowed: accesses times sessions. Default 50,000,000: some seconds, and at most 200 MB.
   */
  readonly stepsMax?: number;
}

/** A write. */
export interface Write {
  readonly kind: 'write';
  readonly operation: Operation;
  readonly key: string;
  readonly shown: string;
  /** Whose: one number for each client, and for each write of which nobody knows when it took effect. */
  readonly session: number;
  /** Which of the writes of its session, from 1. */
  readonly nth: number;
  /** Its place among all writes. */
  readonly index: number;
  /** False: nobody knows when it took effect, and what its client did next need not come after it. */
  readonly isSure: boolean;
  version: number | undefined;
}

/** A read, with what it read. */
export interface Read {
  readonly kind: 'read';
  readonly operation: Operation;
  readonly key: string;
  readonly shown: string;
  readonly session: number;
  /** Undefined: what was there before all writes. */
  from: Write | undefined;
}

export type Access = Read | Write;

/** A read that no store could have answered so. */
export interface ImpossibleRead {
  readonly read: Read;
  /** The write that came too late, or failed. */
  readonly write: Operation | undefined;
  readonly message: string;
}

/** A history of reads and writes. */
export interface Accesses {
  /** Each client's, in its order; among them writes of which nobody knows when they took effect. */
  readonly programs: readonly (readonly Access[])[];
  readonly writes: readonly Write[];
  readonly readCount: number;
  readonly sessionCount: number;
  readonly impossible: readonly ImpossibleRead[];
}

/**
 * Takes reads and writes out of a history.
 *
 * @throws {HistoryError} If the history is malformed, a client did two things at once, an operation is
 *   neither a read nor a write, or two writes of a key have one value.
 */
export function accessesOf(history: readonly Operation[], options: SessionOptions): Accesses {
  checkHistory(history);
  const steps = new Map<Operation, Step>();
  const accessOf = options.access ?? defaultAccess;
  for (const operation of history) {
    const step = accessOf(operation);
    if (step !== undefined) steps.set(operation, checkedStep(step, operation));
  }
  const placeIn = new Map(history.map((operation, i) => [operation, i]));
  const table = new WriteTable();
  const programs = new Map<string, Access[]>();
  const byClient = programsOf([...steps.keys()].filter(({ type }) => type === 'ok'));
  let sessionCount = 0;
  for (const [client, operations] of byClient) {
    const session = sessionCount++;
    let nth = 0;
    const accesses = operations.map((operation): Access => {
      const step = steps.get(operation) as Step;
      const common = { operation, session, key: step.key, shown: step.shown };
      if (step.kind === 'read') return { ...common, kind: 'read', from: undefined };
      return table.add({ ...common, kind: 'write', nth: ++nth, isSure: true, version: step.version });
    });
    programs.set(client, accesses);
  }
  const reads = [...programs.values()].flatMap((all) => all.filter((each) => each.kind === 'read'));
  const seen = new Set(reads.map(textOf));
  for (const [operation, step] of steps) {
    const { type, client } = operation;
    if (type === 'ok' || step.kind === 'read') continue;
    if (type === 'fail') table.addFailed(operation, textOf(step));
    // What nobody knows to have happened and nobody saw need not have happened.
    if (type === 'fail' || !seen.has(textOf(step))) continue;
    const { key, shown, version } = step;
    const session = sessionCount++;
    const write = table.add({
      operation,
      session,
      key,
      shown,
      kind: 'write',
      nth: 1,
      isSure: false,
      version,
    });
    const program = programs.get(client);
    if (program === undefined) programs.set(client, [write]);
    else program.splice(placeOf(operation, program, placeIn), 0, write);
  }
  const impossible = reads.flatMap((read) => table.link(read, steps.get(read.operation) as Step));
  const { writes } = table;
  return { programs: [...programs.values()], writes, readCount: reads.length, sessionCount, impossible };
}

/**
 * The place behind all that had ended before an operation began: by time, and then by the history's order.
 */
function placeOf(
  unsure: Operation,
  program: readonly Access[],
  placeIn: ReadonlyMap<Operation, number>,
): number {
  let [low, high] = [0, program.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { operation } = program[middle] as Access;
    const leftMs = unsure.invokedMs - (operation.endedMs ?? operation.invokedMs);
    const isFirst = (placeIn.get(operation) as number) < (placeIn.get(unsure) as number);
    if (leftMs > 0 || (leftMs === 0 && isFirst)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Finds the write that a read got its value from. */
class WriteTable {
  readonly writes: Write[] = [];
  readonly #byText = new Map<string, Write>();
  readonly #failed = new Map<string, Operation>();

  add(entry: Omit<Write, 'index'>): Write {
    const write: Write = { ...entry, index: this.writes.length };
    const text = textOf(write);
    const known = this.#byText.get(text);
    if (known !== undefined) {
      throw new HistoryError(
        `operations ${known.operation.id} and ${write.operation.id} both write ${write.shown} to the key ` +
          `${write.key}: expected distinct values, so that a read tells which write it saw. ` +
          'If the store tells versions, give `access` that says them, without values.',
      );
    }
    this.writes.push(write);
    this.#byText.set(text, write);
    return write;
  }

  addFailed(operation: Operation, text: string): void {
    this.#failed.set(text, operation);
  }

  /** @returns why the read is impossible, if it is. */
  link(read: Read, { isInitial, version }: Step): ImpossibleRead[] {
    const text = textOf(read);
    const write = this.#byText.get(text);
    const what = inWords(read);
    if (write === undefined) {
      if (isInitial) return [];
      const failed = this.#failed.get(text);
      const why =
        failed === undefined ? 'which nobody wrote' : `which operation ${failed.id} failed to write`;
      return [{ read, write: failed, message: `${what}, ${why}` }];
    }
    read.from = write;
    write.version ??= version;
    if (version !== undefined && version !== write.version) {
      throw new HistoryError(`${what}, as version ${version}; elsewhere that is version ${write.version}`);
    }
    if (write.operation.invokedMs <= (read.operation.endedMs ?? Number.POSITIVE_INFINITY)) return [];
    const message = `${what} before operation ${write.operation.id} began to write it`;
    return [{ read, write: write.operation, message }];
  }
}

function textOf({ key, shown }: { readonly key: string; readonly shown: string }): string {
  // The text of a value has no line breaks of its own.
  return `${shown}\n${key}`;
}

/** `c1 read 2 from "x" (operation 5)`. */
export function inWords({ kind, operation, shown, key }: Access): string {
  const what = kind === 'read' ? `read ${shown} from` : `wrote ${shown} to`;
  return `${operation.client} ${what} ${key} (operation ${operation.id})`;
}
