// Reports made by hand, for tests of the page: one part of them is what a test is about, the rest is
// ordinary.

import type { TraceEntry } from '../../src/history/trace.ts';
import type { Operation } from '../../src/history/operation.ts';
import type { FailureReport, ReportDocument, RunReport, ScenarioReport } from '../../src/report/document.ts';

/** A report of the scenarios given. */
export function reportOf(...scenarios: readonly ScenarioReport[]): ReportDocument {
  return { format: 'wavetank-report', version: 1, wavetank: '0.1.0', node: '22.12.0', scenarios };
}

/** A scenario that passed, but for what is given. */
export function scenarioReport(changed: Partial<ScenarioReport> = {}): ScenarioReport {
  return {
    name: 'checkout',
    file: 'examples/checkout/checkout.sim.ts',
    line: 21,
    tags: ['payments'],
    seed: 8417,
    outcome: 'passed',
    runs: 300,
    shrinkRuns: 0,
    repeated: 6,
    unsurvivable: 2,
    virtualMs: 1_284_400,
    steps: 91_203,
    elapsedMs: 812,
    reached: { 'a charge timed out': 41, 'a payment was refunded': 0 },
    undecided: {},
    struck: { drop: 210, delay: 388, partition: 44 },
    crashed: { orders: 12 },
    ...changed,
  };
}

/** A scenario that failed. */
export function failedScenario(failure: Partial<FailureReport> = {}): ScenarioReport {
  return scenarioReport({ outcome: 'failed', runs: 17, shrinkRuns: 212, failure: failureReport(failure) });
}

/** An order that was charged twice because one response was lost, but for what is given. */
export function failureReport(changed: Partial<FailureReport> = {}): FailureReport {
  return {
    code: 'WT_INVARIANT',
    name: 'charged at most once',
    message: '`charged at most once` is illegal: order o-1 was charged 2 times.',
    atMs: 1020.2,
    step: 9,
    host: 'payments',
    token: 'wt1:AAAA',
    replayLine: 'npx wavetank replay examples/checkout/checkout.sim.ts wt1:AAAA',
    found: { operations: 5, faults: 14 },
    faults: [
      {
        kind: 'drop',
        text: 'drops the response to POST /charge #1 (payments → orders)',
        without: 'it passes',
      },
    ],
    story: ['   0.0 ms  shopper-0 → orders     POST /checkout'],
    run: runReport(),
    slice: [0, 1, 2],
    ...changed,
  };
}

/** The run of {@link failureReport}. */
export function runReport(changed: Partial<RunReport> = {}): RunReport {
  return {
    seed: 8417,
    hash: '5d41402abc4b2a76',
    verdict: 'illegal',
    virtualMs: 1020.2,
    steps: 9,
    workload: [{ sku: 'tea', count: 1 }],
    hosts: ['orders', 'payments'],
    clients: ['shopper-0'],
    history: [operation({ invokedMs: 0 })],
    trace: messages(),
    ...changed,
  };
}

/** An operation that succeeded, but for what is given. */
export function operation(changed: Partial<Operation> = {}): Operation {
  return {
    id: 0,
    client: 'shopper-0',
    name: 'checkout',
    input: { sku: 'tea', count: 1 },
    invokedMs: 0,
    type: 'pending',
    ...changed,
  };
}

function messages(): TraceEntry[] {
  const route = { message: 'request', label: 'POST /charge', nth: 1 };
  return [
    { kind: 'operation', id: 0, client: 'shopper-0', name: 'checkout', type: 'invoke', atUs: 0, step: 1 },
    {
      kind: 'sent',
      from: 'orders',
      to: 'payments',
      ...route,
      fate: 'delivered',
      delayUs: 5000,
      atUs: 12_400,
      step: 3,
    },
    { kind: 'arrived', from: 'orders', to: 'payments', ...route, isCopy: false, atUs: 17_400, step: 4 },
  ];
}
