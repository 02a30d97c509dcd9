// Runs that end or block the process that makes them: each is reported, and the others go on.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Crew } from '../../../src/cli/workers/crew.ts';
import { exploreWith } from '../../../src/explore/explore.ts';
import { decodeToken } from '../../../src/explore/token.ts';
import { CheckFailure, calmPlan, replay } from '../../../src/index.ts';
import { deadly, doomed, endless } from './deadly.sim.ts';

const file = fileURLToPath(new URL('deadly.sim.ts', import.meta.url));
const crew = new Crew(2, { growAfterMs: 0, heapMb: 150, blockedMs: 10_000 });
after(() => crew.kill());

/** Each of the numbers that are deadly is in one of its first hundred runs, at these places. */
const SEED = 3;
const DEADLY = { WT_EXIT: 71, WT_BLOCKED: 84, WT_MEMORY: 97 };

test('runs that exit, block or use up the memory are reported, and all others made', async () => {
  const options = { runs: 150, seed: SEED, bail: false, shrinkRunsMax: 0, vacuity: false as const };
  const making = exploreWith(deadly, options, crew.makerOf({ file, nth: 0 }, deadly));
  const came: unknown = await making.catch((error: unknown) => error);
  assert.ok(came instanceof CheckFailure, String(came));
  assert.equal(came.runs.explored, 150);
  assert.equal(came.exploration?.crashed.victim, 0, 'nothing else befell it');
  const [violation] = came.result.violations;
  const { token, replayLine } = came;
  const first = {
    code: came.code,
    name: violation?.name,
    message: violation?.message ?? '',
    token,
    replayLine,
  };
  const all = [first, ...came.others];
  assert.deepEqual(
    all.map(({ code }) => code),
    Object.keys(DEADLY),
    'in the order of their runs',
  );
  for (const { name, message, token: each, replayLine: line } of all) {
    assert.equal(name, 'victim', message);
    assert.match(message, /after "timer of 7 ms"/);
    assert.match(line, /^npx wavetank replay .*deadly\.sim\.ts wt1:/);
    assert.equal(decodeToken(each).scenario, 'deadly');
  }
  assert.deepEqual(
    all.map(({ token: each }) => decodeToken(each).workload),
    [41, 42, 43],
  );
  assert.match(all[0]?.message ?? '', /^the run ended its process \(exit code 7\)/);
  assert.match(all[1]?.message ?? '', /^the run kept its process from doing anything for \d/);
  assert.match(all[2]?.message ?? '', /^the run used up the memory of its process/);
  assert.ok(Math.abs((violation?.atMs ?? 0) - 7) < 1 && (violation?.step ?? 0) > 0, 'it says where it was');
});

test('with bail the first of them ends the exploration', async () => {
  const options = { runs: 150, seed: SEED, vacuity: false as const };
  const making = exploreWith(deadly, options, crew.makerOf({ file, nth: 0 }, deadly));
  const came: unknown = await making.catch((error: unknown) => error);
  assert.ok(came instanceof CheckFailure, String(came));
  assert.deepEqual([came.code, came.runs.explored, came.others.length], ['WT_EXIT', DEADLY.WT_EXIT + 1, 0]);
});

/** Each in one of the first hundred runs: what becomes of it, and the number that is its workload. */
const ENDLESS: Readonly<Record<string, readonly [code: string, workload: number]>> = {
  loops: ['WT_HANG', 65],
  searches: ['WT_BLOCKED', 79],
  backtracks: ['WT_HANG', 91],
};

test('handlers that go on for ever are reported with their seeds, and all other runs made', async () => {
  const impatient = new Crew(2, { growAfterMs: 0, blockedMs: 5_000 });
  after(() => impatient.kill());
  const options = { runs: 110, seed: SEED, bail: false, shrinkRunsMax: 0, vacuity: false as const };
  const making = exploreWith(endless, options, impatient.makerOf({ file, nth: 2 }, endless));
  const came: unknown = await making.catch((error: unknown) => error);
  assert.ok(came instanceof CheckFailure, String(came));
  assert.equal(came.runs.explored, 110, 'the others went on');
  const { code, token, replayLine, others } = came;
  const [violation] = came.result.violations;
  const first = { code, name: violation?.name, seed: came.result.seed, runs: 1, token, replayLine };
  const all = [{ ...first, message: violation?.message ?? '' }, ...others];
  const told = all.map((each) => [each.name, [each.code, decodeToken(each.token).workload]]);
  assert.deepEqual(told, Object.entries(ENDLESS), 'in the order of their runs');
  for (const each of all) {
    assert.equal(each.seed, decodeToken(each.token).seed);
    assert.equal(each.runs, 1, each.message);
    assert.match(each.message, /after "datagram word #1 from caller"/);
    assert.match(each.replayLine, /^npx wavetank replay .*deadly\.sim\.ts wt1:/);
  }
  for (const each of all.filter((one) => one.code === 'WT_HANG'))
    assert.match(each.message, /did not give the thread back within 500 ms.*: an endless loop/);
  assert.match(all[1]?.message ?? '', /^the run kept its process from doing anything for \d/);
  await assert.rejects(replay(endless, token), { code: 'WT_HANG' });
});

test('who looks at a calm run first meets its end there, and tells of it as of any other', async () => {
  const options = { runs: 3, bail: false, strategy: 'bounded', vacuity: false } as const;
  const making = exploreWith(doomed, options, crew.makerOf({ file, nth: 1 }, doomed));
  const came: unknown = await making.catch((error: unknown) => error);
  assert.ok(came instanceof CheckFailure, String(came));
  assert.deepEqual([came.code, came.runs.explored, came.others], ['WT_EXIT', 3, []]);
  const { plan } = decodeToken(came.token);
  assert.deepEqual({ ...calmPlan, ...plan }, calmPlan, 'it is the calm run that is replayed');
  assert.match(
    came.result.violations[0]?.message ?? '',
    /exit code 7\): host `victim`, after "timer of 7 ms"/,
  );
});
