// What shows that a promise was broken, as data: of each sort of checkers, and on its way into a violation.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  converged,
  exactlyOnce,
  isolated,
  linearizable,
  observed,
  sessionGuarantees,
  verifyOrder,
  type Operation,
} from '../../src/checkers.ts';
import { calmPlan } from '../../src/faults/fault.ts';
import { register } from '../../src/models.ts';
import type { CheckAnswer } from '../../src/scenario/check.ts';
import type { Violation } from '../../src/scenario/result.ts';
import { driven, sleep } from '../scenario/driven.ts';

const done = (id: number, client: string, rest: Pick<Operation, 'name' | 'input' | 'value'>): Operation => {
  return { id, client, invokedMs: 2 * id, endedMs: 2 * id + 1, type: 'ok', ...rest };
};
/** A write of 1 that is read, and a read of 7. */
const stale: readonly Operation[] = [
  done(0, 'ann', { name: 'write', input: { value: 1 } }),
  done(1, 'bob', { name: 'read', input: {}, value: 1 }),
  done(2, 'bob', { name: 'read', input: {}, value: 7 }),
];

test('of an order: how far it goes, with each state, and what it cannot go on with', () => {
  const decision = linearizable(register(0), stale);
  assert.deepEqual(decision.verdict === 'illegal' && decision.evidence, {
    kind: 'order',
    promise: 'linearizable as a register',
    prefix: [
      { operation: 0, text: 'wrote 1', state: '1' },
      { operation: 1, text: 'read 1', state: '1' },
    ],
    culprit: { operation: 2, text: 'read 7' },
    open: [{ operation: 2, text: 'read 7' }],
  });
});

test('of an order that the system tells: the same', () => {
  const result = verifyOrder(register(0), stale, [0, 1, 2]);
  const evidence = result.verdict === 'illegal' ? result.evidence : undefined;
  assert.deepEqual(
    evidence?.prefix.map(({ operation, state }) => [operation, state]),
    [
      [0, '1'],
      [1, '1'],
    ],
  );
  assert.equal(evidence?.culprit.operation, 2);
});

test('of transactions: the cycle, edge by edge', () => {
  const transaction = (id: number, steps: unknown[]): Operation => {
    return { ...done(id, `c-${id}`, { name: 'txn', input: steps, value: steps }), invokedMs: 0, endedMs: 9 };
  };
  const { evidence } = isolated([
    transaction(10, [
      ['append', 'x', 1],
      ['r', 'y', []],
    ]),
    transaction(11, [
      ['append', 'y', 1],
      ['r', 'x', []],
    ]),
    transaction(12, [
      ['r', 'x', [1]],
      ['r', 'y', [1]],
    ]),
  ]);
  assert.equal(evidence?.anomaly, 'G2-item');
  assert.deepEqual(
    evidence.transactions.toSorted((one, other) => one.operation - other.operation),
    [
      { operation: 10, text: 'append x 1; r y []' },
      { operation: 11, text: 'append y 1; r x []' },
    ],
  );
  assert.deepEqual(
    evidence.edges.map(({ from, to, dependency }) => [from, to, dependency]),
    [
      [0, 1, 'rw'],
      [1, 0, 'rw'],
    ],
  );
  assert.match(evidence.edges[0]?.text ?? '', /read "." without the 1 that T\d \(c-1\d\) appended/);
});

test('of one read: the transactions without edges', () => {
  const steps = [['r', 'x', [7]]];
  const { evidence } = isolated([done(0, 'ann', { name: 'txn', input: steps, value: steps })]);
  assert.deepEqual(evidence, {
    kind: 'cycle',
    anomaly: 'garbage read',
    transactions: [{ operation: 0, text: 'r x [7]' }],
    edges: [],
  });
});

test('of what clients saw: the operations', () => {
  const { evidence } = sessionGuarantees([
    done(0, 'ann', { name: 'write', input: { key: 'x', value: 1 }, value: undefined }),
    done(1, 'ann', { name: 'read', input: { key: 'x' }, value: null }),
  ]);
  assert.deepEqual(evidence, {
    kind: 'operations',
    operations: [
      { operation: 0, text: 'write {"key":"x","value":1} → ok' },
      { operation: 1, text: 'read {"key":"x"} → null' },
    ],
  });
});

test('of data: the records as plain data, and both sides of what differs', () => {
  const charge = (at: Date): { orderId: string; at: Date } => ({ orderId: 'o-1', at });
  const of = observed(['a', 'b'].map((key) => ({ key, value: charge(new Date(0)), host: 'bank' })));
  const value = { orderId: 'o-1', at: '1970-01-01T00:00:00.000Z' };
  assert.deepEqual(exactlyOnce({ of, by: ({ orderId }) => orderId }).evidence, {
    kind: 'records',
    records: [
      { key: 'a', host: 'bank', value },
      { key: 'b', host: 'bank', value },
    ],
  });
  assert.deepEqual(converged({ a: { n: 1 }, b: { n: 1 }, c: { n: 2 } }).evidence, {
    kind: 'records',
    records: [
      { key: 'n', value: '2', host: 'c' },
      { key: 'n', value: '1', host: 'a' },
    ],
  });
});

test('a violation has the evidence of the check, whenever that was asked', async () => {
  const answer = (): CheckAnswer => linearizable(register(0), stale);
  const first = async (options: Parameters<typeof driven>[0]): Promise<Violation | undefined> =>
    (await driven(options, () => sleep(1), { mayFail: true, plan: calmPlan })).result.violations[0];
  for (const options of [
    { always: { check: answer } },
    { finally: { check: answer } },
    { eventually: { check: { withinMs: 10, check: answer } } },
  ]) {
    const violation = await first(options);
    assert.equal(violation?.evidence?.kind, 'order', Object.keys(options)[0]);
  }
  const own = {
    verdict: 'illegal',
    message: 'no',
    evidence: { kind: 'photograph' },
  } as unknown as CheckAnswer;
  const violation = await first({ always: { check: () => own } });
  assert.equal(violation !== undefined && 'evidence' in violation, false, 'what no report knows is left out');
});
