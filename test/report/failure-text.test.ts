// The message of a failure: its headline, how far it was shrunk, its faults, and the line that replays it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault } from '../../src/faults/fault.ts';
import { failureText, type FailedRun } from '../../src/report/failure-text.ts';

const crash = (atMs: number): Fault => ({ kind: 'crash', host: 'a', atMs, downMs: 5 });
const operation = { id: 0, client: 'c', name: 'buy', input: null, invokedMs: 0, type: 'ok' } as const;

function runOf(rest: Partial<FailedRun> & { faults?: Fault[]; operations?: number } = {}): FailedRun {
  const { faults = [], operations = 0, ...others } = rest;
  return {
    scenario: 'checkout',
    seed: 8417,
    violations: [
      {
        code: 'WT_INVARIANT',
        name: 'all is well',
        message: '`all is well` is illegal: it is not.',
        atMs: 2_412_000.5,
        step: 1_284,
        host: 'payments',
      },
    ],
    history: Array.from({ length: operations }, () => operation),
    ledger: faults,
    plan: { faults, order: 'calm' },
    trace: [],
    ...others,
  };
}

const textOf = (run: FailedRun, rest: Partial<Parameters<typeof failureText>[0]> = {}): string[] =>
  failureText({ run, replayLine: 'npx wavetank replay x.sim.ts wt1:...', ...rest }).split('\n');

describe('the message of a failure', () => {
  test('begins with what is wrong, then where, and ends with the line that replays it', () => {
    assert.deepEqual(textOf(runOf()), [
      '`all is well` is illegal: it is not.',
      '  at 2,412,000.5 ms, step 1284, host `payments`',
      '  scenario `checkout`, seed 8417',
      '  it fails without any injected fault',
      '',
      '  2412000.5 ms  payments  ← broken: `all is well`',
      '',
      '  replay: npx wavetank replay x.sim.ts wt1:...',
    ]);
  });

  for (const [before, after, shrinkRuns, line] of [
    [[5, 14], [1, 1], 212, '  shrunk 5 operations → 1, 14 faults → 1, in 212 runs'],
    [[1, 1], [0, 0], 1, '  shrunk 1 operation → 0, 1 fault → 0, in 1 run'],
    [[3, 4], [3, 2], 9, '  shrunk 4 faults → 2, in 9 runs'],
    [[2, 0], [4, 0], 9, undefined],
  ] as const) {
    test(`says how far it was shrunk: ${before.join(' and ')} to ${after.join(' and ')}`, () => {
      const make = ([operations, faults]: readonly [number, number]): FailedRun =>
        runOf({ operations, faults: Array.from({ length: faults }, (_, i) => crash(i)) });
      const lines = textOf(make(after), { found: make(before), shrinkRuns });
      assert.equal(
        lines.find((each) => each.startsWith('  shrunk')),
        line,
      );
    });
  }

  test('lists the faults, and counts those that are too many', () => {
    const lines = textOf(runOf({ faults: Array.from({ length: 15 }, (_, i) => crash(i)) }));
    const faults = lines.filter((line) => line.startsWith('  fault: '));
    assert.equal(faults.length, 12);
    assert.equal(faults[3], '  fault: crash of a at 3 ms, back 5 ms later');
    assert.ok(lines.includes('  ... and 3 more'));
  });

  test('says when only the order of events is to blame', () => {
    const lines = textOf(runOf({ plan: { faults: [], order: 'drawn' } }));
    assert.ok(lines.includes('  no fault is needed, only this order of what happens at the same time'));
  });

  for (const [code, ending] of [
    ['WT_LIVENESS', '← has not come true: `all is well`'],
    ['WT_CHECK_THREW', '← the check itself failed: `all is well`'],
    ['WT_UNCAUGHT', '← nobody handled the error'],
    ['WT_DEADLOCK', '← nothing is left to happen'],
    ['WT_HANG', '← did not give the thread back'],
    ['WT_ASSERTION', '← the first line of the message'],
  ] as const) {
    test(`calls the end what it is: ${code}`, () => {
      const message = 'the first line of the message\nand the second';
      const violations = [{ code, name: 'all is well', message, atMs: 1, step: 1, host: 'a' }];
      assert.ok(textOf(runOf({ violations })).some((line) => line.endsWith(ending)));
    });
  }
});
