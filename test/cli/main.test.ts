// The command line as a process of its own, in temporary folders.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { folderWith, run, wavetank } from './command.ts';

function scenarioFile({ name = 'greeting', body = 'drive() {},', faults = '' } = {}): string {
  return `
    import { defineScenario, handler, swarm } from ${JSON.stringify(wavetank)};
    export default defineScenario({
      name: ${JSON.stringify(name)},
      hosts: { server: handler(() => () => new Response('hello')) },
      ${faults}
      ${body}
    });`;
}

const passing = scenarioFile({
  body: `async drive(world) {
    await world.client('guest', (client) => client.operation('ask', null, () => fetch('http://server/')));
  },`,
});

const failing = scenarioFile({
  name: 'failing',
  faults: 'faults: swarm({ drop: true }),',
  body: `async drive(world) {
    await world.client('guest', async (client) => {
      const ask = () => fetch('http://server/', { signal: AbortSignal.timeout(500) });
      for (let i = 0; i < 5; i++) await client.operation('ask', i, ask);
    });
  },
  always: {
    'every question is answered': (world) =>
      world.history.every(({ type }) => type === 'ok' || type === 'pending'),
  },`,
});

/** Whether a text is plain lines: no colours, nothing that moves the cursor. */
function isPlain(text: string): boolean {
  return !text.includes('\u001b') && !text.includes('\r');
}

describe('the command line', { concurrency: 2 }, () => {
  test('exits with 0 when every scenario passed, and says how many runs there were', async () => {
    const folder = folderWith({
      'a.sim.ts': passing,
      'deep/b.sim.ts': passing,
      'node_modules/c.sim.ts': 'throw 1',
    });
    const { code, stdout, stderr } = await run(folder, ['explore', '--runs', '30', '--seed', '7']);
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.split('\n').filter((line) => line.startsWith('greeting passed: 30 runs, seed 7, '));
    assert.equal(lines.length, 2, stdout);
    assert.ok(isPlain(stdout), stdout);
  });

  test('exits with 1 and a line that replays it when something failed', async () => {
    const folder = folderWith({ 'failing.sim.ts': failing, 'passing.sim.ts': passing });
    const { code, stdout, stderr } = await run(folder, ['explore', '.']);
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(stdout, /^CheckFailure \[WT_INVARIANT\]: `every question is answered` is illegal/m);
    assert.match(stdout, /^greeting passed: 100 runs/m, 'a failure does not keep the others from running');
    assert.ok(isPlain(stdout), stdout);

    const [report = ''] = readdirSync(join(folder, '.wavetank'));
    assert.match(report, /^failing-\d+\.html$/);
    assert.match(stdout, new RegExp(`^  report: \\.wavetank/${report}$`, 'm'));
    assert.match(readFileSync(join(folder, '.wavetank', report), 'utf8'), /dropped message/);

    const token = tokenOf(stdout);
    const replayed = await run(folder, ['replay', 'failing.sim.ts', token]);
    assert.deepEqual([replayed.code, replayed.stderr], [1, '']);
    assert.match(replayed.stdout, /the same run: trace [0-9a-f]{16}/);

    // The code is repaired: the run passes, and says that it is another one.
    writeFileSync(join(folder, 'failing.sim.ts'), failing.replace("type === 'ok' ||", 'true ||'));
    const repaired = await run(folder, ['replay', 'failing.sim.ts', token]);
    assert.deepEqual([repaired.code, repaired.stderr], [0, '']);
    assert.match(repaired.stdout, /^failing passed: .*does not fail any more/);

    // The code is another one: nothing that the token names happens.
    writeFileSync(join(folder, 'failing.sim.ts'), failing.replace('i < 5', 'i < 0'));
    const stale = await run(folder, ['replay', 'failing.sim.ts', token]);
    assert.equal(stale.code, 3);
    assert.match(stale.stdout, /^StaleReplayError \[WT_STALE\]: /);
  });

  test('exits with 2 when code was about to leave the simulation, unless something failed', async () => {
    const escaping = passing
      .replace('"greeting"', '"escaping"')
      .replace("new Response('hello')", "new Response(process.binding('tcp_wrap'))");
    const folder = folderWith({ 'a.sim.ts': escaping, 'b.sim.ts': passing });
    const { code, stdout, stderr } = await run(folder, ['explore', '.']);
    assert.deepEqual([code, stderr], [2, '']);
    assert.match(
      stdout,
      /^EscapeError \[WT_ESCAPE\]: host `server` called `process\.binding\("tcp_wrap"\)`/m,
    );
    assert.match(stdout, /^ {2}at a\.sim\.ts:\d+:\d+, virtual time \S+ ms, scenario `escaping`, seed \d+$/m);
    assert.match(stdout, /^greeting passed/m);
    writeFileSync(join(folder, 'c.sim.ts'), failing);
    assert.equal((await run(folder, ['explore', '.'])).code, 1);
  });

  test('exits with 130 when it is interrupted, after the current run', async () => {
    const folder = folderWith({ 'a.sim.ts': `${passing}\nconsole.log('loaded');` });
    const { code, stdout } = await run(folder, ['explore', '--time', '10m'], {
      onOutput: (text, interrupt) => {
        if (text === 'loaded\n') interrupt();
      },
    });
    assert.equal(code, 130);
    assert.match(stdout, /^greeting interrupted: \d+ runs/m);
  });

  test('exits with 2 and the usage for words that it does not understand', async () => {
    const folder = folderWith({ 'a.sim.ts': passing, 'empty/readme.md': '' });
    const cases: [words: string[], message: RegExp][] = [
      [[], /^UsageError: Expected a command\./],
      [['exlpore'], /^UsageError: Unknown command "exlpore": did you mean "explore"\?/],
      [['explore', '--rnus', '5'], /^UsageError: Unknown option '--rnus'/],
      [['explore', '--runs'], /^UsageError: .*--runs/],
      [['explore', '--runs', '0'], /^UsageError: Expected --runs to be a whole number >= 1, got "0"\./],
      [['explore', '--runs', '1.5'], /^UsageError: Expected --runs/],
      [['explore', '--seed', 'x'], /^UsageError: Expected --seed to be a whole number >= 0, got "x"\./],
      [['explore', '--time', '10'], /^UsageError: Expected --time like 500ms, 10s or 2m, got "10"\./],
      [['explore', 'empty'], /^UsageError: Found no scenario file \(\*\.sim\.ts\) in empty\./],
      [
        ['explore', 'nowhere'],
        /^UsageError: Expected a scenario file \(\*\.sim\.ts\) or a folder, got nowhere\./,
      ],
      [['explore', 'nowhere.sim.ts'], /^UsageError: There is no file nowhere\.sim\.ts\./],
      [['replay'], /^UsageError: Expected `wavetank replay FILE TOKEN`\./],
      [['replay', 'a.sim.ts'], /^UsageError: Expected `wavetank replay FILE TOKEN`\./],
      [['replay', 'a.sim.ts', 'b', 'c'], /^UsageError: Expected `wavetank replay FILE TOKEN`\./],
    ];
    for (const [words, message] of cases) {
      const { code, stdout, stderr } = await run(folder, words);
      assert.deepEqual([code, stdout], [2, ''], words.join(' '));
      assert.match(stderr, message);
      assert.match(stderr, /wavetank replay FILE TOKEN {7}makes exactly one run again/);
    }
    const { code, stderr } = await run(folder, ['explore', '--seed', '4294967296']);
    assert.equal(code, 2);
    assert.match(stderr, /^RangeError \[WT_OPTION\]: Expected `seed` to be an integer from 0 to 4294967295/);
    const misspelt = await run(folder, ['explore', '--strategy', 'bonded']);
    assert.equal(misspelt.code, 2);
    assert.match(misspelt.stderr, /--strategy: unknown strategy "bonded": did you mean "bounded"\?/);
  });

  test('exits with 2 for a file that exports no scenario, or cannot be loaded', async () => {
    const folder = folderWith({
      'none.sim.ts': 'export const answer = 42;',
      'nothing.sim.ts': 'export {};',
      'broken.sim.ts': "throw new Error('a mistake at the top');",
      'wrong.sim.ts': scenarioFile({ body: "drive() {}, always: { it: 'is a text' }," }),
    });
    const cases: [file: string, message: RegExp][] = [
      [
        'none.sim.ts',
        /UsageError: Expected none\.sim\.ts to export a scenario, got `42` \(number\)\. Write `export/,
      ],
      ['nothing.sim.ts', /UsageError: Expected nothing\.sim\.ts to export a scenario, got nothing\./],
      ['broken.sim.ts', /UsageError: broken\.sim\.ts cannot be loaded: Error: a mistake at the top/],
      [
        'wrong.sim.ts',
        /UsageError: wrong\.sim\.ts cannot be loaded: .*Expected `always\["it"\]` to be a function/,
      ],
    ];
    for (const [file, message] of cases) {
      const { code, stderr } = await run(folder, ['explore', file]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
  });

  test('exits with 2 for a token that is damaged, of another version or of another scenario', async () => {
    const folder = folderWith({ 'failing.sim.ts': failing, 'a.sim.ts': passing });
    const token = tokenOf((await run(folder, ['explore', 'failing.sim.ts'])).stdout);
    const packed = token.slice(4, token.lastIndexOf('.'));
    const altered = `${packed.slice(0, 10)}${packed[10] === 'A' ? 'B' : 'A'}${packed.slice(11)}`;
    const cases: [file: string, token: string, message: RegExp][] = [
      ['failing.sim.ts', token.slice(0, -3), /was truncated or altered: its checksum is wrong/],
      ['failing.sim.ts', token.slice(0, 20), /Expected a replay token \("wt1:\.\.\."\), got "wt1:/],
      ['failing.sim.ts', token.replace(packed, altered), /was truncated or altered/],
      [
        'failing.sim.ts',
        `wt9${token.slice(3)}`,
        /Expected a replay token of version "wt1", got one of "wt9"/,
      ],
      ['failing.sim.ts', 'nonsense', /Expected a replay token \("wt1:\.\.\."\), got "nonsense"/],
      [
        'failing.sim.ts',
        `wt1:AAAA.${crc32(Buffer.from('AAAA', 'base64url')).toString(36)}`,
        /The replay token cannot be read/,
      ],
      ['a.sim.ts', token, /The replay token is for scenario `failing`, not for `greeting`/],
    ];
    for (const [file, each, message] of cases) {
      const { code, stdout, stderr } = await run(folder, ['replay', file, each]);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, /^TokenError \[WT_TOKEN\]: /);
      assert.match(stderr, message);
    }
  });

  test('tells its usage and its version', async () => {
    const folder = folderWith({});
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    for (const word of ['--help', '-h']) {
      const { code, stdout } = await run(folder, [word]);
      assert.equal(code, 0);
      assert.match(
        stdout,
        /Exit codes: 0 passed, 1 counterexample or .*\n70 internal error, 130 interrupted\./,
      );
    }
    assert.deepEqual(await run(folder, ['--version']), {
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  });

  test('takes files of every kind of module, and several scenarios of one file', async () => {
    const folder = folderWith({
      'a.sim.mts': passing.replace('greeting', 'of mts'),
      'b.sim.js': passing.replace('greeting', 'of js'),
      'c.sim.ts': `${passing}\n${passing
        .replace(/import .*\n/, '')
        .replace('export default', 'export const second =')
        .replace('greeting', 'the second')}`,
      'package.json': '{"type":"module"}',
    });
    const { code, stdout, stderr } = await run(folder, ['explore', '--runs', '2']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.match(/^.*(?= passed)/gm)?.toSorted(), [
      'greeting',
      'of js',
      'of mts',
      'the second',
    ]);
  });
});

function tokenOf(stdout: string): string {
  const token = /replay: npx wavetank replay \S+ (wt1:\S+)/.exec(stdout)?.[1];
  assert.ok(token !== undefined, stdout);
  return token;
}
