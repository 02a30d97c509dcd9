// The corpus that explorations leave for the next ones: when it is used, that it is kept and bounded, and
// what becomes of a file that cannot be used.

import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { Crew } from '../../../src/cli/workers/crew.ts';
import { exploreWith } from '../../../src/explore/explore.ts';
import { CorpusFile } from '../../../src/explore/memory/corpus-file.ts';
import { ExplorationCorpus } from '../../../src/explore/memory/exploration-corpus.ts';
import type { Entry } from '../../../src/explore/corpus/entry.ts';
import {
  calmPlan,
  CheckFailure,
  defineScenario,
  explore,
  handler,
  swarm,
  type ExploreOptions,
  type FaultBudget,
  type Scenario,
} from '../../../src/index.ts';
import { sometimes } from '../../../src/markers.ts';
import { folderWith, run, wavetank } from '../../cli/command.ts';
import * as many from '../workers/many.sim.ts';

const parent = realpathSync(mkdtempSync(join(tmpdir(), 'wavetank-corpus-')));
const home = process.cwd();
const before = { ...process.env };
after(() => {
  process.chdir(home);
  process.env = before;
  rmSync(parent, { recursive: true, force: true });
});
beforeEach(() => {
  process.env = { ...before };
  process.chdir(mkdtempSync(join(parent, 'case-')));
});

const drops = swarm({ drop: true, delay: true, crash: ['door'] });

/** Doors, some of which may stay shut. */
function doors(rest: { name?: string; faults?: FaultBudget; isFailing?: boolean } = {}): Scenario<number> {
  const { name = 'Doors & more', faults = drops, isFailing = false } = rest;
  const scenario = defineScenario<number>({
    name,
    hosts: { door: handler(() => () => new Response('open')) },
    faults,
    workload: fc.integer({ min: 1, max: 4 }),
    async drive(world, count) {
      await world.client('guest', async (client) => {
        for (let i = 0; i < count; i++) {
          const ask = (): Promise<Response> => fetch(`http://door/${i}`, { signal: AbortSignal.timeout(50) });
          const { type } = await client.operation('open', i, ask);
          if (type !== 'ok') sometimes(`door ${i} stays shut`);
        }
      });
    },
    never: isFailing ? { 'the second door stays shut': (world) => world.history[1]?.type === 'info' } : {},
  });
  return { ...scenario, file: join(process.cwd(), 'doors.sim.ts') };
}

const used: ExploreOptions = { corpus: 'use', strategy: 'feedback', runs: 60, vacuity: false };
const folder = join('.wavetank', 'corpus');

function files(): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name !== '.gitignore') : [];
}

function path(): string {
  const [name = ''] = files();
  return join(folder, name);
}

interface Stored {
  readonly explorations: number;
  readonly entries: Entry[];
}

const stored = (): Stored => JSON.parse(readFileSync(path(), 'utf8')) as Stored;

/** Features in the file. */
const shown = (): Set<number> => new Set(stored().entries.flatMap(({ shows }) => shows));

function entry(show: number, rest: Partial<Entry> = {}): Entry {
  return { plan: calmPlan, seed: 1, workload: { seed: 1, nth: 0 }, why: 'x', shows: [show], ...rest };
}

describe('the corpus of a scenario', () => {
  test('is kept out of git, and the next exploration begins with it, at the next seed', async () => {
    const first = await explore(doors(), used);
    assert.deepEqual(files().length, 1);
    assert.match(path(), /doors-more-[0-9a-f]{16}\.json$/);
    assert.equal(readFileSync(join(folder, '.gitignore'), 'utf8'), '*\n');
    const { entries, explorations } = stored();
    assert.equal(explorations, 1);
    assert.ok(entries.length > 2);
    assert.deepEqual([first.seed, first.remarks?.length], [1, 1]);
    const told = `began with 0 runs that were news before, and found ${entries.length} more: ${path()}`;
    assert.equal(String(first.remarks), told);
    const known = shown();
    const second = await explore(doors(), used);
    assert.equal(second.seed, 2);
    assert.match(String(second.remarks), new RegExp(`^began with ${entries.length} runs that were news`));
    assert.equal(stored().explorations, 2);
    for (const feature of known) assert.ok(shown().has(feature));
  });

  test('and options make the same runs, and the same file', async () => {
    await explore(doors(), used);
    cpSync('.wavetank', 'before', { recursive: true });
    const once = await explore(doors(), used);
    const left = readFileSync(path(), 'utf8');
    rmSync('.wavetank', { recursive: true });
    cpSync('before', '.wavetank', { recursive: true });
    assert.deepEqual(await explore(doors(), used), once);
    assert.equal(readFileSync(path(), 'utf8'), left);
    rmSync('.wavetank', { recursive: true });
    const without = await explore(doors(), { ...used, corpus: 'off', seed: 2 });
    assert.notEqual(without.steps, once.steps, 'the corpus makes a difference');
  });

  test('is neither read nor written unless it is wanted', async () => {
    const { corpus: _, ...plain } = used;
    const one = await explore(doors(), plain);
    assert.deepEqual([one.remarks, existsSync('.wavetank')], [undefined, false]);
    process.env.WAVETANK_CORPUS = 'use';
    await explore(doors(), plain);
    assert.equal(files().length, 1);
    process.env.WAVETANK_CORPUS = '';
    assert.deepEqual(await explore(doors(), plain), one);
    process.env.WAVETANK_CORPUS = 'use';
    assert.deepEqual(await explore(doors(), { ...plain, corpus: 'off' }), one);
    assert.equal(stored().explorations, 1);
  });

  test('is not used where the same runs are wanted each time, and a line says why', async () => {
    const { corpus: _, ...plain } = used;
    const cases: [ExploreOptions, Record<string, string>, RegExp][] = [
      [{ seed: 5 }, {}, /with a seed the same runs are made each time$/],
      [{}, { WAVETANK_SEED: '5' }, /with a seed/],
      [{}, { CI: 'true', GITHUB_SHA: 'a'.repeat(40) }, /in CI the runs depend on nothing but the commit$/],
      [{ environment: false }, { CI: '1' }, /in CI/],
      [{ shard: { index: 1, of: 2 } }, {}, /a shard makes its part of the same runs as the others$/],
      [{ strategy: 'pct' }, {}, /the strategy pct learns nothing; .*portfolio.*feedback do$/],
    ];
    await explore(doors(), used);
    const left = readFileSync(path(), 'utf8');
    for (const [options, env, said] of cases) {
      process.env = { ...before, ...env };
      const wanted = await explore(doors(), { ...used, ...options });
      const { remarks, ...rest } = wanted;
      assert.match(String(remarks), said);
      assert.match(String(remarks), /^no corpus was used: /);
      assert.deepEqual(rest, await explore(doors(), { ...plain, ...options }));
      assert.equal(readFileSync(path(), 'utf8'), left);
    }
    process.env = { ...before };
    const { remarks } = await explore({ ...doors(), file: undefined }, used);
    assert.match(String(remarks), /unknown which file the scenario is in/);
  });

  test('is refused where the wish for it is none', async () => {
    const wrong = { ...used, corpus: 'yes' as 'use' };
    await assert.rejects(explore(doors(), wrong), {
      code: 'WT_OPTION',
      message: 'Expected `corpus` to be "use" or "off", got `"yes"` (string).',
    });
    process.env.WAVETANK_CORPUS = '1';
    await assert.rejects(explore(doors()), /Expected `WAVETANK_CORPUS` to be "use" or "off", got `"1"`/);
  });

  test('is kept by an exploration that fails, and told of beside the failure', async () => {
    const scenario = doors({ isFailing: true });
    const came: unknown = await explore(scenario, used).catch((error: unknown) => error);
    assert.ok(came instanceof CheckFailure);
    assert.match(came.message, /began with 0 runs that were news before, and\s+found \d+ more/);
    assert.ok(stored().entries.length > 0);
    assert.match(String(came.exploration?.remarks), /began with 0 runs/);
  });

  test('belongs to its file and name', async () => {
    const scenario = doors();
    await explore(scenario, used);
    await explore(doors({ name: 'doors & MORE' }), used);
    await explore({ ...scenario, file: join(process.cwd(), 'other', 'doors.sim.ts') }, used);
    assert.equal(files().length, 3);
    assert.equal(new Set(files().map((name) => name.toLowerCase())).size, 3);
  });
});

test('worker processes begin with the same corpus, and find the same', async () => {
  const source = fileURLToPath(new URL('../workers/many.sim.ts', import.meta.url));
  // Workers are started in this folder, where there is no package.
  process.execArgv = process.execArgv.map((word) => (word === 'tsx' ? import.meta.resolve('tsx') : word));
  const crew = new Crew(2, { growAfterMs: 0 });
  after(() => crew.kill());
  const { passing } = many;
  const nth = Object.values(many).indexOf(passing);
  const place = { file: source, nth };
  await explore(passing, used);
  cpSync('.wavetank', 'before', { recursive: true });
  const alone = await explore(passing, { ...used, runs: 120 });
  const left = readFileSync(path(), 'utf8');
  rmSync('.wavetank', { recursive: true });
  cpSync('before', '.wavetank', { recursive: true });
  const making = crew.makerOf(place, passing);
  const shared = await exploreWith(passing, { ...used, runs: 120 }, making);
  assert.deepEqual(shared, alone);
  assert.match(String(shared.remarks), /^began with [1-9]/);
  assert.equal(readFileSync(path(), 'utf8'), left);
});

test('the command line takes --corpus, and says what it began with', async () => {
  const text = `
    import { defineScenario, handler, swarm } from ${JSON.stringify(wavetank)};
    export default defineScenario({
      name: 'asking',
      hosts: { a: handler(() => () => new Response('')) },
      faults: swarm({ drop: true }),
      drive: (world) => world.client('guest', async () => {
        await fetch('http://a/', { signal: AbortSignal.timeout(9) }).catch(() => {});
      }),
    });`;
  const cwd = folderWith({ 'a.sim.ts': text });
  const words = ['explore', '--runs', '20', '--workers', '0', '--strategy', 'feedback'];
  const told = async (...more: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(cwd, [...words, ...more]);
    assert.deepEqual([code, stderr], [0, '']);
    return stdout;
  };
  assert.match(await told('--corpus'), /seed 1,.*\n {2}began with 0 runs that were news before/);
  assert.match(await told('--corpus'), /seed 2,.*\n {2}began with [1-9]/);
  assert.match(await told('--corpus', '--seed', '1'), /seed 1,.*\n {2}no corpus was used: with a seed/);
  assert.doesNotMatch(await told(), /corpus|news/);
});

describe('a file of the corpus', () => {
  test('that cannot be used is put aside, and nothing of it is lost', async () => {
    const scenario = doors();
    await explore(scenario, { ...used, runs: 20 });
    const good = readFileSync(path(), 'utf8');
    const kept = path();
    const damages: [(text: string) => string, RegExp][] = [
      [(text) => text.slice(0, text.length / 2), /is damaged: .*JSON/],
      [() => '', /is damaged: /],
      [() => 'null', /is damaged: expected format to be "wavetank-corpus", got `undefined`/],
      [(text) => text.replace('"version":1', '"version":0'), /expected version to be 1, got `0`/],
      [
        (text) => text.replace('"version":1', '"version":2'),
        /was written by a newer wavetank \(version 2, expected 1\): /,
      ],
      [(text) => text.replace('doors.sim.ts', 'windows.sim.ts'), /expected file to be "doors\.sim\.ts", got/],
      [(text) => text.replace('"explorations":1', '"explorations":-0.5'), /explorations to be a whole/],
      [(text) => text.replace('"shows":[', '"shows":["'), /is damaged: /],
      [(text) => text.replace('"shows"', '"show"'), /expected entries\[0\] to be an entry/],
      // A sparse file would do; what counts is its size.
      [() => ' '.repeat(67_108_865), /is damaged: it has 67108865 bytes, more than 67108864/],
    ];
    for (const [i, [damage, said]] of damages.entries()) {
      const damaged = damage(good);
      writeFileSync(kept, damaged);
      const { remarks = [], seed } = await explore(scenario, { ...used, runs: 20 });
      assert.equal(seed, 1);
      assert.match(String(remarks[0]), said);
      const aside = `${kept}.damaged${i === 0 ? '' : `-${i + 1}`}`;
      assert.ok(String(remarks[0]).endsWith(`: it was put aside as ${aside}, and is begun anew`));
      assert.ok(readFileSync(aside, 'utf8') === damaged, 'as it was');
      assert.equal(readFileSync(kept, 'utf8'), good, 'begun anew');
      if (damaged.length > good.length * 10) rmSync(aside);
    }
  });

  test('that gets damaged meanwhile is put aside when it is written', () => {
    const file = new CorpusFile(doors(), join(process.cwd(), 'doors.sim.ts'));
    file.add([entry(1)], 1);
    writeFileSync(file.path, '{');
    file.add([entry(2)], 1);
    assert.match(String(file.remarks), /is damaged: .*put aside/);
    assert.deepEqual(shown(), new Set([2]));
  });

  test('that cannot be read or written keeps nobody from exploring', async () => {
    writeFileSync('.wavetank', '');
    const { remarks = [] } = await explore(doors(), { ...used, runs: 20 });
    assert.match(String(remarks), /cannot be read, so what is news is not kept: ENOTDIR/);
    rmSync('.wavetank');
    await explore(doors(), { ...used, runs: 20 });
    const kept = path();
    mkdirSync(`${kept}.${process.pid}.tmp`);
    const third = await explore(doors(), { ...used, runs: 20 });
    assert.match(String(third.remarks), /cannot be written, so what is news is not kept: .*EISDIR/);
    assert.match(String(third.remarks), /began with \d+ runs that were news before, and found \d+ more$/);
    rmSync(kept);
    mkdirSync(kept);
    const other = await explore(doors(), { ...used, runs: 20 });
    assert.match(String(other.remarks), /cannot be read, so what is news is not kept: EISDIR/);
  });

  test('loses the entries that the scenario has no more, and no others', () => {
    const source = join(process.cwd(), 'doors.sim.ts');
    const crash = (host: string): Entry['plan'] => ({
      ...calmPlan,
      faults: [{ kind: 'crash', host, atMs: 1, downMs: 5 }],
    });
    const entries = [
      entry(1, { plan: crash('door') }),
      entry(2, { plan: crash('window') }),
      entry(3, { plan: { ...calmPlan, faults: [{ kind: 'quake' } as never] } }),
      entry(4, { seed: 2 ** 40 }),
      entry(5, { workload: { seed: 1, nth: 2 ** 40 } }),
      entry(6, { workload: { seed: 1, nth: -1 } }),
      entry(7, { workload: { seed: 2 ** 40, nth: 1 } }),
      entry(8, { plan: { ...calmPlan, faults: [], order: 'sideways' as never } }),
      entry(9),
    ];
    const file = new CorpusFile(doors(), source);
    file.add(entries, 1);
    const read = (scenario: Scenario<number>): unknown =>
      new CorpusFile(scenario, source).read().entries.map(({ shows }) => shows[0]);
    assert.deepEqual(read(doors()), [1, 9]);
    assert.deepEqual(read(doors({ faults: swarm({ drop: true }) })), [], 'of another budget');
    assert.deepEqual(file.remarks, []);
  });

  test('is bounded: entries that show most stay, and too long ones are not kept', () => {
    const file = new CorpusFile(doors(), join(process.cwd(), 'doors.sim.ts'));
    const small = Array.from({ length: 600 }, (_, i) => entry(i));
    file.add(small, 1);
    assert.equal(stored().entries.length, 512);
    const large = entry(0, { shows: Array.from({ length: 20 }, (_, i) => 1_000 + i) });
    const long = entry(2_000, { plan: { ...calmPlan, core: ['x'.repeat(20_000)] } });
    file.add([large, long, entry(3_000, { why: 'y'.repeat(30_000) })], 0);
    const { entries } = stored();
    assert.equal(entries.length, 512);
    assert.ok(entries.some(({ shows }) => shows.length === 20));
    assert.ok(!shown().has(2_000));
    assert.ok(readFileSync(file.path).length < 100_000);
  });

  test('takes what two explorations at once find', () => {
    const [one, other] = [1, 2].map(() => new CorpusFile(doors(), join(process.cwd(), 'doors.sim.ts')));
    one?.add([entry(1)], 1);
    other?.add([entry(2)], 1);
    one?.add([entry(1), entry(3)], 0);
    assert.deepEqual(shown(), new Set([1, 2, 3]));
    assert.equal(stored().explorations, 2);
  });

  test('is written now and then while an exploration lasts', (context) => {
    let nowMs = 1_000;
    context.mock.method(performance, 'now', () => nowMs);
    const corpus = new ExplorationCorpus(doors(), { isUsed: true });
    assert.equal(corpus.begin(1), 1);
    corpus.add([entry(1)]);
    assert.deepEqual(files(), []);
    nowMs += 2_000;
    corpus.add([entry(2)]);
    assert.deepEqual(shown(), new Set([1, 2]));
    corpus.add([entry(3)]);
    assert.ok(!shown().has(3));
    corpus.end();
    assert.ok(shown().has(3));
    assert.equal(stored().explorations, 1, 'it is one exploration, however often it is written');
  });
});
