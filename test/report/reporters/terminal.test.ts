// What `default`, `dot` and `agent` print, on a terminal and elsewhere.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ScenarioReport } from '../../../src/report/document.ts';
import { agentReporter } from '../../../src/report/reporters/agent.ts';
import { defaultReporter } from '../../../src/report/reporters/default.ts';
import { dotReporter } from '../../../src/report/reporters/dot.ts';
import type { MakeReporter } from '../../../src/report/reporters/reporter.ts';
import { documentOf, failedScenario, fullDocument } from '../sample-documents.ts';
import { sampleExtent, sampleScenario } from '../sample-documents.ts';
import { reported } from './tools.ts';

const printedBy = async (make: MakeReporter, ...scenarios: ScenarioReport[]): Promise<string> =>
  (await reported(make, documentOf(...scenarios))).printed;

const escaped = sampleScenario({ outcome: 'escaped', message: 'host `a` called.\n  at a.ts:1:2' });

describe('the reporter default', () => {
  test('says of a scenario that passed how much was tried, and what was met', async () => {
    assert.equal(
      await printedBy(defaultReporter, sampleScenario()),
      'checkout passed: 100 runs, seed 1, 1.0 minutes of virtual time, 9000 steps, 50 runs/s, ' +
        '5 repeated and equal\n  faults: drop 9\n  reached: a timeout 3\n\n',
    );
    assert.match(
      await printedBy(defaultReporter, sampleScenario({ outcome: 'interrupted', struck: {}, reached: {} })),
      /^checkout interrupted: 100 runs, .* 5 repeated and equal\n\n$/,
    );
  });

  test('says how far a walk through all runs came, whether it passed, failed or was vacuous', async () => {
    const lines =
      '  complete within this bound: 33 orders under 13 sets of faults, 45 runs\n' +
      '  the bound: every order of events; up to 1 fault (drop, crash for 100 ms); not tried: pause\n';
    const extent = sampleExtent;
    const passed = await printedBy(defaultReporter, sampleScenario({ extent }));
    assert.ok(passed.includes(`repeated and equal\n${lines}  faults: drop 9\n`), passed);
    const failed = await printedBy(defaultReporter, { ...failedScenario(), extent });
    assert.ok(failed.includes(`${lines}  the same run: `), failed);
    const vacuous = sampleScenario({ outcome: 'vacuous', message: 'it proves little.', extent });
    assert.equal(
      await printedBy(defaultReporter, vacuous),
      `VacuousError [WT_VACUOUS]: it proves little.\n${lines}\n`,
    );
    const hostile = sampleScenario({ extent: { ...extent, text: 'a\u001b[31m', outside: ['b\u001b'] } });
    assert.ok(!(await printedBy(defaultReporter, hostile)).includes('\u001b'));
  });

  test('says of a replay that passed what that means', async () => {
    const replayed = sampleScenario({ message: 'the very same run. It does not fail any more.' });
    assert.equal(
      await printedBy(defaultReporter, replayed),
      'checkout passed: the very same run. It does not fail any more.\n',
    );
  });

  test('tells the story of a failure, and saves a page of it', async () => {
    const failed = { ...failedScenario(), name: '../a b/c' };
    const { printed, saved } = await reported(defaultReporter, documentOf(failed));
    assert.match(
      printed,
      /^CheckFailure \[WT_INVARIANT\]: `charged at most once` is illegal: .* charged 2 times\.\n {2}at 2/,
    );
    assert.ok(printed.endsWith('wt1:abc.def\n  report: .wavetank/..-a-b-c-8417.html\n\n'), printed);
    assert.match(saved.get('..-a-b-c-8417.html') ?? '', /^<!doctype html>/i);
    assert.equal(saved.size, 1);
  });

  test('tells why runs could not be judged', async () => {
    const { printed, saved } = await reported(defaultReporter, documentOf(escaped));
    assert.equal(printed, 'EscapeError [WT_ESCAPE]: host `a` called.\n  at a.ts:1:2\n\n');
    assert.equal(saved.size, 0);
  });

  test('uses colours on a terminal alone', async () => {
    const { printed } = await reported(defaultReporter, fullDocument, { isTTY: true });
    assert.ok(printed.includes('\u001b[31mCheckFailure [WT_INVARIANT]\u001b[0m: '), printed);
    assert.ok(!(await reported(defaultReporter, fullDocument)).printed.includes('\u001b'));
  });

  test('shows what a terminal would obey', async () => {
    const wild = '\u001b]0;title\u0007\u001b[2J\r\u009b31m\u202ered';
    const failed = failedScenario({ message: wild, story: [wild], host: wild, replayLine: wild });
    const passed = sampleScenario({ name: wild, reached: { [wild]: 1 }, message: wild });
    for (const make of [defaultReporter, dotReporter, agentReporter]) {
      const text = await printedBy(make, { ...failed, name: wild }, passed, {
        ...sampleScenario(),
        reached: { [wild]: 1 },
      });
      assert.ok(!/(?!\n)[\p{Cc}\u202e]/u.test(text), JSON.stringify(text));
      assert.match(text, /\\(x1b|u\{1b\}|u001b)\]0;title/);
    }
  });
});

describe('the reporter dot', () => {
  test('prints a character for each scenario, then what failed', async () => {
    const text = (await reported(dotReporter, fullDocument)).printed;
    assert.match(text, /^\.FFFFFLVDES!\n\nCheckFailure \[WT_INVARIANT\]: /);
    assert.equal(text.match(/^\S+ \[WT_\w+\]: /gm)?.length, 10);
    assert.match(text, /\n\nStaleReplayError \[WT_STALE\]: it is stale\.\n\n1 passed, 10 failed\n$/);
  });

  test('begins a line after eighty characters', async () => {
    const text = await printedBy(dotReporter, ...Array.from({ length: 161 }, () => sampleScenario()));
    const row = '.'.repeat(80);
    assert.equal(text, `${row}\n${row}\n.\n\n161 passed, 0 failed\n`);
    const full = await printedBy(dotReporter, ...Array.from({ length: 80 }, () => sampleScenario()));
    assert.equal(full, `${row}\n\n80 passed, 0 failed\n`);
  });
});

describe('the reporter agent', () => {
  test('tells the outcome of each scenario, and the next command', async () => {
    const text = await printedBy(agentReporter, sampleScenario({ name: 'ok' }), failedScenario(), escaped);
    assert.match(text, /ok/);
    assert.match(text, /npx wavetank replay examples\/checkout\.sim\.ts wt1:abc\.def/);
    assert.match(text, /outcome: escaped\n/);
    assert.ok(!text.includes('\u001b'));
  });
});
