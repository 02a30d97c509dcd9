// A host that was about to leave the simulation: explorations and replays end with the error itself.

import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { EscapeError } from '../../src/errors.ts';
import { CheckFailure } from '../../src/explore/check-failure.ts';
import { explore } from '../../src/explore/explore.ts';
import { replay } from '../../src/explore/replay.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { scenarioOf, serving } from '../scenario/driven.ts';

const { randomBytes } = crypto;

/** A scenario of one request, to a host that does something for it. */
function asking(work: () => unknown): Scenario<undefined> {
  const server = serving(async () => {
    await work();
    return new Response('done');
  });
  return scenarioOf({ hosts: { server } }, (world) =>
    world.client('guest', async () => {
      const reply = await fetch('http://server/', { signal: AbortSignal.timeout(500) }).catch(
        () => undefined,
      );
      assert.ok(reply?.ok, 'no answer');
    }),
  );
}

async function thrownBy(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

test('a run in which a host escapes is illegal, also where the code swallows the error', async () => {
  const { violations } = await simulate(
    asking(() => {
      try {
        childProcess.execSync('git');
      } catch {
        // On purpose.
      }
    }),
  );
  const [violation] = violations;
  assert.deepEqual(
    [violation?.code, violation?.name, violation?.host],
    ['WT_ESCAPE', 'child_process.execSync', 'server'],
  );
  assert.ok(violation?.error instanceof EscapeError);
  assert.equal(violation.message, violation.error.message);
});

test('explore throws the escape itself: it says in which run, and nothing is shrunk', async () => {
  let runs = 0;
  const scenario = asking(() => {
    runs++;
    childProcess.execSync('git');
  });
  const error = await thrownBy(explore(scenario, { runs: 50 }));
  assert.ok(error instanceof EscapeError);
  assert.equal(error.api, 'child_process.execSync');
  const [what, where, how] = error.message.split('\n');
  const call = '`child_process.execSync("git")`';
  assert.equal(what, `host \`server\` called ${call}, which wavetank cannot make deterministic.`);
  const site = /^ {2}at test\/explore\/escape\.test\.ts:\d+:\d+, virtual time [\d.]+ ms, /;
  assert.match(where ?? '', site);
  assert.match((where ?? '').replace(site, ''), /^scenario `driven`, seed \d+$/);
  assert.match(how ?? '', /^ {2}Replace it in the scenario/);
  assert.equal(runs, 1);
});

test('an escape after many sound runs ends the exploration at once', async () => {
  let requests = 0;
  const scenario = asking(() => {
    if (++requests === 30) childProcess.execSync('git');
  });
  const error = await thrownBy(explore(scenario, { runs: 100, repeatEvery: 100 }));
  assert.ok(error instanceof EscapeError, error.message);
  assert.equal(requests, 30);
});

test('what only the watch sees is found by the first run', async () => {
  const error = await thrownBy(
    explore(
      asking(() => randomBytes(8, () => {})),
      { runs: 5 },
    ),
  );
  assert.ok(error instanceof EscapeError, error.message);
  assert.equal(error.api, 'a native RANDOMBYTESREQUEST');
});

test('a replay that escapes throws the escape', async () => {
  let hasChanged = false;
  const scenario = asking(() => {
    if (hasChanged) childProcess.execSync('git');
    else throw new Error('the failure that the token is for');
  });
  const failure = await thrownBy(explore(scenario, { runs: 1 }));
  assert.ok(failure instanceof CheckFailure, failure.message);
  hasChanged = true;
  const error = await thrownBy(replay(scenario, failure.token));
  assert.ok(error instanceof EscapeError, error.message);
  assert.match(error.message, /scenario `driven`, seed \d+/);
});
