// What fails is kept in the file of counterexamples as soon as it is found, and replaced when it is shrunk.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CheckFailure, defineScenario, explore, handler, replay } from '../../../src/index.ts';
import { KnownFailures } from '../../../src/explore/memory/known-failures.ts';
import { readRegressions } from '../../../src/explore/memory/regressions.ts';
import { failureOf, till } from './till.ts';

describe('the file of counterexamples, before one is shrunk', () => {
  test('has what was found at once, until it is shrunk', async () => {
    const { scenario, read } = till();
    const meanwhile: unknown[] = [];
    const failure = await failureOf(scenario, {
      bail: false,
      onProgress: ({ phase }) => void (phase === 'shrinking' && meanwhile.push(read().counterexamples)),
    });
    assert.ok(meanwhile.length > 1, 'it is shrunk');
    const [[found]] = meanwhile as [[Record<string, unknown>]];
    for (const entries of meanwhile) assert.deepEqual(entries, [found]);
    assert.equal(found.failed, 'WT_INVARIANT charged once');
    assert.match(
      String(found.message),
      /^Found in run \d+; the exploration was ended before it was shrunk\.$/,
    );
    const again = await replay(scenario, String(found.token)).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(again instanceof CheckFailure && again.message.includes('charged once'), String(again));
    // The shrunk one takes its place.
    assert.deepEqual(
      read().counterexamples.map(({ token }) => token),
      [failure.token],
    );
    assert.notEqual(failure.token, found.token);
  });

  test('loses no entry that somebody else wrote meanwhile, though it is the same run', async () => {
    const { scenario, path, read } = till();
    let found = '';
    const failure = await failureOf(scenario, {
      onProgress: ({ phase }) => void (phase === 'shrinking' && (found ||= readFileSync(path, 'utf8'))),
    });
    rmSync(path);
    const again = await failureOf(scenario, {
      onProgress: ({ phase }) => void (phase === 'exploring' && writeFileSync(path, found)),
    });
    assert.equal(again.token, failure.token);
    const [theirs] = (JSON.parse(found) as ReturnType<typeof read>).counterexamples;
    assert.deepEqual(
      read().counterexamples.map(({ token }) => token),
      [theirs?.token, failure.token],
    );
  });

  describe('has what a killed exploration had found', () => {
    const killed = async (): Promise<ReturnType<typeof till> & { found: string; shrunk: CheckFailure }> => {
      const made = till();
      let found = '';
      const shrunk = await failureOf(made.scenario, {
        onProgress: ({ phase }) =>
          void (phase === 'shrinking' && (found ||= readFileSync(made.path, 'utf8'))),
      });
      writeFileSync(made.path, found);
      return { ...made, found, shrunk };
    };

    test('which fails again, and is shrunk then', async () => {
      const { scenario, shrunk, read } = await killed();
      assert.equal(read().counterexamples[0]?.timeline?.toString(), '');
      const known = await failureOf(scenario);
      assert.match(known.message, /known: it is in/);
      assert.match(known.message, /kept in /);
      assert.equal(known.runs.explored, 0);
      assert.ok(known.runs.shrinking > 0);
      assert.equal(known.token, shrunk.token);
      const [entry, ...others] = read().counterexamples;
      assert.deepEqual([entry?.token, entry?.generated, others], [shrunk.token, undefined, []]);
      assert.notDeepEqual(entry?.timeline, []);
    });

    test('which stays where nothing may be written, and where its workload is another', async () => {
      const { scenario, found, path, read } = await killed();
      const token = read().counterexamples[0]?.token;
      const { runs, ...inCi } = await failureOf(scenario, { regressions: 'read' });
      assert.notEqual(inCi.token, token);
      assert.ok(runs.shrinking > 0);
      assert.equal(readFileSync(path, 'utf8'), found);
      const other = { ...scenario, workload: fc.constant(2).map((tries) => tries + 5) };
      const known = await failureOf(other);
      assert.equal(known.token, token);
      assert.equal(readFileSync(path, 'utf8'), found);
    });

    test('which passes: nobody knows whether that is the repair', async () => {
      const { scenario, found, path } = await killed();
      const repaired = till({ path: scenario.file as string, isRepaired: true });
      await assert.rejects(explore(repaired.scenario, { regressions: 'write', vacuity: false }), {
        code: 'WT_STALE',
        message: /it passes, and was not shrunk when it was found/,
      });
      assert.equal(readFileSync(path, 'utf8'), found);
    });

    test('with a name of its input that is none', async () => {
      const { scenario, found, path } = await killed();
      writeFileSync(path, found.replace(/"nth": \d+/, '"nth": 100000000'));
      await assert.rejects(explore(scenario, { regressions: 'read' }), {
        code: 'WT_REGRESSIONS',
        message: /expected counterexamples\[0\]\.generated to be \{ seed, nth \} with whole numbers, got /,
      });
    });
  });

  test('can be read whatever input was found: one that is too far to be generated again is left out', () => {
    const { scenario, path } = till();
    const known = new KnownFailures(scenario, 'write');
    known.keepFound({ number: 1, failed: 'a', token: 'a', generated: { seed: 1, nth: 9_999 } });
    known.keepFound({ number: 2, failed: 'b', token: 'b', generated: { seed: 1, nth: 10_000 } });
    const { entries } = readRegressions(path, false);
    assert.deepEqual(
      entries.map(({ generated }) => generated),
      [{ seed: 1, nth: 9_999 }, undefined],
    );
  });

  test('has what cannot be shrunk, told in full', async () => {
    const { scenario, read } = till();
    const failure = await failureOf(scenario, { shrinkRunsMax: 0 });
    const [entry, ...others] = read().counterexamples;
    assert.deepEqual([entry?.token, others], [failure.token, []]);
    assert.equal(entry?.message, failure.result.violations[0]?.message);
    assert.notDeepEqual(entry?.timeline, []);
  });

  test('does not keep what is another run the second time', async () => {
    const { scenario, path, read } = till();
    let runs = 0;
    const shaky = defineScenario({
      name: 'shaky',
      hosts: { bank: handler(() => () => new Response('')) },
      async drive(world) {
        const route = ++runs < 60 ? 'same' : runs;
        await world.client('till', () => fetch(`http://bank/${route}`));
      },
      finally: { holds: () => runs < 60 },
    });
    let seen: number | undefined;
    const came: unknown = await explore(
      { ...shaky, file: scenario.file },
      {
        ...{ regressions: 'write', vacuity: false, repeatEvery: 1_000, runs: 1_000 },
        onProgress: () => void (existsSync(path) && (seen ??= read().counterexamples.length)),
      },
    ).catch((error: unknown) => error);
    assert.equal((came as { code?: unknown }).code, 'WT_DIVERGED', String(came));
    assert.equal(seen, 1);
    assert.deepEqual(read().counterexamples, []);
  });
});
