// Traces from the command line, as a process of its own: as reporters, and of one run that is replayed.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ChromeTrace, OtlpTraces } from '../../src/index.ts';
import { assertOtlp } from '../report/telemetry/otlp-schema.ts';
import { assertTraceEvents } from '../report/telemetry/trace-event-format.ts';
import { folderWith, run, wavetank } from './command.ts';

const SCENARIOS = ['one', 'two']
  .map(
    (name) => `
import { defineScenario, handler } from ${JSON.stringify(wavetank)};
export default defineScenario({
  name: '${name}',
  hosts: { server: handler(() => () => new Response('hello')) },
  async drive(world) {
    await world.client('guest', (client) => client.operation('ask', null, () => fetch('http://server/')));
  },
  always: { 'nobody asks': (world) => world.history.length === 0 || process.env.REPAIRED === 'yes' },
});`,
  )
  .map((text, i) => [`${i}.sim.ts`, text] as const);

const jsonIn = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'));

describe('traces', () => {
  test('of runs that failed are written by reporters, of one run by its replay', async () => {
    const folder = folderWith(Object.fromEntries(SCENARIOS));
    const words = ['--reporter', 'default,otlp:all.otlp.json,chrome-trace'];
    const { code, stdout, stderr } = await run(folder, ['explore', '--runs', '2', ...words]);
    assert.deepEqual([code, stderr], [1, '']);
    const all = jsonIn(folder, 'all.otlp.json') as OtlpTraces;
    assertOtlp(all);
    assertTraceEvents(jsonIn(folder, '.wavetank/trace.json'));
    const names = (jsonIn(folder, '.wavetank/trace.json') as ChromeTrace).traceEvents
      .filter(({ name }) => name === 'process_name')
      .map(({ args }) => args?.['name']);
    assert.deepEqual(names, ['the system', 'server', 'guest', 'the system', 'server', 'guest']);

    const [, file = '', token = ''] = /npx wavetank replay (\S+) (wt1:\S+)/.exec(stdout) ?? [];
    const files = ['--otlp', 'one.otlp.json', '--chrome-trace', 'one.json'];
    const again = await run(folder, ['replay', file, token, ...files]);
    assert.equal(again.code, 1, again.stderr);
    const one = jsonIn(folder, 'one.otlp.json') as OtlpTraces;
    assertOtlp(one);
    assertTraceEvents(jsonIn(folder, 'one.json'));
    assert.ok(one.resourceSpans.length > 0);
    assert.deepEqual(all.resourceSpans.slice(0, one.resourceSpans.length), one.resourceSpans);
  });

  test('are no options of other commands', async () => {
    const folder = folderWith(Object.fromEntries(SCENARIOS));
    const { code, stderr } = await run(folder, ['explore', '--otlp', 'a.json']);
    assert.equal(code, 2);
    assert.match(stderr, /--otlp is no option of `wavetank explore`, but of `wavetank replay`\./);
  });
});
