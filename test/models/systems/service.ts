// A service that keeps an object on the disk of its host: the careful way, and with one mistake out of a
// list.

import { handler, type Disk, type Host, type HostDefinition } from '../../../src/index.ts';

/** How the object of a model is really kept. Written without the model: the two are compared. */
export interface Kept<State, Input, Output> {
  /** Plain data. */
  initial(): State;
  /** Does what is asked, in place, and answers. */
  apply(state: State, input: Input): Output;
  /** Whether an operation changes nothing. Needed for the mistake `answers reads from a cache`. */
  reads?(input: Input): boolean;
}

/** What programmers do wrong. */
export type Mistake =
  | 'answers before it syncs'
  | 'takes a repeated request for a new one'
  | 'remembers requests in memory'
  | 'remembers a request before its effect'
  | 'takes no lock'
  | 'answers reads from a cache';

/** What is sent for each operation; the id is the same when it is sent again. */
export interface Asked<Input> {
  readonly id: string;
  readonly input: Input;
}

/** How long the work on a request takes, in virtual milliseconds: another request may come meanwhile. */
const WORK_MS = 3;
/** How long what is put off waits. */
const LATER_MS = 25;
const CACHED_MS = 60;

/**
 * The host `server`, which answers operations on an object.
 *
 * @param changed - Told of the state after each operation, before it is answered: to tell other hosts.
 */
export function service<State, Input, Output>(
  kept: Kept<State, Input, Output>,
  mistake?: Mistake,
  changed?: (host: Host, state: State) => void,
): { readonly server: HostDefinition } {
  return {
    server: handler((host) => {
      const keeper = new Keeper(kept, { host, mistake, changed });
      return async (request) => {
        const asked = (await request.json()) as Asked<Input>;
        return Response.json({ output: await keeper.answer(asked) });
      };
    }),
  };
}

interface KeeperOptions<State> {
  readonly host: Host;
  readonly mistake: Mistake | undefined;
  readonly changed: ((host: Host, state: State) => void) | undefined;
}

class Keeper<State, Input, Output> {
  readonly #kept: Kept<State, Input, Output>;
  readonly #disk: Disk;
  readonly #changed: (state: State) => void;
  readonly #mistake: Mistake | undefined;
  readonly #exclusively = exclusive();
  /** The answers to requests, for the keeper that remembers them in memory. */
  readonly #answers = new Map<string, Output>();
  #cache: { readonly state: State; readonly untilMs: number } | undefined;

  constructor(kept: Kept<State, Input, Output>, { host, mistake, changed }: KeeperOptions<State>) {
    this.#kept = kept;
    this.#disk = host.disk;
    this.#changed = (state) => changed?.(host, state);
    this.#mistake = mistake;
  }

  answer(asked: Asked<Input>): Promise<Output> | Output {
    if (this.#mistake === 'answers reads from a cache' && this.#kept.reads?.(asked.input) === true) {
      return this.#kept.apply(this.#cached(), asked.input);
    }
    if (this.#mistake === 'takes no lock') return this.#work(asked);
    return this.#exclusively(() => this.#work(asked));
  }

  async #work({ id, input }: Asked<Input>): Promise<Output> {
    const before = this.#remembered(id);
    if (before !== undefined) return before.output;
    const state = this.#load();
    if (this.#mistake === 'remembers a request before its effect') {
      this.#disk.put(`answer ${id}`, { output: this.#kept.apply(structuredClone(state), input) });
      this.#disk.sync();
      await pause(LATER_MS);
    }
    await pause(WORK_MS);
    const output = this.#kept.apply(state, input);
    this.#disk.put('state', state);
    if (this.#mistake === 'remembers requests in memory') this.#answers.set(id, output);
    else if (this.#mistake !== 'takes a repeated request for a new one')
      this.#disk.put(`answer ${id}`, { output });
    if (this.#mistake === 'answers before it syncs') setTimeout(() => this.#disk.sync(), LATER_MS);
    else this.#disk.sync();
    this.#changed(state);
    return output;
  }

  #remembered(id: string): { readonly output: Output } | undefined {
    if (this.#answers.has(id)) return { output: this.#answers.get(id) as Output };
    return this.#disk.get(`answer ${id}`) as { readonly output: Output } | undefined;
  }

  #load(): State {
    return (this.#disk.get('state') as State | undefined) ?? this.#kept.initial();
  }

  #cached(): State {
    const nowMs = performance.now();
    if (this.#cache === undefined || this.#cache.untilMs < nowMs) {
      this.#cache = { state: this.#load(), untilMs: nowMs + CACHED_MS };
    }
    return this.#cache.state;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs one piece of work after the other. */
export function exclusive(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine;
    return mine;
  };
}

/** A host on which a service of one's own answers each operation; for mistakes that are not in the list. */
export function ownService<Input, Output>(
  open: (host: Host) => (asked: Asked<Input>) => Promise<Output> | Output,
): { readonly server: HostDefinition } {
  return {
    server: handler((host) => {
      const answer = open(host);
      return async (request) => {
        const output = await answer((await request.json()) as Asked<Input>);
        return Response.json({ output });
      };
    }),
  };
}
