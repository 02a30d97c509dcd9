// Which changes of state belong to a violation that a check saw, in traces made by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Patch } from '../../../src/history/journal.ts';
import { ANSWERS_STORE, type TraceEntry } from '../../../src/history/trace.ts';
import { sliceOf } from '../../../src/report/slice/slice.ts';

const step = (n: number, host: string): TraceEntry => {
  return { kind: 'step', atUs: n * 1_000, step: n, host, what: `event ${n}`, hash: '' };
};
const state = (n: number, host: string, store: string, ...patches: Patch[]): TraceEntry => {
  return { kind: 'state', atUs: n * 1_000, step: n, host, store, patches, cause: { kind: 'boot' } };
};
const begins = (value: unknown): Patch => ({ op: 'replace', path: [], value });
const becomes = (path: Patch['path'], value: unknown): Patch => ({ op: 'replace', path, value });

/** The slice of a run in which a check is broken in the last step, on that step's host. */
function broken(...trace: TraceEntry[]): number[] {
  const { step: last } = trace.at(-1)!;
  const violation = { code: 'WT_INVARIANT', name: 'x', message: 'x', atMs: last, step: last, host: 'x' };
  return sliceOf({
    violations: [violation],
    history: [],
    ledger: [],
    plan: { faults: [], order: 'calm' },
    trace,
  });
}

test('the last change of the same field on another host belongs to it: how the other came to lead', () => {
  const trace = [
    ...[step(1, 'a'), state(1, 'a', 'exports', begins({ role: 'follower' }))],
    ...[step(2, 'a'), state(2, 'a', 'exports', becomes(['role'], 'candidate'))],
    ...[step(3, 'a'), state(3, 'a', 'exports', becomes(['role'], 'leader'))],
    ...[step(4, 'a'), state(4, 'a', 'exports', becomes(['term'], 7))],
    ...[step(5, 'b'), state(5, 'b', 'exports', becomes(['role'], 'leader'))],
  ];
  assert.deepEqual(broken(...trace), [4, 5, 8, 9]);
});

test('rows of other hosts do not, nor what they began with', () => {
  const rows = [
    ...[step(1, 'a'), state(1, 'a', 'exports', becomes(['rows', 0], 'x'))],
    ...[step(2, 'b'), state(2, 'b', 'exports', becomes(['rows', 0], 'y'))],
  ];
  assert.deepEqual(broken(...rows), [2, 3]);
  const firsts = [
    ...[step(1, 'a'), state(1, 'a', ANSWERS_STORE, begins({ 'isLeader()': true }))],
    ...[step(2, 'c'), state(2, 'c', ANSWERS_STORE, { op: 'add', path: ['isLeader()'], value: true })],
    ...[step(3, 'b'), state(3, 'b', ANSWERS_STORE, becomes(['isLeader()'], true))],
  ];
  assert.deepEqual(broken(...firsts), [4, 5]);
});

test('what was answered before belongs to a new answer', () => {
  const trace = [
    ...[step(1, 'a'), state(1, 'a', ANSWERS_STORE, begins({ 'isLeader()': false }))],
    step(2, 'b'),
    ...[step(3, 'a'), state(3, 'a', ANSWERS_STORE, becomes(['isLeader()'], true))],
  ];
  assert.deepEqual(broken(...trace), [0, 1, 3, 4]);
});
