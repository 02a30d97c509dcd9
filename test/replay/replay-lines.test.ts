// Each replay line that a failure prints, run as printed by a shell in another process, ends in the same
// failure of the same run. Only `npx wavetank` is replaced: by the sources of the command that it would
// start.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import checkout from '../../examples/checkout/checkout.sim.ts';
import { CheckFailure, explore, type Scenario } from '../../src/index.ts';
import { builtMain, builtWavetank } from '../built.ts';
import { root } from '../runner.ts';
import * as failing from './fixtures/failing.sim.ts';

const command = [process.execPath, builtMain].map((word) => `'${word}'`).join(' ');

/** A scenario in a file at a path that a shell would take apart. */
const folder = mkdtempSync(join(tmpdir(), 'wavetank-replay-'));
after(() => rmSync(folder, { recursive: true }));
async function oddlyPlaced(): Promise<Scenario> {
  const file = join(folder, `it's $HOME`, 'odd.sim.mts');
  mkdirSync(join(folder, `it's $HOME`));
  writeFileSync(
    file,
    `import { defineScenario, daemon } from ${JSON.stringify(builtWavetank)};
     export const odd = defineScenario({
       name: 'oddly placed',
       hosts: { idle: daemon(() => {}) },
       drive() {},
       eventually: { 'it is so': { check: () => false } },
     });`,
  );
  return ((await import(pathToFileURL(file).href)) as { odd: Scenario }).odd;
}

const scenarios: Scenario[] = [checkout, ...Object.values(failing), await oddlyPlaced()];

for (const scenario of scenarios) {
  test(`the replay line fails alike in another process: ${scenario.name}`, async () => {
    const failure = await explore(scenario, { runs: 500 }).then(
      () => assert.fail('nothing was found'),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof CheckFailure, String(failure));
    const { message, replayLine, result } = failure;
    assert.ok(message.endsWith(`\n  replay: ${replayLine}`), message);

    const line = replayLine.replace(/^npx wavetank/, command);
    assert.notEqual(line, replayLine, replayLine);
    const { status, stdout, stderr } = spawnSync(line, { shell: '/bin/sh', cwd: root, encoding: 'utf8' });
    assert.equal(status, 1, stdout + stderr);
    assert.ok(stdout.startsWith(`${failure.name}: `), stdout);
    assert.match(stdout, new RegExp(`the same run: trace ${result.hash}`));
    const [, told = '', page = ''] = /^([^]*)\n {2}report: (\S.*\.html)\n+$/.exec(stdout) ?? [];
    assert.match(page, /^\.wavetank/, 'it has a page, too');
    // The same story, but for how it was found.
    const story = (text: string): string => text.slice(text.indexOf('\n\n'));
    assert.equal(story(told), story(message));
    const headline = (text: string): string => text.split('\n', 1)[0]!;
    assert.equal(headline(stdout), `${failure.name}: ${headline(message)}`);
  });
}
