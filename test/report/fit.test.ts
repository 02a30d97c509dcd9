// Reports stay below a size: what is far from the failure is cut first, and they say so.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TraceEntry } from '../../src/history/trace.ts';
import type { FailureReport, RunReport } from '../../src/report/document.ts';
import { FAILURE_BYTES_MAX, fitFailure } from '../../src/report/fit.ts';

const EVENTS = 5_000;
const BODY = 'y'.repeat(2_000);

/** A run of so many events, each of which sends a message, prints a line and writes a value. */
function runOf(events: number, body = BODY): RunReport {
  const trace = Array.from({ length: events }, (_, i): TraceEntry[] => {
    const at = { atUs: i * 1_000, step: i + 1 };
    const name = { from: 'a', to: 'b', message: 'request', label: 'POST /', nth: i + 1 } as const;
    return [
      {
        kind: 'step',
        ...at,
        host: 'a',
        what: `POST / #${i + 1}`,
        hash: '0123456789abcdef',
        site: 'src/a.ts:1:2',
      },
      {
        kind: 'sent',
        ...at,
        ...name,
        fate: 'delivered',
        content: { headers: [['x', 'y']], body: { text: body, byteLength: body.length } },
      },
      { kind: 'log', ...at, host: 'a', stream: 'stdout', text: body },
      {
        kind: 'state',
        ...at,
        host: 'b',
        store: 's',
        cause: { kind: 'boot' },
        patches: [{ op: 'replace', path: ['x'], value: body }],
      },
      { kind: 'step', ...at, step: i + 10_000, host: 'b', what: 'timer', hash: '0123456789abcdef' },
    ];
  }).flat();
  const numbers = { seed: 1, virtualMs: 1, steps: events };
  const history = [{ id: 0, client: 'c', name: 'buy', input: body, invokedMs: 0, type: 'ok' as const }];
  return {
    ...numbers,
    hash: 'h',
    verdict: 'illegal',
    workload: null,
    hosts: ['a', 'b'],
    clients: [],
    history,
    trace,
  };
}

function failureOf(run: RunReport, slice: number[]): FailureReport {
  const places = { atMs: 1, step: 1, host: 'a', token: 't', replayLine: 'r' };
  const neighbour = { without: 0, run, difference: { failed: slice[0] as number, passed: 7, text: 'd' } };
  return { code: 'C', name: 'n', message: 'm', ...places, faults: [], story: [], run, slice, neighbour };
}

const bytesOf = (failure: FailureReport): number =>
  Buffer.byteLength(JSON.stringify(failure).replaceAll('<', String.raw`\u003c`));

describe('the size of a report', () => {
  test('leaves alone what is small enough', () => {
    const failure = failureOf(runOf(5), [1]);
    assert.equal(fitFailure(failure), failure);
  });

  test(`${EVENTS} events with bodies fit, and what the failure depends on is whole`, () => {
    const run = runOf(EVENTS);
    const slice = [1, 6_002, 12_001, 24_998];
    const fitted = fitFailure(failureOf(run, slice));
    assert.ok(bytesOf(fitted) < FAILURE_BYTES_MAX);
    assert.deepEqual(
      fitted.slice.map((place) => [fitted.run.trace[place]?.kind, fitted.run.trace[place]?.atUs]),
      slice.map((place) => [run.trace[place]?.kind, run.trace[place]?.atUs]),
    );
    const { difference, run: passed } = fitted.neighbour as NonNullable<FailureReport['neighbour']>;
    assert.equal(fitted.run.trace[difference?.failed ?? -1]?.kind, 'sent');
    assert.equal(passed.trace[difference?.passed ?? -1]?.atUs, run.trace[7]?.atUs);
    assert.ok(
      fitted.run.cuts?.some((cut) => cut.endsWith(' entries left out')),
      String(fitted.run.cuts),
    );
    assert.ok(fitted.run.cuts?.some((cut) => cut.endsWith(' bodies cut')));
    assert.deepEqual(JSON.parse(JSON.stringify(fitted)), fitted);
  });

  test('cuts what is far first: what matters keeps its body while others lose theirs', () => {
    const { run, slice } = fitFailure(failureOf(runOf(200), [501]), 400_000);
    const bodies = run.trace.flatMap((entry, place) =>
      entry.kind === 'sent' ? [[place === slice[0], entry.content?.body?.text?.length ?? 0] as const] : [],
    );
    assert.equal(run.trace.length, 1_000);
    for (const [isInSlice, length] of bodies) assert.ok(isInSlice ? length === 2_000 : length < 1_100);
  });

  test('counts what a page writes longer: HTML in bodies', () => {
    const fitted = fitFailure(failureOf(runOf(150, '<b>'.repeat(700)), [1]));
    assert.ok(bytesOf(fitted) < FAILURE_BYTES_MAX);
    assert.ok(fitted.run.cuts !== undefined);
  });

  test('a log of 5 MB, a large workload and binary bodies fit, too', () => {
    const run = runOf(10);
    const log: TraceEntry = {
      kind: 'log',
      atUs: 1,
      step: 1,
      host: 'a',
      stream: 'stdout',
      text: 'z'.repeat(5_000_000),
    };
    const base64 = Buffer.alloc(900_000).toString('base64');
    const binary: TraceEntry = {
      ...(run.trace[1] as Extract<TraceEntry, { kind: 'sent' }>),
      content: { body: { base64, byteLength: 900_000 } },
    };
    const workload = Array.from({ length: 300_000 }, (_, i) => i);
    const fitted = fitFailure(failureOf({ ...run, workload, trace: [log, binary, ...run.trace] }, [40]));
    assert.ok(bytesOf(fitted) < FAILURE_BYTES_MAX);
    const cut = fitted.run.trace[1] as Extract<TraceEntry, { kind: 'sent' }>;
    assert.equal((cut.content?.body?.base64?.length ?? 0) % 4, 0);
    assert.match(String(fitted.run.workload), /more characters\]$/);
  });
});
