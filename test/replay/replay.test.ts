// `replay` makes exactly the run of a token again, and says so when it cannot: the scenario is another one,
// the token went stale, the code was repaired or otherwise changed, or it does not even repeat itself.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  CheckFailure,
  DivergenceError,
  StaleReplayError,
  TokenError,
  calmPlan,
  defineScenario,
  explore,
  handler,
  replay,
  simulate,
  swarm,
  type FaultPlan,
  type Scenario,
} from '../../src/index.ts';
import { replayLineOf } from '../../src/explore/replay.ts';
import { encodeToken } from '../../src/explore/token.ts';

interface Shape {
  readonly name?: string;
  readonly hostName?: string;
  readonly path?: string;
  readonly isRepaired?: boolean;
  /** Milliseconds that the server works. */
  readonly workMs?: () => number;
  readonly promise?: string;
}

/** A counter that a client adds to, and adds to again when it got no answer. */
function counting(shape: Shape = {}): Scenario<undefined> {
  const { name = 'counting', hostName = 'counter', path = '/add', isRepaired = false } = shape;
  return defineScenario({
    name,
    hosts: {
      [hostName]: handler((host) => {
        const keys: string[] = [];
        host.expose({ keys });
        return async (request) => {
          const key = await request.text();
          const { workMs } = shape;
          if (workMs !== undefined) await new Promise((resolve) => setTimeout(resolve, workMs()));
          if (!isRepaired || !keys.includes(key)) keys.push(key);
          return new Response('added');
        };
      }),
    },
    faults: swarm({ drop: true }),
    async drive(world) {
      await world.client('client', async (client) => {
        for (let attempt = 1; attempt <= 3; attempt++) {
          const { type } = await client.operation('add', attempt, () => {
            const signal = AbortSignal.timeout(100);
            return fetch(`http://${hostName}${path}`, { method: 'POST', body: 'key', signal });
          });
          if (type === 'ok') return;
        }
      });
    },
    always: {
      [shape.promise ?? 'counted once']: (world) => {
        const { keys = [] } = (world.host(hostName).exports ?? {}) as { keys?: string[] };
        return keys.length < 2 || `counted ${keys.length} times`;
      },
    },
  });
}

async function failureOf(scenario: Scenario<undefined>): Promise<CheckFailure> {
  const error: unknown = await explore(scenario, { runs: 200 }).catch((reason: unknown) => reason);
  assert.ok(error instanceof CheckFailure, String(error));
  return error;
}

/** What a replay throws, which must be of this class. */
async function thrown<Kind extends Error>(
  kind: abstract new (...args: never[]) => Kind,
  promise: Promise<unknown>,
): Promise<Kind> {
  const error: unknown = await promise.then(
    () => assert.fail('it passed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof kind, String(error));
  return error;
}

describe('replay', { concurrency: false }, () => {
  test('makes the very run again, as often as one likes', async () => {
    const failure = await failureOf(counting());
    for (let i = 0; i < 3; i++) {
      const again = await thrown(CheckFailure, replay(counting(), failure.token));
      assert.equal(again.result.hash, failure.result.hash);
      assert.deepEqual(again.result.violations, failure.result.violations);
      assert.deepEqual(again.result.trace, failure.result.trace);
      assert.equal(again.replayLine, failure.replayLine);
      assert.match(again.message, new RegExp(`the same run: trace ${failure.result.hash}`));
    }
  });

  test('of a run that passed says that it is the same', async () => {
    const { hash, plan, seed } = await simulate(counting(), { plan: calmPlan });
    const token = encodeToken({
      scenario: 'counting',
      seed,
      workload: undefined,
      plan,
      hash,
      failure: undefined,
    });
    const { result, isSameRun } = await replay(counting(), token);
    assert.deepEqual([result.verdict, result.hash, isSameRun], ['ok', hash, true]);
  });

  test('of repaired code passes, and says that it is not the same run', async () => {
    const { token, result } = await failureOf(counting());
    const replayed = await replay(counting({ isRepaired: true }), token);
    assert.equal(replayed.result.verdict, 'ok');
    // The repaired server answers the same: only the verdict is another.
    assert.equal(replayed.isSameRun, false);
    assert.notEqual(replayed.result.hash, result.hash);
  });

  test('of changed code that still fails says that it is not the recorded run', async () => {
    const { token, result } = await failureOf(counting());
    const again = await thrown(CheckFailure, replay(counting({ workMs: () => 7 }), token));
    assert.match(
      again.message,
      new RegExp(`not the recorded run: trace ${again.result.hash}, recorded ${result.hash}`),
    );
  });

  test('of code that fails otherwise says what failed when it was recorded', async () => {
    const { token } = await failureOf(counting());
    const again = await thrown(CheckFailure, replay(counting({ promise: 'counted but once' }), token));
    assert.match(again.message, /^`counted but once` is illegal/);
    assert.match(again.message, /recorded failure: WT_INVARIANT `counted once`/);
  });

  test('refuses the token of another scenario', async () => {
    const { token } = await failureOf(counting());
    const error = await thrown(TokenError, replay(counting({ name: 'summing' }), token));
    assert.equal(error.message, 'The replay token is for scenario `counting`, not for `summing`.');
  });

  test('refuses a damaged token before anything runs', async () => {
    const { token } = await failureOf(counting());
    await thrown(TokenError, replay(counting(), token.slice(0, -1)));
  });

  test('says that a token is stale whose plan names a host that is not there any more', async () => {
    const plan: FaultPlan = { ...calmPlan, faults: [{ kind: 'crash', host: 'counter', atMs: 1, downMs: 1 }] };
    const { hash } = await simulate(counting(), { plan });
    const ticket = { scenario: 'counting', seed: 1, workload: undefined, plan, hash, failure: undefined };
    const error = await thrown(
      StaleReplayError,
      replay(counting({ hostName: 'counters' }), encodeToken(ticket)),
    );
    assert.equal(error.code, 'WT_STALE');
    assert.match(error.message, /no longer fits .*unknown host "counter": did you mean "counters"\?/);
  });

  test('says that a token is stale whose faults strike nothing any more', async () => {
    const { token } = await failureOf(counting());
    const error = await thrown(StaleReplayError, replay(counting({ path: '/sum' }), token));
    assert.match(
      error.message,
      /struck nothing:\n {2}dropped message \(counter → client, response to POST \/add #1\)/,
    );
    assert.match(error.message, /Explore again/);
  });

  test('says that a token is stale whose plan is no plan', async () => {
    const plan = { faults: 'none' } as unknown as FaultPlan;
    const ticket = { scenario: 'counting', seed: 1, workload: undefined, plan, hash: '', failure: undefined };
    await thrown(StaleReplayError, replay(counting(), encodeToken(ticket)));
    await thrown(StaleReplayError, replay(counting(), encodeToken({ ...ticket, plan: calmPlan, seed: 1.5 })));
  });

  test('names the first event in which code that does not repeat itself differs', async () => {
    const { token } = await failureOf(counting());
    let runs = 0;
    const error = await thrown(DivergenceError, replay(counting({ workMs: () => 5 + runs++ }), token));
    assert.equal(error.code, 'WT_DIVERGED');
    assert.match(
      error.message,
      /First: {2}timer of 5 ms on counter at 6\.0 ms, scheduled at test\/replay\/replay\.test\.ts:\d+:\d+/,
    );
    assert.match(
      error.message,
      /Second: timer of \d+ ms on counter at \d+\.0 ms, scheduled at test\/replay\/replay\.test\.ts/,
    );
    assert.match(error.message, /differ from step \d+ \(6\.0 ms\) on/);
    assert.ok(error.step > 0);
  });
});

describe('a replay line', () => {
  const at = (file: string | undefined): string => replayLineOf({ file }, 'wt1:abc.def');

  test('is a command where the scenario is in a scenario file', () => {
    assert.equal(at(`${process.cwd()}/a/b.sim.ts`), 'npx wavetank replay a/b.sim.ts wt1:abc.def');
    assert.equal(at('/elsewhere/b.sim.mjs').split(' ')[3]?.endsWith('/elsewhere/b.sim.mjs'), true);
  });

  test('quotes what a shell would take apart', () => {
    assert.equal(
      at(`${process.cwd()}/my $HOME/b.sim.ts`),
      "npx wavetank replay 'my $HOME/b.sim.ts' wt1:abc.def",
    );
    assert.equal(
      at(`${process.cwd()}/it's/b.sim.ts`),
      String.raw`npx wavetank replay 'it'\''s/b.sim.ts' wt1:abc.def`,
    );
  });

  test('is a line of code where the scenario is in a test', () => {
    assert.equal(at('/a/b.test.ts'), "await replay(scenario, 'wt1:abc.def')");
    assert.equal(at(undefined), "await replay(scenario, 'wt1:abc.def')");
  });
});
