// The worker processes of one call of the command line: shares the blocks of explorations out among them,
// replaces those that end, and finds out which run ended them.

import { EnvironmentError } from '../../errors.ts';
import type { BlockResult, Death } from '../../explore/block-result.ts';
import { revivedError } from '../../explore/error-data.ts';
import type { Far, MakeBlocks, Task } from '../../explore/make-blocks.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { BlockLine, type Job } from './block-line.ts';
import { deathOf, isProven } from './death.ts';
import { isInRun } from './position.ts';
import type { ScenarioPlace } from './protocol.ts';
import { heapMbOf } from './worker-memory.ts';
import { WorkerProcess, type Ending, type Reply } from './worker-process.ts';

const GROW_AFTER_MS = 300;
/** Real milliseconds that a worker is given to end a run that nobody wants any more. */
const GRACE_MS = 1_000;
/** Ends of one worker after another in the same block, and before a scenario is open. */
const ENDINGS_MAX = 50;
const OPENINGS_MAX = 3;
const NOTHING: Far = { runs: 0, virtualUs: 0 };

/** What all who make the blocks of one exploration have to know. */
interface Order {
  readonly task: Task;
  readonly place: ScenarioPlace;
  readonly blockedMsMax: number;
  readonly line: BlockLine<unknown>;
  readonly onFar: () => void;
  readonly onPut: () => void;
}

/** Options of a {@link Crew}. */
interface CrewOptions {
  /** Real milliseconds of work until more than one is started. Default 300: most explorations are short. */
  readonly growAfterMs?: number;
  /** What the heap of each may grow to. Default: they share half of the memory there is. */
  readonly heapMb?: number;
  /**
   * Real milliseconds that a run may keep its process from anything. Default: two seconds, and four times
   * what hosts are given.
   */
  readonly blockedMs?: number;
}

/** Several worker processes. */
export class Crew {
  readonly #seats: readonly Seat[];
  readonly #growAfterMs: number;
  readonly #blockedMs: number | undefined;

  /** @param workers - How many, at least 1. They are started when they are needed. */
  constructor(workers: number, options: CrewOptions = {}) {
    const { heapMb = heapMbOf(workers) } = options;
    this.#seats = Array.from({ length: workers }, () => new Seat(heapMb));
    this.#growAfterMs = options.growAfterMs ?? GROW_AFTER_MS;
    this.#blockedMs = options.blockedMs;
  }

  /** Has the blocks of a scenario made by the workers. */
  makerOf<Workload>(place: ScenarioPlace, { limits }: Scenario<Workload>): MakeBlocks<Workload> {
    // The guard inside a worker stops what it can after `hangMs`, and gives it four times as long where the
    // machine was busy.
    const blockedMsMax = this.#blockedMs ?? 2_000 + 4 * limits.hangMs;
    return (task) => this.#make(task, place, blockedMsMax) as AsyncGenerator<BlockResult<Workload>>;
  }

  /** The processes that live. */
  get pids(): number[] {
    return this.#seats.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Ends all workers at once. */
  kill(): void {
    for (const seat of this.#seats) seat.kill();
  }

  async *#make(task: Task, place: ScenarioPlace, blockedMsMax: number): AsyncGenerator<BlockResult> {
    const line = new BlockLine<unknown>(task);
    const onFar = (): void => task.onProgress(this.#far(line));
    const onPut = (): void => {
      for (const seat of this.#seats) seat.stopUnwanted();
    };
    const order: Order = { task, place, blockedMsMax, line, onFar, onPut };
    const stop = (): void => {
      for (const seat of this.#seats) seat.stop();
    };
    task.signal?.addEventListener('abort', stop, { once: true });
    const made = this.#work(order);
    try {
      yield* line.results(made);
    } finally {
      task.signal?.removeEventListener('abort', stop);
      line.isClosed = true;
      stop();
    }
  }

  /** Settles when no seat works on the order any more. */
  async #work(order: Order): Promise<void> {
    const [first, ...others] = this.#seats;
    const working: Promise<void>[] = [];
    let grown: NodeJS.Timeout | undefined;
    const begin = (seat: Seat): void => {
      working.push(seat.work(order).catch((error: unknown) => order.line.fail(error)));
    };
    const grow = (): void => {
      for (const seat of others) if (!order.line.isClosed) begin(seat);
    };
    if (first !== undefined) begin(first);
    const isLong = others.some(({ pid }) => pid !== undefined);
    const grows = new Promise<void>((resolve) => {
      if (isLong || this.#growAfterMs === 0) return resolve(grow());
      grown = setTimeout(() => resolve(grow()), this.#growAfterMs);
      void working[0]?.then(resolve);
    });
    await grows;
    clearTimeout(grown);
    await Promise.all(working);
  }

  #far(line: BlockLine<unknown>): Far {
    let { runs, virtualUs } = NOTHING;
    for (const { tally } of line.waiting()) {
      runs += tally.runs;
      virtualUs += tally.virtualUs;
    }
    for (const { far } of this.#seats) {
      runs += far.runs;
      virtualUs += far.virtualUs;
    }
    return { runs, virtualUs };
  }
}

/** The place of one worker after another. */
class Seat {
  readonly #heapMb: number | undefined;
  #process: WorkerProcess | undefined;
  #opened: Order | undefined;
  /** What it makes at this moment. */
  #job: { readonly order: Order; readonly job: Job } | undefined;
  #work: Promise<void> = Promise.resolve();
  #grace: NodeJS.Timeout | undefined;
  /** How far it is with its block. */
  far: Far = NOTHING;

  constructor(heapMb: number | undefined) {
    this.#heapMb = heapMb;
  }

  get pid(): number | undefined {
    return this.#process?.ending === undefined ? this.#process?.pid : undefined;
  }

  start(): WorkerProcess {
    if (this.#process?.ending === undefined && this.#process !== undefined) return this.#process;
    this.#opened = undefined;
    const onFar = (far: Far): void => {
      this.far = far;
      this.#opened?.onFar();
    };
    this.#process = new WorkerProcess({ heapMb: this.#heapMb, onFar: (message) => onFar(message.far) });
    return this.#process;
  }

  kill(): void {
    this.#process?.kill();
  }

  /** No further run of its block begins; who does not come to an end is killed. */
  stop(): void {
    if (this.#job === undefined) return;
    this.#process?.tell({ kind: 'stop' });
    this.#grace ??= setTimeout(() => this.#process?.kill(), GRACE_MS);
  }

  /** After a failure that ends the exploration, later blocks are of no use. */
  stopUnwanted(): void {
    if (this.#job !== undefined && this.#isUnwanted(this.#job.order, this.#job.job)) this.stop();
  }

  /** Makes blocks until none is left. */
  async work(order: Order): Promise<void> {
    // What it was told to stop for another exploration may take a moment.
    const before = this.#work;
    this.#work = (async () => {
      await before.catch(() => {});
      for (;;) {
        const job = order.line.take();
        if (job === undefined) return;
        this.#job = { order, job };
        try {
          const result = await this.#made(order, job);
          this.far = NOTHING;
          if (result !== undefined) order.line.put(job.place, result);
          order.onPut();
        } finally {
          this.#job = undefined;
          clearTimeout(this.#grace);
          this.#grace = undefined;
        }
      }
    })();
    return this.#work;
  }

  /** Makes a block, with as many workers as it takes; undefined where nobody wants it any more. */
  async #made(order: Order, job: Job): Promise<BlockResult | undefined> {
    const deaths = new Map<number, Death>();
    const met = new Map<number, number>();
    let suspect: number | undefined;
    for (let endings = 0; ; endings++) {
      const worker = await this.#ready(order);
      if (worker === undefined || this.#isUnwanted(order, job)) return undefined;
      const known = { deaths: [...deaths], ...(suspect === undefined ? {} : { suspect }) };
      const making = { kind: 'make', block: job.block, leftMs: order.task.leftMs(), ...known } as const;
      const reply = await worker.ask(making, order.blockedMsMax);
      if (reply.kind === 'made') return this.#taken(reply);
      if (reply.kind !== 'ended') throw new Error(`A worker answered ${reply.kind}.`);
      if (this.#isUnwanted(order, job)) return undefined;
      const { run } = reply.position;
      if (endings >= ENDINGS_MAX || !isInRun(reply.position)) {
        if (endings >= OPENINGS_MAX) throw lostWorker(reply, `drew the inputs of block ${job.block.number}`);
        continue;
      }
      const times = (met.get(run) ?? 0) + 1;
      met.set(run, times);
      // Once more, and each of its steps is told, so that it is known where it dies.
      if (suspect !== run || !isProven(reply, times)) suspect = run;
      else {
        deaths.set(run, deathOf(reply));
        suspect = undefined;
      }
    }
  }

  #taken({ result, error, isTired }: Reply & { kind: 'made' }): BlockResult {
    // What grew in many runs is no fault of the next one.
    if (isTired) this.kill();
    if (isTired) this.#process = undefined;
    return error === undefined ? result : { ...result, error: revivedError(error) };
  }

  #isUnwanted({ task, line }: Order, { place }: Job): boolean {
    return !line.wants(place) || task.signal?.aborted === true;
  }

  /** A worker that has the scenario open; undefined where it is not needed any more. */
  async #ready(order: Order): Promise<WorkerProcess | undefined> {
    for (let openings = 1; ; openings++) {
      const worker = this.start();
      if (this.#opened === order) return worker;
      this.#opened = order;
      const { place, task, blockedMsMax } = order;
      const reply = await worker.ask({ kind: 'open', ...place, rules: task.rules }, blockedMsMax);
      if (reply.kind === 'opened') return worker;
      this.#opened = undefined;
      if (reply.kind === 'refused') throw revivedError(reply.error);
      if (order.line.isClosed || task.signal?.aborted === true) return undefined;
      if (reply.kind === 'ended' && openings >= OPENINGS_MAX) throw lostWorker(reply, `loaded ${place.file}`);
    }
  }
}

function lostWorker({ code, signal, lastWords }: Ending, doing: string): EnvironmentError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const words = lastWords.trim() === '' ? '' : `\n  It said last: ${lastWords.trim()}`;
  return new EnvironmentError(`A worker process ended while it ${doing}: ${how}.${words}`);
}
