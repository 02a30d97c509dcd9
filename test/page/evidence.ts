// Evidence of every kind, made by hand, with the failures that it belongs to.

import type {
  CycleEvidence,
  OperationsEvidence,
  OrderEvidence,
  RecordsEvidence,
} from '../../src/history/evidence.ts';
import type { Operation } from '../../src/history/operation.ts';
import type { TraceEntry } from '../../src/history/trace.ts';
import type { FailureReport } from '../../src/report/document.ts';
import { failureReport, operation, runReport } from './documents.ts';

type Times = readonly [invokedMs: number, endedMs?: number];

function call(id: number, client: string, name: string, [invokedMs, endedMs]: Times): Operation {
  const ended = endedMs === undefined ? { type: 'info' as const } : { type: 'ok' as const, endedMs };
  return operation({ id, client, name, invokedMs, ...ended });
}

/** The trace of which the operations are part: each begins in a step of its own. */
function traceOf(history: readonly Operation[]): TraceEntry[] {
  return history.map(({ id, client, name, invokedMs }) => ({
    kind: 'operation',
    id,
    client,
    name,
    type: 'invoke',
    atUs: invokedMs * 1000,
    step: 10 * (id + 1),
  }));
}

function failureOf(
  message: string,
  evidence: NonNullable<FailureReport['evidence']>,
  history: readonly Operation[],
): FailureReport {
  const run = runReport({
    history,
    trace: traceOf(history),
    clients: [...new Set(history.map(({ client }) => client))],
  });
  return failureReport({ name: message.split('`')[1] ?? '', message, evidence, run, slice: [] });
}

const register: readonly Operation[] = [
  call(0, 'writer-0', 'write', [0, 14]),
  call(1, 'reader-0', 'read', [6, 31]),
  call(2, 'writer-1', 'write', [22, 58]),
  call(3, 'reader-0', 'read', [40, 49]),
  call(4, 'writer-0', 'write', [52]),
  call(5, 'reader-1', 'read', [64, 80]),
  call(6, 'reader-0', 'read', [71, 86]),
  call(7, 'reader-1', 'read', [90, 1104]),
];

const order: OrderEvidence = {
  kind: 'order',
  promise: 'linearizable as a register',
  prefix: [
    { operation: 0, text: 'write 1', state: 'the value is 1' },
    { operation: 1, text: 'read 1', state: 'the value is 1' },
    { operation: 2, text: 'write 2', state: 'the value is 2' },
    { operation: 3, text: 'read 2', state: 'the value is 2' },
    { operation: 5, text: 'read 2', state: 'the value is 2' },
    { operation: 4, text: 'write 3', state: 'the value is 3' },
    { operation: 6, text: 'read 3', state: 'the value is 3' },
  ],
  culprit: { operation: 7, text: 'read 1' },
  open: [{ operation: 7, text: 'read 1' }],
};

const transfers: readonly Operation[] = [
  call(0, 'clerk-0', 'transfer', [0, 31]),
  call(1, 'clerk-1', 'transfer', [12, 38]),
  call(2, 'auditor', 'audit', [20, 44]),
];

const cycle: CycleEvidence = {
  kind: 'cycle',
  anomaly: 'G-single',
  transactions: [
    { operation: 0, text: 'r(x)=[1], append(y, 2)' },
    { operation: 1, text: 'r(y)=[2], append(x, 3)' },
    { operation: 2, text: 'r(x)=[1], r(y)=[2]' },
  ],
  edges: [
    { from: 0, to: 1, dependency: 'wr', text: 'T2 read 2, which T1 appended to y' },
    { from: 1, to: 2, dependency: 'realtime', text: 'T2 ended before T3 began' },
    { from: 2, to: 0, dependency: 'rw', text: 'T3 read x before T1 appended to it' },
  ],
};

const skew: CycleEvidence = {
  kind: 'cycle',
  anomaly: 'write skew (G2-item)',
  transactions: cycle.transactions.slice(0, 2),
  edges: [
    { from: 0, to: 1, dependency: 'rw', text: 'T1 read x before T2 appended 3 to it' },
    { from: 1, to: 0, dependency: 'rw', text: 'T2 read y before T1 appended 2 to it' },
  ],
};

const records: RecordsEvidence = {
  kind: 'records',
  records: [
    {
      key: 'charges/o-1/1',
      host: 'payments',
      value: { order: 'o-1', cents: 4200, attempt: 2 },
      origin: {
        host: 'payments',
        incarnation: 1,
        atMs: 1020.2,
        step: 20,
        cause: {
          kind: 'message',
          from: 'orders',
          message: 'request',
          label: 'POST /charge',
          nth: 2,
          isCopy: false,
        },
        event: { kind: 'timer', delayMs: 8, after: { kind: 'boot' } },
      },
    },
    { key: 'shipments/o-1', host: 'shipping', value: undefined },
  ],
};

const operations: OperationsEvidence = {
  kind: 'operations',
  operations: [
    { operation: 0, text: 'write 1 was acknowledged' },
    { operation: 1, text: 'read nothing, after it' },
  ],
};

/** A failure for each kind of evidence. */
export const failuresWithEvidence = {
  order: failureOf('`linearizable` is illegal: no order explains read 1.', order, register),
  cycle: failureOf('`serializable` is illegal: G-single.', cycle, transfers),
  skew: failureOf('`serializable` is illegal: write skew.', skew, transfers),
  records: failureOf('`charged once` is illegal: order o-1 was charged 2 times.', records, transfers),
  operations: failureOf(
    '`reads own writes` is illegal: a write was not read by its writer.',
    operations,
    register,
  ),
} satisfies Record<string, FailureReport>;
