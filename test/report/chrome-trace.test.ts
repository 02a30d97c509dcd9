// The trace for Perfetto: that those of real runs keep the rules of the format, and show what happened.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exportChromeTrace, type ChromeEvent, type ChromeTrace, type TraceEntry } from '../../src/index.ts';
import { exampleRuns, lostResponse } from './telemetry/example-runs.ts';
import { assertTraceEvents } from './telemetry/trace-event-format.ts';

describe('a trace keeps the rules of the format', () => {
  for (const { name, record } of exampleRuns) {
    test(name, async () => assertTraceEvents(JSON.parse(JSON.stringify(exportChromeTrace(await record())))));
  }
});

describe('the rules refuse', () => {
  const of = (events: ChromeEvent[], ph: ChromeEvent['ph']): Record<string, unknown> => {
    const found = events.find((event) => event.ph === ph);
    assert.ok(found !== undefined, `nothing of phase ${ph}`);
    return found as unknown as Record<string, unknown>;
  };
  const wrong: readonly (readonly [string, (events: ChromeEvent[]) => void])[] = [
    ['work without an end', (events) => delete of(events, 'X')['dur']],
    [
      'arrows without a head',
      (events) =>
        events.splice(
          events.findIndex(({ ph }) => ph === 'f'),
          1,
        ),
    ],
    ['arrows from where nobody works', (events) => (of(events, 's')['tid'] = 99)],
    ['moments of no scope', (events) => delete of(events, 'i')['s']],
    [
      'threads without a name',
      (events) =>
        events.splice(
          events.findIndex(({ name }) => name === 'thread_name'),
          1,
        ),
    ],
    ['counts that are texts', (events) => (of(events, 'C')['args'] = { requests: 'one' })],
    [
      'work that overlaps other work',
      (events) => {
        const long = events.find(({ ph, dur = 0 }) => ph === 'X' && dur > 10);
        assert.ok(long?.dur !== undefined);
        events.push({ ...long, ts: long.ts + 5 });
      },
    ],
  ];
  for (const [what, spoil] of wrong) {
    test(what, async () => {
      const trace = JSON.parse(JSON.stringify(exportChromeTrace(await lostResponse('functions')))) as {
        traceEvents: ChromeEvent[];
      };
      assertTraceEvents(trace);
      spoil(trace.traceEvents);
      assert.throws(() => assertTraceEvents(trace));
    });
  }
});

describe('a trace shows', () => {
  const hostOf = ({ traceEvents }: ChromeTrace, pid: number): unknown =>
    traceEvents.find((event) => event.name === 'process_name' && event.pid === pid)?.args?.['name'];

  test('messages as arrows between the hosts', async () => {
    const trace = exportChromeTrace(await lostResponse('functions'));
    const tails = trace.traceEvents.filter(({ ph }) => ph === 's');
    const arrows = tails.map(({ name, id, pid, ts }) => {
      const head = trace.traceEvents.find((event) => event.ph === 'f' && event.id === id);
      return [name, hostOf(trace, pid), hostOf(trace, head?.pid ?? 0), ts, head?.ts];
    });
    assert.deepEqual(arrows.slice(0, 3), [
      ['POST /checkout', 'shopper-1', 'orders', 0, 2_500],
      ['PUT /reservations/o-1', 'orders', 'inventory', 2_500, 5_000],
      ['response to PUT /reservations/o-1', 'inventory', 'orders', 5_000, 7_499],
    ]);
    // The lost response has none.
    assert.ok(!arrows.some(([name]) => name === 'response to POST /v1/charges'));
  });

  test('violations and lasting faults on the system as a whole', () => {
    const fault = (change: 'begins' | 'ends' | 'strikes', us: number, nth: number): TraceEntry => ({
      ...{ kind: 'fault', atUs: us, step: 1, change, fault: 'partition', text: `partition ${nth}` },
      ...{ hosts: ['a', 'b'], nth },
    });
    const { traceEvents } = exportChromeTrace({
      seed: 1,
      hash: 'abc',
      virtualMs: 9,
      history: [],
      trace: [
        { kind: 'note', atUs: 1, step: 1, text: 'faults stop' },
        fault('begins', 2_000, 0),
        fault('begins', 3_000, 1),
        fault('ends', 4_000, 0),
        fault('strikes', 5_000, 2),
      ],
      violations: [{ code: 'WT_INVARIANT', name: 'kept', message: '', atMs: 8, step: 1, host: 'a' }],
    });
    assertTraceEvents({ traceEvents });
    assert.deepEqual(
      traceEvents.filter(({ ph }) => ph !== 'M').map(({ ph, name, ts }) => `${ph} ${name} ${ts}`),
      [
        'i faults stop 1',
        'b partition 0 2000',
        'b partition 1 3000',
        'e partition 0 4000',
        'i partition 2 5000',
        'i violation: kept 8000',
        'e partition 1 9000',
      ],
    );
  });

  test('how many requests each host works on, and in the end none', async () => {
    const trace = exportChromeTrace(await lostResponse('programs'));
    const last = new Map<unknown, unknown>();
    let most = 0;
    for (const { ph, pid, args } of trace.traceEvents) {
      if (ph !== 'C') continue;
      last.set(hostOf(trace, pid), args?.['requests']);
      most = Math.max(most, Number(args?.['requests']));
    }
    assert.deepEqual(new Set(last.keys()), new Set(['api.cards.test', 'inventory', 'orders', 'payments']));
    assert.deepEqual([...new Set(last.values())], [0]);
    assert.equal(most, 1);
  });
});
