// The history of one run: operations in the order of their invocation.

import type { VirtualNow } from '../time/host-clock.ts';
import type { Operation, Outcome } from './operation.ts';

/** Collects operations. */
export class History {
  readonly #time: VirtualNow;
  readonly #operations: Operation[] = [];
  /** What was last shown, until something changes: checks look at it after every step. */
  #shown: readonly Operation[] | undefined;

  constructor(time: VirtualNow) {
    this.#time = time;
  }

  /** Records that a client began. Under the id of the operation it ends. */
  invoke(client: string, name: string, input: unknown): Operation {
    const id = this.#operations.length;
    const invokedMs = this.#time.nowUs / 1000;
    const begun: Operation = { id, client, name, input: plainCopy(input), invokedMs, type: 'pending' };
    this.#operations.push(begun);
    this.#shown = undefined;
    return begun;
  }

  /** Records how it ended. */
  end(id: number, outcome: Outcome<unknown>): Operation {
    const began = this.#operations[id] as Operation;
    const ended: Operation = {
      ...began,
      type: outcome.type,
      endedMs: this.#time.nowUs / 1000,
      ...(outcome.value === undefined ? {} : { value: plainCopy(outcome.value) }),
      ...(outcome.error === undefined ? {} : { error: errorText(outcome.error) }),
    };
    this.#operations[id] = ended;
    this.#shown = undefined;
    return ended;
  }

  operations(): readonly Operation[] {
    return (this.#shown ??= Object.freeze([...this.#operations]));
  }
}

/** A copy that later changes do not reach; a `Response`, whose body is not ours to read, as its status. */
function plainCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (value instanceof Response) return { status: value.status };
  try {
    return structuredClone(value);
  } catch {
    return `(${Object.prototype.toString.call(value)} that cannot be copied)`;
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? `${error.name}: ${error.message} (${cause.message})`
    : `${error.name}: ${error.message}`;
}
