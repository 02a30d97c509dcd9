// The memory of explorations: the file of counterexamples beside a scenario, whatever state it is in.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { CheckFailure, explore } from '../../../src/index.ts';
import { failureOf, folder, till } from './till.ts';

describe('the file of counterexamples', () => {
  test('keeps what was found, and replays it first', async () => {
    const { scenario, path, read } = till();
    const first = await failureOf(scenario);
    assert(first.runs.explored > 0);
    assert.match(first.message, /kept in .*till-\d+\.sim\.regressions\.json: replayed first from now on/);
    const [entry, ...others] = read().counterexamples;
    assert.deepEqual(others, []);
    assert.equal(entry?.token, first.token);
    assert.equal(entry.failed, 'WT_INVARIANT charged once');
    assert.equal(entry.message, first.result.violations[0]?.message);
    assert.match((entry.timeline as string[]).join('\n'), /till → bank +POST \/charge/);
    assert.match(String(entry.wavetank), /^\d+\.\d+\.\d+/);
    const again = await failureOf(scenario);
    assert.equal(again.runs.explored, 0);
    assert.equal(again.token, first.token);
    assert.match(again.message, /known: it is in till-\d+\.sim\.regressions\.json/);
    assert.equal(read().counterexamples.length, 1);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(basename(path)) && name !== basename(path)),
      [],
    );
  });

  test('passes once what it has is repaired, and still has it', async () => {
    const { scenario, path, read } = till();
    await failureOf(scenario);
    const before = readFileSync(path, 'utf8');
    const repaired = till({ path: scenario.file as string, isRepaired: true });
    const exploration = await explore(repaired.scenario, { regressions: 'write', vacuity: false });
    assert.equal(exploration.known, 1);
    assert.equal(readFileSync(path, 'utf8'), before);
    assert.equal(read().counterexamples.length, 1);
  });

  test('is not written in CI, nor where that is said', async () => {
    for (const regressions of ['read', 'off'] as const) {
      const { scenario, path } = till();
      await failureOf(scenario, { regressions });
      assert.equal(existsSync(path), false);
    }
    const before = { ...process.env };
    try {
      delete process.env.WAVETANK_REGRESSIONS;
      process.env.CI = 'true';
      const { scenario, path } = till();
      await assert.rejects(explore(scenario), CheckFailure);
      assert.equal(existsSync(path), false);
      delete process.env.CI;
      await assert.rejects(explore(scenario), CheckFailure);
      assert.equal(existsSync(path), true);
      process.env.WAVETANK_REGRESSIONS = 'sometimes';
      await assert.rejects(
        explore(scenario),
        /Expected `WAVETANK_REGRESSIONS` to be "write", "read" or "off"/,
      );
    } finally {
      process.env = before;
    }
  });

  test('says what is stale, when nothing else fails', async () => {
    const { scenario } = till();
    await failureOf(scenario);
    const path = scenario.file as string;
    const moved = till({ path, isRepaired: true, route: '/payments' });
    await assert.rejects(explore(moved.scenario, { regressions: 'write', vacuity: false }), {
      name: 'StaleReplayError [WT_STALE]',
      message: /nothing fails, but a known counterexample of .*these faults of the token struck nothing/s,
    });
    // What fails anew is worth more.
    const broken = await failureOf(till({ path, route: '/payments' }).scenario);
    assert.match(broken.message, /POST \/payments/);
  });

  test('belongs to the scenario that it names', async () => {
    const { scenario, read } = till();
    await failureOf(scenario);
    const other = till({ path: scenario.file as string, name: 'other till' });
    const found = await failureOf(other.scenario);
    assert(found.runs.explored > 0);
    assert.deepEqual(
      read().counterexamples.map(({ scenario: name }) => name),
      ['till', 'other till'],
    );
  });

  test('an entry whose token is cut off is stale, and the others are replayed', async () => {
    const { scenario, path, read } = till();
    const { token } = await failureOf(scenario);
    const { counterexamples, ...head } = read();
    const [entry] = counterexamples;
    const cut = { ...entry, token: token.slice(0, -9) };
    writeFileSync(path, JSON.stringify({ ...head, counterexamples: [cut, entry] }));
    assert.equal((await failureOf(scenario)).token, token);
    writeFileSync(path, JSON.stringify({ ...head, counterexamples: [cut] }));
    const repaired = till({ path: scenario.file as string, isRepaired: true });
    const exploring = explore(repaired.scenario, { regressions: 'write', vacuity: false });
    await assert.rejects(exploring, /known counterexample .*TokenError/s);
  });

  test('is set aside where it is damaged, and nothing of it is lost', async () => {
    const damages: [(text: string) => string, RegExp][] = [
      [(text) => text.slice(0, text.length / 2), /is damaged \(.*JSON/],
      [() => '', /is damaged/],
      [() => 'null', /expected "format": "wavetank-regressions", got `undefined`/],
      [
        (text) => text.replace('"version": 1', '"version": "1"'),
        /expected "version": 1, got `"1"` \(string\)/,
      ],
      [(text) => text.replace('"token"', '"tokne"'), /expected counterexamples\[0\]\.token to be a string/],
      [
        (text) => text.replace(/"timeline": \[[^\]]*\]/, '"timeline": [5]'),
        /timeline to be a list of strings/,
      ],
    ];
    for (const [damage, said] of damages) {
      const { scenario, path, read } = till();
      await failureOf(scenario);
      const damaged = damage(readFileSync(path, 'utf8'));
      writeFileSync(path, damaged);
      await assert.rejects(explore(scenario, { regressions: 'read' }), {
        name: 'RegressionsError [WT_REGRESSIONS]',
        message: /is damaged: .*Restore it \(`git checkout -- .*sim\.regressions\.json`\)/s,
      });
      assert.equal(readFileSync(path, 'utf8'), damaged);
      const failure = await failureOf(scenario);
      assert.match(failure.message, said);
      assert.match(failure.message, /put aside as .*\.damaged, and is begun anew/);
      assert.equal(readFileSync(`${path}.damaged`, 'utf8'), damaged);
      assert.equal(read().counterexamples.length, 1);
    }
  });

  test('of a passing exploration that set it aside, the file is told of, too', async () => {
    const { scenario, path } = till({ isRepaired: true });
    writeFileSync(path, '{');
    const { remarks } = await explore(scenario, { regressions: 'write', vacuity: false });
    assert.match(String(remarks), /put aside as/);
  });

  test('of a newer version is left alone', async () => {
    const { scenario, path } = till();
    await failureOf(scenario);
    const newer = readFileSync(path, 'utf8').replace('"version": 1', '"version": 2');
    writeFileSync(path, newer);
    for (const regressions of ['read', 'write'] as const) {
      await assert.rejects(explore(scenario, { regressions }), {
        name: 'RegressionsError [WT_REGRESSIONS]',
        message: /written by a newer wavetank: expected version 1, got 2\. Update wavetank/,
      });
    }
    assert.equal(readFileSync(path, 'utf8'), newer);
  });

  test('with conflict markers of git is read on both sides, and not written', async () => {
    const { scenario, path } = till();
    const { token } = await failureOf(scenario);
    const whole = readFileSync(path, 'utf8');
    const name = 'other till';
    const theirs = till({ name });
    await failureOf(theirs.scenario);
    const [ours, other] = [whole, readFileSync(theirs.path, 'utf8')].map((text) => {
      const [, entry = ''] = /"counterexamples": \[\n([\s\S]*?)\n {2}\]/.exec(text) ?? [];
      return entry;
    });
    for (const base of ['', '||||||| parent\n']) {
      const marked = `<<<<<<< HEAD\n${ours}\n${base}=======\n${other}\n>>>>>>> their branch\n`;
      writeFileSync(
        path,
        whole.replace(`${ours}\n`, () => marked),
      );
      const before = readFileSync(path, 'utf8');
      const own = await failureOf(scenario);
      assert.equal(own.token, token);
      assert.match(own.message, /has conflict markers of git\..*those of both are replayed/s);
      const both = await failureOf({ ...theirs.scenario, file: scenario.file });
      assert.equal(both.runs.explored, 0);
      assert.equal(readFileSync(path, 'utf8'), before);
    }
    const third = await failureOf(till({ path: scenario.file as string, name: 'third till' }).scenario);
    assert.match(third.message, /not kept: .*has conflict markers of git/s);
    writeFileSync(path, whole.replace('"counterexamples"', '\n<<<<<<< HEAD\n"counterexamples"'));
    await assert.rejects(explore(scenario, { regressions: 'write' }), /has conflict markers of git/);
  });

  test('that cannot be written is told of beside the failure', async () => {
    const { scenario } = till({ path: join(folder, 'a-file', 'till.sim.ts') });
    writeFileSync(join(folder, 'a-file'), '');
    assert.match((await failureOf(scenario)).message, /not kept: .*regressions\.json cannot be written: E/);
    mkdirSync(join(folder, 'folder.sim.regressions.json'));
    const { scenario: other } = till({ path: join(folder, 'folder.sim.ts') });
    await assert.rejects(
      explore(other, { regressions: 'write' }),
      /regressions\.json cannot be read: EISDIR/,
    );
  });

  test('is none for scenarios of other files', async () => {
    const { scenario } = till({ path: join(folder, 'till.test.ts') });
    const failure = await failureOf(scenario);
    assert.doesNotMatch(failure.message, /kept/);
  });
});
