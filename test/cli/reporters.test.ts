// Reporters of the command line, as a process of its own: several at once, from runs and from stored reports.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ReportDocument } from '../../src/report/document.ts';
import { readDocument } from '../../src/report/read-document.ts';
import { folderWith, run, wavetank } from './command.ts';

/** A file with a scenario that passes and one that fails, whose message a machine could obey. */
const SCENARIOS = `
import { defineScenario, handler } from ${JSON.stringify(wavetank)};
console.log('loaded');
const hosts = { server: handler(() => () => new Response('hello')) };
export const calm = defineScenario({ name: 'calm', hosts, drive() {} });
export const wild = defineScenario({
  name: 'wild',
  hosts,
  async drive(world) {
    await world.client('guest', (client) => client.operation('ask', null, () => fetch('http://server/')));
  },
  always: { 'nobody asks': (world) => world.history.length === 0 || 'no\\n::add-mask::hello\\n' },
});`;

const readIn = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');
const documentIn = (folder: string, file: string): ReportDocument =>
  readDocument(readFileSync(join(folder, file)), file);

function replayWords(text: string): string[] {
  const [, file = '', token = ''] = /npx wavetank replay (\S+) (wt1:\S+)/.exec(text) ?? [];
  assert.notEqual(token, '', text);
  return ['replay', file, token];
}

describe('reporters', { concurrency: 2 }, () => {
  test('write their files, while one prints', async () => {
    const folder = folderWith({ 'a.sim.ts': SCENARIOS });
    const words = ['--reporter', 'dot,junit:out/junit.xml', '--reporter', 'json:out/r.json,html,blob'];
    const { code, stdout, stderr } = await run(folder, ['explore', '--runs', '3', ...words]);
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(stdout, /^loaded\n\.F\n\nCheckFailure \[WT_INVARIANT\]: [^]*\n1 passed, 1 failed\n$/);
    assert.deepEqual(readdirSync(join(folder, 'out')).toSorted(), ['junit.xml', 'r.json']);
    const written = readdirSync(join(folder, '.wavetank')).toSorted();
    assert.deepEqual(written, ['history.json', 'report.blob', 'report.html']);
    const document = documentIn(folder, 'out/r.json');
    assert.deepEqual(documentIn(folder, '.wavetank/report.blob'), document);
    assert.deepEqual(
      document.scenarios.map(({ name, outcome, file, line }) => [name, outcome, file, line]),
      [
        ['calm', 'passed', 'a.sim.ts', 5],
        ['wild', 'failed', 'a.sim.ts', 6],
      ],
    );
    assert.match(readIn(folder, 'out/junit.xml'), /<testcase name="wild" classname="a\.sim\.ts"/);

    // From what was stored, in any form: the same again, twice as much, and no failure of this command.
    const stored = ['report', '.wavetank/report.blob', 'out/r.json', '--reporter', 'json:both.json,agent'];
    const again = await run(folder, stored);
    assert.deepEqual([again.code, again.stderr], [0, '']);
    assert.deepEqual(documentIn(folder, 'both.json'), {
      ...document,
      scenarios: [...document.scenarios, ...document.scenarios],
    });
    assert.match(again.stdout, /npx wavetank replay a\.sim\.ts wt1:/);
  });

  test('print a document that is nothing but one, whatever else prints', async () => {
    const folder = folderWith({ 'a.sim.ts': SCENARIOS });
    const { code, stdout, stderr } = await run(folder, ['explore', '--runs', '3', '--reporter', 'json']);
    assert.deepEqual([code, stderr], [1, 'loaded\n']);
    const [, wild] = readDocument(Buffer.from(stdout), 'stdout').scenarios;
    assert.deepEqual(readdirSync(join(folder, '.wavetank')), ['history.json']);

    const words = replayWords(wild?.failure?.replayLine ?? '');
    const replayed = await run(folder, [...words, '--reporter', 'json:-,junit:r.xml']);
    assert.deepEqual([replayed.code, replayed.stderr], [1, 'loaded\n']);
    const [same] = readDocument(Buffer.from(replayed.stdout), 'stdout').scenarios;
    assert.equal(same?.failure?.run.hash, wild?.failure?.run.hash);
    assert.match(same?.failure?.remarks?.[0] ?? '', /^the same run: trace [0-9a-f]{16}$/);
    assert.match(readIn(folder, 'r.xml'), /tests="1" failures="1"/);

    writeFileSync(join(folder, 'a.sim.ts'), SCENARIOS.replace('length === 0', 'length < 9'));
    const repaired = await run(folder, [...words, '--reporter', 'agent']);
    assert.equal(repaired.code, 0, repaired.stdout);
  });

  test('annotate in a job of GitHub Actions, which obeys nothing else', async () => {
    const folder = folderWith({ 'shop/a.sim.ts': SCENARIOS });
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, 'before\n');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: summary };
    const { code, stdout } = await run(join(folder, 'shop'), ['explore', '--runs', '3'], { env });
    assert.equal(code, 1);
    assert.equal(
      obeyed(stdout)
        .join('\n')
        .replace(/::CheckFailure .*/, '::CheckFailure'),
      '::error file=shop/a.sim.ts,line=6,title=wild%3A nobody asks::CheckFailure',
    );
    assert.match(stdout, /^::add-mask::hello$/m, 'it is shown');
    assert.match(readIn(folder, 'summary.md'), /^before\n## wavetank: 1 passed, 1 failed\n/);

    const quiet = await run(join(folder, 'shop'), ['explore', '--runs', '3', '--reporter', 'default'], {
      env,
    });
    assert.deepEqual(obeyed(quiet.stdout), []);
  });

  test('are refused before anything is loaded where they cannot write', async () => {
    const folder = folderWith({ 'a.sim.ts': SCENARIOS, taken: '' });
    const words = ['explore', '--reporter', 'junit:taken/j.xml'];
    const { code, stdout, stderr } = await run(folder, words);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.match(
      stderr,
      /^RangeError \[WT_OPTION\]: Expected `--reporter junit` to be a file that can be written/,
    );
    const mutating = await run(folder, ['mutate', '--reporter', 'dot']);
    assert.match(mutating.stderr, /^UsageError: --reporter is no option of `wavetank mutate`/);
  });

  test('of stored reports name the file that cannot be read', async () => {
    const folder = folderWith({
      'r.json': '{"format":"wavetank-report","version":1,"scenarios":[',
    });
    const cases: [words: string[], message: RegExp][] = [
      [['nowhere.json'], /^UsageError: There is no file nowhere\.json\./],
      [
        ['r.json'],
        /^ReportError \[WT_REPORT\]: r\.json: expected a report, as the reporters json and blob write/,
      ],
      [['.'], /^ReportError \[WT_REPORT\]: \.: cannot be read: EISDIR/],
    ];
    for (const [words, message] of cases) {
      const { code, stdout, stderr } = await run(folder, ['report', ...words]);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, message);
    }
  });
});

/** The lines that GitHub's runner obeys: between `::stop-commands::WORD` and `::WORD::` it obeys none. */
function obeyed(stdout: string): string[] {
  const lines: string[] = [];
  let silence: string | undefined;
  for (const line of stdout.split('\n').map((each) => each.trimStart())) {
    const [, word] = /^::stop-commands::(.+)$/.exec(line) ?? [];
    if (silence === undefined && word !== undefined) silence = `::${word}::`;
    else if (line === silence) silence = undefined;
    else if (silence === undefined && /^(::|##\[)/.test(line)) lines.push(line);
  }
  return lines;
}
