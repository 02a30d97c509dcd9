// Who joins what a fleet makes: gives blocks out, and takes their results in, in order. One process at a
// time joins an exploration; who comes later is told what it came to.

import { isLast, type BlockResult } from '../../explore/block-result.ts';
import type { Block } from '../../explore/blocks.ts';
import type { MakeBlocks, Task } from '../../explore/make-blocks.ts';
import type { ScenarioReport } from '../../report/document.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { UsageError } from '../exit-code.ts';
import type { ScenarioPlace } from '../workers/protocol.ts';
import type { Database } from './database.ts';
import { giveOutLost } from './leases.ts';
import { corpusName } from './corpus.ts';
import { close, farFrom, giveOut, keepReport, readBlocks, readRest } from './ledger.ts';
import { nameOf } from './names.ts';
import { SCHEMA } from './schema.ts';

const LOOK_EVERY_MS = 200;
/** Blocks that are given out in one exploration: more than a month of work for a large fleet. */
const BLOCKS_MAX = 200_000;
const NOBODY_AFTER_MS = 10_000;

/** An exploration that was joined before; thrown past the exploration that would join it again. */
export class AlreadyTold extends Error {
  readonly report: ScenarioReport;

  constructor(report: ScenarioReport) {
    super('The exploration was joined before.');
    this.report = report;
  }
}

/** How explorations are told apart. */
export interface JoinerOptions {
  readonly queue: string;
  /** Whatever changes what is told, besides the blocks and the code: what is masked, say. */
  readonly telling: unknown;
  /** Whether runs begin with what was news in earlier ones. */
  readonly usesCorpus: boolean;
  readonly say: (text: string) => void;
}

/** Has the blocks of explorations made by a fleet. */
export class Joiner {
  readonly #database: Database;
  readonly #options: JoinerOptions;
  #id: string | undefined;
  #release: (() => Promise<void>) | undefined;
  /** Whether everything came that was to come, so that what it comes to is final. */
  #isWhole = false;

  constructor(database: Database, options: JoinerOptions) {
    this.#database = database;
    this.#options = options;
  }

  makerOf<Workload>({ file }: ScenarioPlace, scenario: Scenario<Workload>): MakeBlocks<Workload> {
    const corpus = this.#options.usesCorpus ? corpusName(file, scenario) : undefined;
    return (task) => this.#results<Workload>(task, { file, name: scenario.name, corpus });
  }

  /** What the exploration came to is told: who joins it later tells the same. */
  async told(report: ScenarioReport): Promise<void> {
    if (this.#id !== undefined && this.#isWhole) await keepReport(this.#database, this.#id, report);
  }

  /** Lets others join the exploration. */
  async end(): Promise<void> {
    await this.#release?.();
    this.#release = undefined;
    this.#id = undefined;
    this.#isWhole = false;
  }

  async *#results<Workload>(
    task: Task,
    about: { readonly file: string; readonly name: string; readonly corpus: string | undefined },
  ): AsyncGenerator<BlockResult<Workload>> {
    const { query, lock } = this.#database;
    const { file, name, corpus } = about;
    const { queue, telling } = this.#options;
    const blocks = limited(task.blocks);
    const id = nameOf(queue, file, name, task.rules, blocks, telling, corpus);
    this.#release = await lock(`wavetank exploration ${id}`, task.signal);
    if (this.#release === undefined) return;
    const report = await giveOut(this.#database, {
      ...{ id, queue, file, blocks, corpus },
      ...{ scenario: name, rules: task.rules },
    });
    if (report !== undefined) throw new AlreadyTold(JSON.parse(report) as ScenarioReport);
    this.#id = id;
    let place = 0;
    const nobody = new Nobody(this.#database, this.#options);
    while (place < blocks.length && !task.isOver()) {
      const results = await readBlocks<Workload>(query, id, place);
      for (const result of results) {
        place++;
        // Who wants no more does not ask again.
        this.#isWhole = place === blocks.length || isLast(result, task.rules.bail);
        if (this.#isWhole) await close(query, id);
        yield result;
      }
      if (results.length > 0) continue;
      await giveOutLost(this.#database);
      await nobody.look();
      task.onProgress(await farFrom(query, id, place));
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    if (this.#isWhole) return;
    // After an interrupt the fleet goes on, and somebody joins it later.
    if (task.signal?.aborted !== true) await close(query, id);
    yield* await readRest<Workload>(query, id, place);
  }
}

function limited(blocks: Iterable<Block>): Block[] {
  const all: Block[] = [];
  for (const block of blocks) {
    if (all.length === BLOCKS_MAX) {
      throw new UsageError('A fleet explores so many runs as it is told: give it --runs, at most 10000000.');
    }
    all.push(block);
  }
  return all;
}

/** Says once that nobody is at work. */
class Nobody {
  readonly #database: Database;
  readonly #options: JoinerOptions;
  #nextMs = performance.now() + NOBODY_AFTER_MS;

  constructor(database: Database, options: JoinerOptions) {
    this.#database = database;
    this.#options = options;
  }

  async look(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + NOBODY_AFTER_MS;
    const { queue, say } = this.#options;
    const [row] = await this.#database.query(
      `select count(*)::integer as workers from ${SCHEMA}.lease where queue = $1 and until > now()`,
      [queue],
    );
    if (row?.workers !== 0) return;
    this.#nextMs = Number.POSITIVE_INFINITY;
    say(
      'No worker is there: start `wavetank fleet work` on some machines, with the same --database and the ' +
        'same --revision.\n',
    );
  }
}
