// Secrets of a system under test in what is thrown and reported of its failure: none.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { CheckFailure, defineScenario, explore, handler, OptionError, replay } from '../../src/index.ts';
import type { ExploreOptions } from '../../src/index.ts';
import { scenarioReport } from '../../src/report/build-document.ts';
import { thrownBy } from './thrown-by.ts';

const SECRET = 'hunter2-s3cr3t';
const BEARER = 'abc.def-12345';

const leaky = (report = {}): ReturnType<typeof defineScenario> =>
  defineScenario({
    name: 'a leak',
    report,
    hosts: {
      bank: handler((host) => {
        const users = host.store({ alice: { password: '', nickname: '' } }, { name: 'users' });
        return async (request) => {
          const { password } = (await request.json()) as { password: string };
          users.update((draft) => {
            draft.alice = { password, nickname: 'Ally' };
          });
          process.stderr.write(`login with password=${password}\n`);
          return Response.json({ token: BEARER, owner: 'Ally' });
        };
      }),
    },
    async drive(world) {
      await world.client('alice', async (client) => {
        await client.operation('log in', { password: SECRET }, async () => {
          const response = await fetch(`http://bank/login/${SECRET}?token=${BEARER}`, {
            method: 'POST',
            headers: { authorization: `Bearer ${BEARER}` },
            body: JSON.stringify({ password: SECRET }),
          });
          return response.json();
        });
        throw new Error(`no money for ${SECRET}, known as Ally`);
      });
    },
  });

const failureOf = async (report = {}, options: ExploreOptions = {}): Promise<CheckFailure> => {
  const failure = await thrownBy(() => explore(leaky(report), { runs: 1, ...options }));
  assert.ok(failure instanceof CheckFailure);
  return failure;
};
const reportOf = (failure: CheckFailure): string =>
  JSON.stringify(scenarioReport({ scenario: leaky(), came: failure }));

describe('secrets in a failure', () => {
  test('are masked in its message, its cause, what test runners print, and its report', async () => {
    const failure = await failureOf();
    for (const shown of [
      failure.message,
      inspect(failure.cause),
      inspect(failure, { depth: 9 }),
      reportOf(failure),
    ]) {
      assert.ok(!shown.includes(SECRET), shown);
      assert.ok(!shown.includes(BEARER), shown);
    }
    assert.match(failure.message, /no money for\s+\[masked-\d\], known as Ally/);
    assert.match((failure.cause as Error).stack ?? '', /no money for \[masked-\d\].*\n +at /s);
  });

  test('are masked the same way wherever they stand', async () => {
    const { failure } = scenarioReport({ scenario: leaky(), came: await failureOf() });
    assert.ok(failure !== undefined);
    const { run, message } = failure;
    const masked = String((run.history[0]?.input as { password?: string } | undefined)?.password);
    assert.match(masked, /^\[masked-\d\]$/);
    assert.ok(message.includes(masked));
    assert.ok(JSON.stringify(run.trace).includes(`login with password=${masked}`));
    assert.ok(JSON.stringify(run.trace).includes(`/login/${masked}`));
  });

  test('are masked in a replay, and its token and line are whole', async () => {
    const found = await failureOf();
    const again = await thrownBy(() => replay(leaky(), found.token));
    assert.ok(again instanceof CheckFailure && !again.message.includes(SECRET));
    assert.equal(again.token, found.token);
    assert.ok(again.message.endsWith(found.token + "')"));
    assert.ok(reportOf(again).includes(found.token));
  });

  test("are there in the data of the failure, which is the program's own", async () => {
    const { result } = await failureOf();
    assert.deepEqual(result.history[0]?.input, { password: SECRET });
  });

  test('are shown where scenario or exploration says so, and hidden where one says more', async () => {
    for (const failure of [
      await failureOf({ mask: false }),
      await failureOf({}, { report: { mask: false } }),
    ]) {
      assert.match(failure.message, new RegExp(SECRET));
      assert.match(reportOf(failure), new RegExp(BEARER));
      assert.equal(failure.cause, failure.result.violations[0]?.error);
    }
    const more = await failureOf({ mask: ['nickname'] }, { report: { unmask: ['password'] } });
    const report = reportOf(more);
    assert.match(report, new RegExp(SECRET));
    assert.match(report, /"nickname":"\[masked/);
    assert.doesNotMatch(report, new RegExp(BEARER));
    const shownAgain = await failureOf({ mask: false }, { report: { mask: [] } });
    assert.ok(!shownAgain.message.includes(SECRET));
  });

  test('cannot be told by what is no name', async () => {
    for (const report of [
      { mask: true },
      { mask: 'password' },
      { mask: [''] },
      { unmask: [1] },
      { hide: [] },
    ]) {
      assert.throws(() => leaky(report), OptionError);
    }
    await assert.rejects(() => explore(leaky(), { report: { mask: true } as never }), OptionError);
  });
});
