// Report documents made by hand: one that has everything a document can have, and plain ones to build on.

import type { Evidence } from '../../src/history/evidence.ts';
import type { Origin } from '../../src/history/provenance.ts';
import type { TraceEntry } from '../../src/history/trace.ts';
import type {
  ExtentReport,
  FailureReport,
  ReportDocument,
  RunReport,
  ScenarioReport,
  Statistics,
} from '../../src/report/document.ts';

const at = { atUs: 1_500, step: 3 };
const message = { from: 'orders', to: 'payments', message: 'request', label: 'POST /charge', nth: 1 };

const origin: Origin = {
  ...{ host: 'payments', incarnation: 1, atMs: 1.5, step: 3 },
  cause: {
    kind: 'message',
    from: 'orders',
    message: 'request',
    label: 'POST /charge',
    nth: 1,
    isCopy: false,
  },
  event: { kind: 'timer', delayMs: 5, after: { kind: 'boot' } },
};

const trace: readonly TraceEntry[] = [
  { kind: 'step', ...at, host: 'orders', what: 'boot', site: 'a.ts:1:2', cause: 1, hash: '00' },
  {
    ...{ kind: 'sent', ...at, ...message, status: 201, fate: 'delivered', delayUs: 7, isTwice: true },
    content: { headers: [['accept', '*/*']], body: { text: '{}', base64: 'e30=', byteLength: 2 } },
    ...{ request: { label: 'GET /', nth: 1 }, cause: { kind: 'boot' }, spanId: 'cd' },
  },
  { kind: 'arrived', ...at, ...message, isCopy: true },
  { kind: 'host', ...at, host: 'orders', change: 'crashed' },
  { kind: 'log', ...at, host: 'orders', stream: 'stderr', text: 'oh', cause: { kind: 'boot' } },
  { kind: 'operation', ...at, id: 0, client: 'shopper', name: 'buy', type: 'invoke' },
  {
    ...{ kind: 'state', ...at, host: 'payments', store: 'exports' },
    patches: [{ op: 'add', path: ['charges', 0], value: 1 }],
    cause: { kind: 'other', what: 'stop' },
  },
  {
    ...{ kind: 'fault', ...at, change: 'strikes', fault: 'drop', text: 'dropped message' },
    ...{ hosts: ['orders', 'payments'], nth: 0 },
  },
  { kind: 'note', ...at, host: 'orders', text: 'reached: x', cause: { kind: 'boot' } },
  {
    ...{ kind: 'span', ...at, host: 'orders', incarnation: 1, name: 'buy', traceId: 'ab', spanId: 'cd' },
    ...{ parentSpanId: 'ef', isParentRemote: true, spanKind: 'server', startUs: 1, endUs: 2, startStep: 1 },
    attributes: { text: 'a', count: 1, yes: true, list: ['a', 1, true, null] },
    events: [{ atUs: 1, name: 'bought', attributes: {} }],
    links: [{ traceId: 'ab', spanId: 'cd', attributes: {} }],
    ...{ status: { code: 'error', message: 'too much' }, scope: { name: 'shop', version: '1' } },
    cause: { kind: 'operation', id: 0, name: 'buy' },
  },
];

const operation = { operation: 0, text: 'write 1' };

const EVIDENCE: readonly Evidence[] = [
  { kind: 'records', records: [{ key: 'ch-1', value: 1, host: 'payments', origin }] },
  {
    ...{ kind: 'order', promise: 'linearizable', prefix: [{ ...operation, state: '1' }] },
    ...{ culprit: operation, open: [operation] },
  },
  {
    ...{ kind: 'cycle', anomaly: 'G1c', transactions: [operation, operation] },
    edges: [{ from: 0, to: 1, dependency: 'ww', text: 'overwrote it' }],
  },
  { kind: 'operations', operations: [operation] },
  {
    kind: 'requests',
    requests: [
      {
        ...{ name: 'POST /charge', from: 'orders', to: 'payments', nth: 1, operation: 0 },
        ...{ sentMs: 1, waitedMs: 900, end: 'answered', status: 201 },
      },
    ],
  },
];

export const sampleRun: RunReport = {
  ...{ seed: 8417, hash: '0123456789abcdef', verdict: 'illegal', virtualMs: 2_412, steps: 1_284 },
  epochMs: 1_704_067_200_000,
  ...{ workload: [{ id: 'o-1' }], hosts: ['orders', 'payments'], clients: ['shopper'], trace },
  cuts: ['3 entries of the trace'],
  history: [
    {
      ...{ id: 0, client: 'shopper', name: 'buy', input: 'o-1', invokedMs: 0, type: 'ok', endedMs: 5 },
      ...{ value: 201, error: 'none' },
    },
  ],
};

export const sampleFailure: FailureReport = {
  ...{ code: 'WT_INVARIANT', name: 'charged at most once', atMs: 2_412, step: 1_284, host: 'payments' },
  message: '`charged at most once` is illegal: order o-1 was charged 2 times.',
  ...{ token: 'wt1:abc.def', replayLine: 'npx wavetank replay examples/checkout.sim.ts wt1:abc.def' },
  found: { operations: 3, faults: 30 },
  remarks: ['the same run: trace 0123456789abcdef'],
  faults: [{ kind: 'drop', text: 'dropped message (payments → orders)', without: 'it passes' }],
  story: ['        0.0 ms  shopper → orders  POST /checkout', '     1107.0 ms  payments  ← it'],
  run: sampleRun,
  slice: [0, 1],
  neighbour: {
    ...{ without: 0, run: { ...sampleRun, verdict: 'ok', trace: [], history: [] } },
    difference: { failed: 1, passed: 1, text: 'the answer arrives' },
  },
};

const storyLines: FailureReport['storyLines'] = sampleFailure.story.map((text) => ({
  part: 'event',
  spans: [{ text, role: 'muted' }],
}));

const statistics: Statistics = {
  routes: [
    {
      ...{ route: 'POST /charge', host: 'payments', requests: 5, errors: 1, unanswered: 1 },
      kind: 'operation',
      ...{ p50Ms: 1, p95Ms: 2, p99Ms: 3, maxMs: 4, histogram: [{ upToMs: 1, count: 5 }] },
    },
  ],
  queues: [{ host: 'payments', p50: 0, p99: 1, max: 2 }],
  discovery: [{ runs: 1, behaviours: 1 }],
  failures: [{ signature: 'WT_INVARIANT charged at most once', runs: 1, seed: 8417 }],
  chanceOfNew: 0.5,
  drawnRuns: 60,
  levels: [
    {
      ...{ title: 'POST /charge: p99 at most 1.0 ms, in calm', during: 'calm', verdict: 'illegal' },
      ...{ message: 'it was 3 ms', samples: 100, beyond: 2, worst: [{ seed: 8417, text: 'p99 4 ms' }] },
      distribution: { unit: 'us', p50: 1, p95: 2, p99: 3, max: 4, buckets: [{ upTo: 1, count: 5 }] },
    },
  ],
  past: [{ at: '2026-01-01T00:00:00Z', runs: 100, failures: 0 }],
};

export const sampleExtent: ExtentReport = {
  ...{ isComplete: true, text: 'complete within this bound: 33 orders under 13 sets of faults, 45 runs' },
  ...{ bound: 'every order of events; up to 1 fault (drop, crash for 100 ms)', outside: ['pause'] },
  ...{ runs: 45, orders: 33, faultSets: 13, merged: 1, left: 0, runsEstimated: 45 },
};

/** A scenario that passed, but for what is given. */
export function sampleScenario(rest: Partial<ScenarioReport> = {}): ScenarioReport {
  return {
    ...{ name: 'checkout', file: 'examples/checkout.sim.ts', line: 7, tags: ['critical'], seed: 1 },
    ...{ outcome: 'passed', runs: 100, shrinkRuns: 0, repeated: 5, unsurvivable: 0, virtualMs: 60_000 },
    ...{ steps: 9_000, elapsedMs: 2_000, reached: { 'a timeout': 3 }, undecided: {}, struck: { drop: 9 } },
    crashed: { orders: 0 },
    ...rest,
  };
}

/** One that failed, but for what is given. */
export function failedScenario(rest: Partial<FailureReport> = {}): ScenarioReport {
  return sampleScenario({ outcome: 'failed', shrinkRuns: 14, failure: { ...sampleFailure, ...rest } });
}

export function documentOf(...scenarios: readonly ScenarioReport[]): ReportDocument {
  return { format: 'wavetank-report', version: 1, wavetank: '0.1.0', node: '20.20.0', scenarios };
}

/** Everything that a document can have: each kind of entry, of evidence and of outcome. */
export const fullDocument: ReportDocument = documentOf(
  sampleScenario({
    ...{ statistics, extent: sampleExtent, known: 2, remarks: ['the file was damaged'] },
    part: { index: 1, of: 2, seed: 1, runs: 100, strategy: 'pct', repeatEvery: 20, bail: false, blocks: [] },
    otherFailures: [
      {
        ...{ code: 'WT_HANG', name: 'orders', runs: 3, seed: 7, message: 'it hung' },
        ...{ token: 'wt1:b', replayLine: 'npx wavetank replay b.sim.ts wt1:b' },
      },
    ],
  }),
  ...EVIDENCE.map((evidence, i) =>
    failedScenario(
      i === 0 ? { evidence, storyLines } : { evidence, run: { ...sampleRun, trace: [], history: [] } },
    ),
  ),
  ...(['unmet', 'vacuous', 'diverged', 'escaped', 'stale', 'interrupted'] as const).map((outcome) =>
    sampleScenario({ outcome, message: `it is ${outcome}.` }),
  ),
);
