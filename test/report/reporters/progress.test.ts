import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from '../../../src/cli/output.ts';
import { describe, progressLine, virtualTime } from '../../../src/report/reporters/progress.ts';

/** What is written when a run ends every 50 ms of a clock of our own. */
function written(isTTY: boolean, runs: number): string[] {
  const texts: string[] = [];
  const output = createOutput({ isTTY, write: (text) => texts.push(String(text)) }, { NO_COLOR: '1' });
  let nowMs = 1_000;
  const tell = progressLine('checkout', output, () => nowMs);
  for (let run = 1; run <= runs; run++) {
    nowMs += 50;
    tell({
      phase: run < 300 ? 'exploring' : 'shrinking',
      runs: run,
      shrinkRuns: run - 299,
      virtualMs: run * 6_000,
    });
  }
  return texts.filter((text) => !text.startsWith('\r'));
}

test('on a terminal one line moves, ten times a second', () => {
  const lines = written(true, 20);
  assert.equal(lines.length, 10);
  assert.equal(lines[0], 'checkout 2 runs, 20/s, 0.2 minutes of virtual time');
  assert.ok(lines.every((line) => !line.includes('\n')));
});

test('elsewhere a plain line comes every ten seconds', () => {
  assert.deepEqual(written(false, 500), [
    'checkout: 200 runs, 20/s, 20.0 minutes of virtual time\n',
    'checkout: failed, shrinking: 101 runs\n',
  ]);
});

test('a short exploration prints no progress outside of a terminal', () => {
  assert.deepEqual(written(false, 100), []);
});

test('virtual time is shown in minutes, then in hours', () => {
  assert.deepEqual([virtualTime(90_000), virtualTime(7_200_000)], ['1.5 minutes', '2.0 hours']);
});

test('what is left and what failed follow, where somebody knows', () => {
  const base = { phase: 'exploring', runs: 100, shrinkRuns: 0, virtualMs: 60_000 } as const;
  const head = '100 runs, 50/s, 1.0 minutes of virtual time';
  assert.equal(describe({ ...base, leftMs: 7_400 }, 2_000), `${head}, 8 s left`);
  assert.equal(describe({ ...base, runsLeft: 900 }, 2_000), `${head}, 18 s left`);
  assert.equal(describe({ ...base, runsLeft: 900, leftMs: 600_000 }, 2_000), `${head}, 18 s left`);
  assert.equal(describe({ ...base, leftMs: 600_000 }, 2_000), `${head}, 10 min left`);
  const failures = ['no overdraft', 'x\u001b[2J', 'third'].map((name, i) => ({
    code: 'WT',
    name,
    runs: i + 1,
  }));
  const text = describe({ ...base, failures }, 2_000);
  assert.ok(text.startsWith(`${head}, 1 failed by no overdraft, 2 failed by x`), text);
  assert.ok(text.endsWith(', 3 otherwise') && !text.includes('\u001b'), text);
});
