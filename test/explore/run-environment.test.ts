// What the environment says about an exploration, and that explorations and the command line heed it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import {
  CheckFailure,
  defineScenario,
  explore,
  handler,
  OptionError,
  VacuousError,
} from '../../src/index.ts';
import type { Scenario, ScenarioOptions } from '../../src/index.ts';
import { commitHash } from '../../src/explore/commit.ts';
import { runEnvironment } from '../../src/explore/run-environment.ts';
import { folderWith, run, wavetank } from '../cli/command.ts';

const HASH = 'CAFEBABE'.padEnd(40, '0');
const SEED = 0xcafebabe;
/** No repository: folders below do not find that of this project. */
const nowhere = mkdtempSync(join(tmpdir(), 'wavetank-commit-'));
after(() => rmSync(nowhere, { recursive: true, force: true }));

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(nowhere, 'case-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe('the environment', () => {
  test('says nothing by itself', () => {
    assert.deepEqual(runEnvironment({}, {}, nowhere), {});
    assert.deepEqual(runEnvironment({}, { WAVETANK_SEED: '', WAVETANK_RUNS: ' ' }, nowhere), {});
  });

  test('gives the seed and the number of runs, before what the code says', () => {
    const env = { WAVETANK_SEED: '7', WAVETANK_RUNS: '1000', CI: 'true', GITHUB_SHA: HASH };
    const said = { seed: 7, seedOrigin: 'WAVETANK_SEED', runs: 1000 };
    assert.deepEqual(runEnvironment({ seed: 3 }, env, nowhere), said);
    assert.deepEqual(runEnvironment({ seed: 3, environment: false }, env, nowhere), {});
  });

  for (const CI of ['true', '1', 'TRUE']) {
    test(`gives the seed of the commit in CI (CI=${CI}), where the code says none`, () => {
      const env = { CI, GITHUB_SHA: HASH };
      const said = { seed: SEED, seedOrigin: 'commit cafebabe0000' };
      assert.deepEqual(runEnvironment({}, env, nowhere), said);
      assert.deepEqual(runEnvironment({ seed: 3 }, env, nowhere), {});
    });
  }

  for (const CI of ['', '0', 'false', undefined]) {
    test(`does not ask for the commit outside of CI (CI=${CI})`, () => {
      assert.deepEqual(runEnvironment({}, { CI, GITHUB_SHA: HASH }, nowhere), {});
    });
  }

  for (const [name, value] of [
    ['WAVETANK_SEED', '4294967296'],
    ['WAVETANK_SEED', '-1'],
    ['WAVETANK_SEED', '0x10'],
    ['WAVETANK_SEED', 'cafebabe'],
    ['WAVETANK_RUNS', '0'],
    ['WAVETANK_RUNS', '1e3'],
    ['WAVETANK_RUNS', '9007199254740993'],
  ] as const) {
    test(`refuses ${name}=${value}`, () => {
      assert.throws(
        () => runEnvironment({}, { [name]: value }, nowhere),
        (error) =>
          error instanceof OptionError &&
          error.message.includes(`\`${name}\``) &&
          error.message.includes(`"${value}"`) &&
          /variable of the environment/.test(error.message),
      );
    });
  }
});

describe('the commit', () => {
  const other = 'ab'.repeat(20);
  const at = (files: Record<string, string>, below = ''): string | undefined =>
    commitHash({}, join(folderOf(files), below));

  test('is what the CI service says, if that is a hash', () => {
    const folder = folderOf({ '.git/HEAD': other });
    assert.equal(commitHash({ CI_COMMIT_SHA: HASH }, folder), HASH.toLowerCase());
    assert.equal(commitHash({ BUILD_VCS_NUMBER: '1234', GITHUB_SHA: '' }, folder), other);
  });
  test('is HEAD, of this folder or of one above', () => {
    assert.equal(at({ '.git/HEAD': `${other}\n` }), other);
    assert.equal(at({ '.git/HEAD': `${other}\n`, 'src/deep/file': '' }, 'src/deep'), other);
  });
  test('is that of the branch which HEAD names', () => {
    assert.equal(at({ '.git/HEAD': 'ref: refs/heads/a/b\n', '.git/refs/heads/a/b': `${other}\n` }), other);
  });
  test('is that of a packed branch', () => {
    const packed = `# pack-refs\n${HASH} refs/heads/main-2\n${other} refs/heads/main\n^${HASH}\n`;
    assert.equal(at({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': packed }), other);
  });
  test('is that of another work tree', () => {
    const files = {
      'tree/.git': 'gitdir: ../main/.git/worktrees/tree\n',
      'main/.git/worktrees/tree/HEAD': 'ref: refs/heads/x\n',
      'main/.git/worktrees/tree/commondir': '../..\n',
      'main/.git/refs/heads/x': other,
    };
    assert.equal(at(files, 'tree'), other);
  });
  test('is unknown where there is none, or nobody can read it', () => {
    assert.equal(commitHash({}, nowhere), undefined);
    assert.equal(at({ '.git/HEAD': 'ref: refs/heads/main\n' }), undefined);
    assert.equal(at({ '.git/HEAD': 'nonsense' }), undefined);
  });
  test('is what git says of a real repository', () => {
    const folder = folderOf({ file: 'text' });
    const git = (...words: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        cwd: folder,
        encoding: 'utf8',
      }).trim();
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'one');
    const said = git('rev-parse', 'HEAD');
    assert.equal(commitHash({}, folder), said);
    git('pack-refs', '--all');
    assert.equal(commitHash({}, folder), said);
  });
});

const NAMES = ['CI', 'GITHUB_SHA', 'WAVETANK_SEED', 'WAVETANK_RUNS'];

function scenarioOf(more: Partial<ScenarioOptions<undefined>> = {}): Scenario<undefined> {
  return defineScenario({
    name: 'still',
    hosts: { idle: handler(() => () => new Response()) },
    async drive() {},
    ...more,
  });
}

/** Explores with variables set; what it threw, or what it gave back. */
async function explored(env: Record<string, string>, ...rest: Parameters<typeof explore>): Promise<unknown> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await explore(...rest).catch((error: unknown) => error);
  } finally {
    for (const name of NAMES) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

describe('an exploration', { concurrency: false }, () => {
  const scenario = scenarioOf() as Scenario;
  const failing = scenarioOf({ always: { 'it holds': () => false } }) as Scenario;
  const counts = (came: unknown): unknown => {
    const { seed, runs } = came as { seed: number; runs: number };
    return { seed, runs };
  };

  test('makes the runs that the environment asks for, from its seed', async () => {
    const env = { WAVETANK_SEED: '9', WAVETANK_RUNS: '5' };
    assert.deepEqual(counts(await explored(env, scenario, { seed: 2, runs: 3 })), { seed: 9, runs: 5 });
    const deaf = { seed: 2, runs: 3, environment: false };
    assert.deepEqual(counts(await explored(env, scenario, deaf)), { seed: 2, runs: 3 });
  });

  test('begins at the commit in CI, unless the code says where', async () => {
    const env = { CI: 'true', GITHUB_SHA: HASH };
    assert.deepEqual(counts(await explored(env, scenario, { runs: 2 })), { seed: SEED, runs: 2 });
    assert.deepEqual(counts(await explored(env, scenario, { runs: 2, seed: 4 })), { seed: 4, runs: 2 });
  });

  test('tells in its failure how to begin there again, once', async () => {
    const env = { CI: 'true', GITHUB_SHA: HASH };
    const origin = 'from commit cafebabe0000';
    const line = `base seed ${SEED}, ${origin}: WAVETANK_SEED=${SEED} makes the same runs again`;
    const failure = await explored(env, failing, { runs: 2 });
    assert.ok(failure instanceof CheckFailure);
    assert.equal(failure.message.split(line).length, 2);
    assert.equal(failure.stack?.split(line).length, 2);
    const again = await explored({ WAVETANK_SEED: String(SEED) }, failing, { runs: 2 });
    assert.equal((again as CheckFailure).token, failure.token);
    const vacuous = await explored(env, scenarioOf({ sometimes: ['nothing'] }), { runs: 2 });
    assert.ok(vacuous instanceof VacuousError);
    assert.match(vacuous.message, new RegExp(line));
    const plain = await explored({}, failing, { runs: 2 });
    assert.doesNotMatch((plain as Error).message, /WAVETANK_SEED/);
  });

  test('refuses a variable that is no number before anything runs', async () => {
    const refused = await explored({ WAVETANK_RUNS: 'many' }, scenario, { runs: 2 });
    assert.ok(refused instanceof OptionError);
    assert.match(refused.message, /Expected `WAVETANK_RUNS` to be an integer >= 1, got `"many"` \(string\)/);
  });
});

describe('the command line', () => {
  const sim = `import { defineScenario, handler } from '${wavetank}';
export default defineScenario({
  name: 'still', hosts: { idle: handler(() => () => new Response()) }, async drive() {},
});`;
  const folder = folderWith({ 'still.sim.mjs': sim });
  const env = { CI: 'true', GITHUB_SHA: HASH, WAVETANK_RUNS: '3' };

  test('begins at the commit in CI, and says so first', async () => {
    const { code, stdout, stderr } = await run(folder, ['explore'], { env });
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`3 runs, seed ${SEED},`));
    assert.match(stderr, new RegExp(`^base seed ${SEED}, from commit cafebabe0000: WAVETANK_SEED=${SEED} `));
  });

  test('does what was typed rather than what the environment says', async () => {
    const seeded = { env: { ...env, WAVETANK_SEED: '8' } };
    const { stdout, stderr } = await run(folder, ['explore', '--seed', '2', '--runs', '4'], seeded);
    assert.match(stdout, /4 runs, seed 2,/);
    assert.doesNotMatch(stderr, /seed/);
  });
});
