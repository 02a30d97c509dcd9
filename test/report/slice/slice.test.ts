// The causal slice of traces made by hand: which causes it follows, and where it stops.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault } from '../../../src/index.ts';
import type { TraceEntry } from '../../../src/history/trace.ts';
import { sliceOf } from '../../../src/report/slice/slice.ts';

const step = (n: number, host: string, what: string, cause?: number): TraceEntry => {
  const begun = { kind: 'step', atUs: n * 1_000, step: n, host, what, site: what, hash: '' } as const;
  return cause === undefined ? begun : { ...begun, cause };
};
const message = { message: 'request', label: 'GET /', nth: 1 };
const sent = (n: number, from: string, to: string): TraceEntry => {
  return { kind: 'sent', atUs: n * 1_000, step: n, from, to, ...message, fate: 'delivered' };
};
const arrived = (n: number, from: string, to: string): TraceEntry => {
  return { kind: 'arrived', atUs: n * 1_000, step: n, from, to, ...message, isCopy: false };
};
const invoked = (n: number, id: number): TraceEntry => {
  return { kind: 'operation', atUs: n * 1_000, step: n, id, client: 'c', name: 'op', type: 'invoke' };
};

/** The slice of a run that is violated in its last step. */
function sliced(...trace: TraceEntry[]): number[] {
  return slicedWith([], ...trace);
}

function slicedWith(faults: readonly Fault[], ...trace: TraceEntry[]): number[] {
  const last = trace.at(-1)!.step;
  const violation = { code: 'WT_UNCAUGHT', name: 'x', message: 'x', atMs: 0, step: last, host: 'x' };
  return sliceOf({
    violations: [violation],
    history: [],
    ledger: [],
    plan: { faults, order: 'calm' },
    trace,
  });
}

describe('the causal slice', () => {
  test('follows an arrival to its sending, and a timer to the step that set it', () => {
    const trace = [
      step(1, 'a', 'boot'),
      step(2, 'z', 'timer'),
      step(3, 'a', 'timer', 1),
      sent(3, 'a', 'b'),
      step(4, 'b', 'GET /', 3),
      arrived(4, 'a', 'b'),
    ];
    assert.deepEqual(sliced(...trace), [0, 2, 3, 4, 5]);
  });

  test('goes back to the last time of a timer that repeats', () => {
    const beats = [step(2, 'a', 'beat', 1), step(3, 'a', 'beat', 2), step(4, 'a', 'beat', 3)];
    assert.deepEqual(sliced(step(1, 'a', 'boot'), ...beats), [3]);
  });

  /** A loop of host `a` that asks `b`, five times from step 2 to 10. */
  const rounds = [2, 4, 6, 8].flatMap((n) => [step(n, 'a', 'wait', n - 1), step(n + 1, 'b', `no ${n}`, n)]);
  const loop = [step(1, 'a', 'boot'), ...rounds, step(10, 'a', 'wait', 9)];

  test('has the first round of a loop that waits, and all of the last: how the waiting ended', () => {
    assert.deepEqual(sliced(...loop), [0, 1, 7, 8, 9]);
    assert.deepEqual(sliced(...[0, 1, 7, 8, 9].map((place) => loop[place]!)), [0, 1, 2, 3, 4]);
  });

  test('has all of a loop with no more than two rounds before the last', () => {
    assert.deepEqual(sliced(...loop.slice(0, 6)), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(sliced(...loop.slice(0, 8)), [0, 1, 5, 6, 7]);
  });

  test('has how a round began in which something happened that belongs to the failure', () => {
    const strikes = { kind: 'fault', atUs: 9_000, step: 9, change: 'strikes', fault: 'clockStep' } as const;
    const trace = [...loop.slice(0, 9), { ...strikes, text: '', hosts: ['b'], nth: 0 }, ...loop.slice(9)];
    const fault = { kind: 'clockStep', host: 'b', atMs: 9, byMs: 1 } as const;
    const kept = [0, 1, 5, 6, 7, 8, 9, 10];
    assert.deepEqual(slicedWith([fault], ...trace), kept);
    assert.deepEqual(
      slicedWith([fault], ...kept.map((place) => trace[place]!)),
      kept.map((_, i) => i),
    );
  });

  test('stops where a client begins an operation', () => {
    const trace = [
      step(1, 'c', 'before'),
      step(2, 'c', 'timer', 1),
      invoked(2, 1),
      sent(2, 'c', 'b'),
      step(3, 'b', 'GET /', 2),
      arrived(3, 'c', 'b'),
    ];
    assert.deepEqual(sliced(...trace), [2, 3, 4, 5]);
  });

  test('is empty without a trace or a violation', () => {
    const run = { history: [], ledger: [], plan: { faults: [], order: 'calm' } } as const;
    assert.deepEqual(sliceOf({ ...run, violations: [], trace: [step(1, 'a', 'boot')] }), []);
    assert.deepEqual(sliceOf({ ...run, violations: [] }), []);
  });
});
