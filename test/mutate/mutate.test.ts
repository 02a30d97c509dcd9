// What `mutate` says of the checks of a scenario: a known hole is the one survivor, and without it there is
// none; and that it says the same again.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BaselineError, mutate, swarm, type MutationReport } from '../../src/index.ts';
import { bookChecks, saleChecks, shelfOf, shelfScenario } from './shelf.ts';

const RUNS = 150;

function whatOf(families: MutationReport['families']): string[] {
  return families.map(({ what }) => what);
}

/** A crash brings the books back from the disk, and forgets the sales. */
const CRASHES = { faults: swarm({ crash: ['shelf'] }) };

const SURVIVING_SALES = [
  'shelf: `POST /sales` is answered, and not executed',
  'shelf: `POST /sales` is executed twice, and answered once',
  "shelf: two `POST /sales` get each other's answers",
  'ada: `sell` ended well, and is missing from the history',
  'ben: `sell` ended well, and is missing from the history',
  'ben: `sell` is told what the one before it was told',
  "ben: two `sell` are told each other's values",
];

describe('mutate', () => {
  test('lists exactly what the checks do not look at', async () => {
    const { survivors, sometimes } = await mutate(shelfScenario({ always: bookChecks }), { runs: RUNS });
    assert.deepEqual(whatOf(survivors), SURVIVING_SALES);
    assert.deepEqual(sometimes, []);
    const [sales] = survivors;
    const [mutation] = sales?.survivors ?? [];
    assert.match(mutation?.differences.join('\n') ?? '', /^shelf exposes sold count: 2 → 1$/m);
    assert.deepEqual(
      [sales?.of, sales?.kind, sales?.where, sales?.noticed],
      ['request', 'dropped', 'shelf', 0],
    );
  });

  test('lists nothing where the hole is closed, and tells which check noticed what', async () => {
    const always = { ...bookChecks, ...saleChecks };
    const report = await mutate(shelfScenario({ always }), { runs: RUNS });
    assert.deepEqual(whatOf(report.survivors), []);
    const lost = report.families.find(({ what }) => what === SURVIVING_SALES[0]);
    assert.deepEqual(Object.keys(lost?.noticedBy ?? {}), ['as many were sold as the readers bought']);
    assert.deepEqual(
      Object.entries(report.checks).filter(([, count]) => count === 0),
      [],
      'each check is needed',
    );
    assert.equal(
      report.noticed + report.survived + report.hidden + report.absorbed + report.unseen,
      report.runs,
    );
  });

  test('alters disks where a crash makes them matter, and hides what nobody reads again', async () => {
    const still = await mutate(shelfScenario({ always: bookChecks }), { runs: RUNS });
    const writes = still.families.filter(({ of }) => of === 'disk write');
    assert.deepEqual(
      writes.map(({ what, unseen, runs }) => [what, unseen === runs]),
      [
        ['shelf: the write of `book/*` is lost', true],
        ['shelf: two writes of `book/*` are made in the wrong order', true],
      ],
    );
    const crashing = await mutate(shelfScenario({ ...CRASHES, always: bookChecks }), { runs: RUNS });
    for (const what of [
      'shelf: the write of `book/*` is lost',
      'shelf: two writes of `book/*` are made in the wrong order',
      'shelf: the read of `book/*` gives what was there before the last write',
    ]) {
      const family = crashing.families.find((each) => each.what === what);
      assert.ok((family?.noticed ?? 0) > 0, what);
      assert.ok(family?.noticedBy['what was put last is there'], what);
    }
  });

  test('lets everything survive where there is no check', async () => {
    const report = await mutate(shelfScenario(), { runs: RUNS });
    assert.equal(report.noticed, 0);
    assert.ok(report.survived > 0);
    const ofEffects = report.families.filter(({ of, kind }) => of === 'request' && kind === 'dropped');
    assert.ok(ofEffects.length >= 3);
    for (const { what } of ofEffects) assert.ok(whatOf(report.survivors).includes(what), what);
    assert.deepEqual(report.checks, {});
  });

  test('makes the same report again, and another one for another seed', async () => {
    const scenario = shelfScenario({ ...CRASHES, always: bookChecks });
    const first = await mutate(scenario, { runs: 60, seed: 5 });
    assert.deepEqual(await mutate(scenario, { runs: 60, seed: 5 }), first);
    const other = await mutate(scenario, { runs: 60, seed: 6 });
    assert.notDeepEqual(
      other.families.map(({ noticed }) => noticed),
      first.families.map(({ noticed }) => noticed),
    );
    assert.deepEqual(JSON.parse(JSON.stringify(first)), first, 'it is plain data');
    assert.equal(first.runs, 60);
  });

  test('makes one of its runs again by its token', async () => {
    const scenario = shelfScenario({ always: bookChecks });
    const { survivors } = await mutate(scenario, { runs: RUNS });
    const [mutation] = survivors[0]?.survivors ?? [];
    assert.ok(mutation !== undefined);
    const again = await mutate(scenario, { only: mutation.token });
    assert.equal(again.runs, 1);
    assert.deepEqual(again.survivors[0]?.survivors, [mutation]);
    const closed = shelfScenario({ always: { ...bookChecks, ...saleChecks } });
    const noticed = await mutate(closed, { only: mutation.token });
    assert.deepEqual([noticed.noticed, whatOf(noticed.survivors)], [1, []]);
  });

  test('keeps what is accepted apart', async () => {
    const accept = ['`POST /sales`', 'ben: ', 'ada: '];
    const report = await mutate(shelfScenario({ always: bookChecks }), { runs: RUNS, accept });
    assert.deepEqual(whatOf(report.survivors), []);
    assert.deepEqual(whatOf(report.accepted), SURVIVING_SALES);
  });

  test('says so when a scenario fails before anything is altered', async () => {
    const wrong = shelfScenario({
      always: { 'nothing is ever sold': (world) => (shelfOf(world)?.sold.count ?? 0) === 0 },
    });
    await assert.rejects(mutate(wrong), (error: Error) => {
      assert.ok(error instanceof BaselineError);
      assert.match(error.message, /^scenario `shelf` fails before anything is altered, with seed \d+: /);
      assert.match(error.message, /WT_INVARIANT `nothing is ever sold` is illegal/);
      return true;
    });
  });

  test('begins no run after its signal, and says that it was interrupted', async () => {
    const abort = new AbortController();
    const onProgress = ({ runs }: { runs: number }): void => {
      if (runs === 3) abort.abort();
    };
    const report = await mutate(shelfScenario(), { signal: abort.signal, onProgress });
    assert.deepEqual([report.runs, report.isInterrupted], [3, true]);
  });

  test('refuses options that are wrong before anything runs', async () => {
    const cases: [options: object, message: RegExp][] = [
      [{ runs: 0 }, /Expected `runs` to be an integer >= 1, got `0` \(number\)/],
      [{ seed: -1 }, /Expected `seed` to be an integer from 0 to 4294967295/],
      [{ budgetMs: 0 }, /Expected `budgetMs` to be a finite number of milliseconds > 0/],
      [{ only: 5 }, /Expected `only` to be a token/],
      [{ accept: 'all' }, /Expected `accept` to be a list of texts/],
      [{ onProgress: true }, /Expected `onProgress` to be a function/],
      [{ signal: {} }, /Expected `signal` to be an AbortSignal/],
      [{ rnus: 5 }, /mutate: unknown option "rnus": did you mean "runs"\?/],
    ];
    for (const [options, message] of cases) await assert.rejects(mutate(shelfScenario(), options), message);
    await assert.rejects(mutate({} as never), /Expected `scenario` to be made by defineScenario\(\)/);
  });
});
