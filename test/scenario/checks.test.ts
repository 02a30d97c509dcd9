import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sometimes } from '../../src/markers.ts';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { daemon } from '../../src/host/definition.ts';
import type { Check } from '../../src/scenario/check.ts';
import type { ScenarioOptions } from '../../src/scenario/scenario.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { asGuest, driven, sleep } from '../scenario/driven.ts';

/** A host that counts the milliseconds, one step each, from 1 to `to`. */
function counting(to: number) {
  return daemon(async (host) => {
    for (let count = 1; count <= to; count++) {
      await sleep(1);
      host.expose({ count });
    }
  });
}

type Checks = Pick<ScenarioOptions<undefined>, 'always' | 'never' | 'eventually' | 'finally' | 'sometimes'>;

const countOf: (world: Parameters<Check>[0]) => number = (world) =>
  (world.host('counter').exports?.count ?? 0) as number;

async function counted(checks: Checks, { forMs = 20, to = 10 } = {}): Promise<RunResult> {
  const hosts = { counter: counting(to) };
  return (await driven({ hosts, ...checks }, () => sleep(forMs), { mayFail: true })).result;
}

function told({ verdict, violations }: RunResult): unknown {
  return [verdict, ...violations.map(({ code, name, message, atMs }) => ({ code, name, message, atMs }))];
}

test('what must always hold is asked after each step, and the first failure ends the run', async () => {
  const result = await counted({ always: { 'fewer than four': (world) => countOf(world) < 4 } });
  assert.deepEqual(told(result), [
    'illegal',
    { code: 'WT_INVARIANT', name: 'fewer than four', message: '`fewer than four` is illegal.', atMs: 4 },
  ]);
  assert.equal(result.violations[0]?.host, 'counter');
  assert.equal(result.virtualMs, 4);
});

test('a check answers by true or nothing, by false, by a sentence, or by an assertion', async () => {
  const answers: [Check, string | undefined][] = [
    [() => true, undefined],
    [() => undefined, undefined],
    [() => {}, undefined],
    [() => false, '`it` is illegal.'],
    [() => 'there are two', '`it` is illegal: there are two.'],
    [() => 'there are two!', '`it` is illegal: there are two!'],
    [() => assert.ok(false, 'there are two'), '`it` is illegal: there are two.'],
  ];
  for (const [it, message] of answers) {
    const result = await counted({ always: { it } });
    assert.equal(result.violations[0]?.message, message);
    assert.ok(message === undefined || result.violations[0]?.code === 'WT_INVARIANT');
  }
});

test('a check may answer with the judgement of a checker', async () => {
  const judged = (verdict: 'ok' | 'illegal' | 'unknown', message: string) => () => ({ verdict, message });
  assert.equal((await counted({ always: { it: judged('ok', '') } })).verdict, 'ok');
  const illegal = await counted({ always: { it: judged('illegal', 'it was written twice') } });
  assert.equal(illegal.violations[0]?.message, '`it` is illegal: it was written twice.');
  const late = await counted({ eventually: { it: { check: judged('unknown', 'nobody knows') } } });
  assert.match(late.violations[0]?.message ?? '', /`it` will never come true: nobody knows\./);
  const shown = { verdict: 'good', message: '' };
  const strange = await counted({ always: { it: () => shown as never } });
  assert.match(strange.violations[0]?.message ?? '', /the check returned object/);
});

test('a check that cannot tell does not fail the run, which says so', async () => {
  const asked = (check: Check) => counted({ always: { it: check } });
  const unknown = { verdict: 'unknown', message: 'out of budget' } as const;
  const { verdict, undecided } = await asked(() => unknown);
  assert.deepEqual([verdict, undecided], ['ok', { it: 'out of budget' }]);
  const later = await asked((world) => (countOf(world) < 5 ? unknown : true));
  assert.deepEqual(later.undecided, {});
  const never = await counted({ never: { it: () => unknown } });
  assert.deepEqual([never.verdict, never.undecided], ['ok', { it: 'out of budget' }]);
});

test('what is asked at the end is asked once, when all is at rest, of runs that were fine', async () => {
  const asked: number[] = [];
  const check: Check = (world) => {
    asked.push(countOf(world));
    return world.history.length === 0;
  };
  assert.equal((await counted({ finally: { it: check } })).verdict, 'ok');
  assert.deepEqual(asked, [10]);
  const illegal = await counted({ finally: { it: () => 'it is not so' } });
  const message = '`it` is illegal: it is not so.';
  assert.deepEqual(told(illegal), [
    'illegal',
    { code: 'WT_INVARIANT', name: 'it', message, atMs: illegal.virtualMs },
  ]);
  asked.length = 0;
  const failed = await counted({
    finally: { it: check },
    always: { 'fewer than four': (w) => countOf(w) < 4 },
  });
  assert.deepEqual([failed.violations[0]?.name, asked], ['fewer than four', []]);
  const hasFailedLate = await counted({ finally: { it: check }, eventually: { no: { check: () => false } } });
  assert.deepEqual([hasFailedLate.violations[0]?.name, asked], ['no', []]);
});

test('a check that itself fails is told apart from one that does not hold', async () => {
  const broken: [Check, RegExp][] = [
    [
      () => JSON.parse('{') as boolean,
      /the check `it` itself failed: SyntaxError: .*must cope with hosts that are down/,
    ],
    [
      (world) => (world.host('counter').exports as { count: number }).count >= 0,
      /TypeError: .*exports` is undefined before/,
    ],
    [(() => Promise.resolve(true)) as never, /returned a promise; checks are synchronous/],
    [(() => 5) as never, /the check returned number/],
    [(world) => world.host('countre').isUp, /unknown host "countre": did you mean "counter"\?/],
  ];
  for (const [it, message] of broken) {
    for (const checks of [
      { always: { it } },
      { never: { it } },
      { finally: { it } },
      { eventually: { it: { check: it } } },
    ]) {
      // Exposed too late for the second one.
      const result = await counted(checks, { to: 'eventually' in checks || 'finally' in checks ? 0 : 10 });
      assert.deepEqual([result.violations[0]?.code, result.violations[0]?.name], ['WT_CHECK_THREW', 'it']);
      assert.match(result.violations[0]?.message ?? '', message);
    }
  }
});

test('what must never hold fails the run when it comes true', async () => {
  const result = await counted({ never: { four: (world) => countOf(world) === 4 } });
  assert.deepEqual(told(result), [
    'illegal',
    { code: 'WT_INVARIANT', name: 'four', message: 'never `four` is illegal: it came true.', atMs: 4 },
  ]);
  assert.equal((await counted({ never: { forty: (world) => countOf(world) === 40 } })).verdict, 'ok');
});

test('what must eventually hold has until its bound after healing, and need not hold before', async () => {
  const reaches = (count: number, withinMs?: number): Promise<RunResult> =>
    counted(
      {
        eventually: {
          it: {
            check: (world) => countOf(world) >= count || `only ${countOf(world)}`,
            ...(withinMs === undefined ? {} : { withinMs }),
          },
        },
      },
      { forMs: 10, to: 100 },
    );
  assert.equal((await reaches(5, 1)).verdict, 'ok');
  assert.equal((await reaches(15, 5)).verdict, 'ok');
  assert.deepEqual(told(await reaches(16, 5)), [
    'illegal',
    {
      code: 'WT_LIVENESS',
      name: 'it',
      message:
        '`it` did not come true within 5.0 ms of healing: only 15.\n' +
        '  next:\n    timer of 1 ms on counter, due 16.0 ms',
      atMs: 15,
    },
  ]);
  assert.equal((await reaches(101)).violations[0]?.code, 'WT_LIVENESS');
});

test('each of several eventual checks has its own bound, whatever the others have', async () => {
  const result = await counted(
    {
      eventually: {
        soon: { withinMs: 5, check: (world) => countOf(world) >= 50 },
        late: { withinMs: 1_000, check: (world) => countOf(world) >= 90 },
      },
    },
    { forMs: 10, to: 100 },
  );
  assert.deepEqual(
    result.violations.map(({ code, name, atMs }) => [code, name, atMs]),
    [['WT_LIVENESS', 'soon', 15]],
  );
});

test('an eventual check counts what held at its bound, even if nothing happened just then', async () => {
  const late = daemon(async (host) => {
    host.expose({ count: 1 });
    await sleep(500);
    host.expose({ count: 0 });
    await sleep(500);
    host.expose({ count: 1 });
  });
  const asked = async (withinMs: number, forMs: number): Promise<string> => {
    const ticker = daemon(() => void setInterval(() => {}, 333));
    const { result } = await driven(
      {
        hosts: { counter: late, ticker },
        eventually: {
          one: { withinMs, check: (world) => countOf(world) === 1 },
          patient: { withinMs: 5_000, check: (world) => world.nowMs > 2_000 },
        },
      },
      () => sleep(forMs),
      { mayFail: true },
    );
    return result.violations[0]?.name ?? 'ok';
  };
  assert.equal(await asked(100, 10), 'ok', 'it held at healing and until the bound');
  assert.equal(await asked(100, 600), 'one', 'it held again, but after the bound');
  assert.equal(await asked(500, 600), 'ok');
});

test('eventual checks are asked only after the faults have stopped', async () => {
  const crash: Fault = { kind: 'crash', host: 'counter', atMs: 1, downMs: 60_000 };
  const { result } = await driven(
    {
      hosts: { counter: counting(5) },
      eventually: { up: { withinMs: 0, check: (world) => world.host('counter').isUp } },
    },
    () => sleep(20),
    { plan: { ...calmPlan, faults: [crash] }, mayFail: true },
  );
  // Booting takes no time, but a step.
  assert.equal(result.verdict, 'ok');
});

test('what happens sometimes is counted, by markers and by checks', async () => {
  const { result } = await driven(
    {
      hosts: {
        counter: daemon(async () => {
          for (let i = 0; i < 5; i++) {
            await sleep(1);
            sometimes('an even number', i % 2 === 0);
            sometimes('any number');
          }
        }),
      },
      sometimes: {
        'late in the run': (world) => world.nowMs > 1_000,
        'at two': (world) => world.nowMs === 2,
      },
    },
    () => sleep(20),
  );
  assert.deepEqual(result.reached, { 'an even number': 3, 'any number': 5, 'at two': 1 });
  sometimes('outside of a simulation, this does nothing');
});

test('an error that the code of the scenario throws is told apart from an assertion', async () => {
  const thrown: [() => unknown, string, RegExp][] = [
    [() => assert.equal(1, 2), 'WT_ASSERTION', /AssertionError: Expected values to be strictly equal/],
    [() => Promise.reject(new Error('boom')), 'WT_DRIVE_THREW', /^the scenario's own code threw Error: boom/],
    [
      () => {
        // oxlint-disable-next-line typescript/only-throw-error -- what code may do
        throw 'a word';
      },
      'WT_DRIVE_THREW',
      /threw a word/,
    ],
  ];
  for (const [drive, code, message] of thrown) {
    for (const run of [driven, asGuest]) {
      const { result } = await run({}, drive, { mayFail: true });
      const [violation] = result.violations;
      assert.equal(violation?.code, code);
      assert.match(violation?.message ?? '', message);
      assert.notEqual(violation?.error, undefined);
    }
  }
});

test('an assertion in an operation of a client fails the run, an error of the network does not', async () => {
  const { result } = await driven(
    {},
    (world) =>
      world.client('guest', async (client) => {
        const lost = await client.operation('ask', null, () => fetch('http://nowhere/'));
        assert.equal(lost.type, 'fail');
        await client.operation('ask', null, () => assert.fail('a wrong answer'));
      }),
    { mayFail: true },
  );
  assert.deepEqual(
    result.violations.map(({ code }) => code),
    ['WT_ASSERTION'],
  );
  assert.deepEqual(
    result.history.map(({ type }) => type),
    ['fail', 'pending'],
  );
});

test('a mistake in the use of wavetank is thrown to the caller, and is no verdict', async () => {
  await assert.rejects(
    driven({}, (world) => world.host('sever').crash()),
    {
      code: 'WT_OPTION',
      message: 'unknown host "sever": did you mean "server"?',
    },
  );
});
