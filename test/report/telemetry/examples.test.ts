// The spans of recorded runs of all examples, compared with the traces that they are made of.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  defineScenario,
  exportOtlp,
  program,
  simulate,
  type RunResult,
  type TraceEntry,
} from '../../../src/index.ts';
import type { OtlpSpan } from '../../../src/index.ts';
import { type EndedSpan, rootOf } from '../../../src/report/telemetry/run-span.ts';
import { spansOf } from '../../../src/report/telemetry/spans-of.ts';
import { exampleRuns, lostResponse } from './example-runs.ts';

type Sent = Extract<TraceEntry, { kind: 'sent' }>;
type Arrived = Extract<TraceEntry, { kind: 'arrived' }>;

const traceOf = ({ trace = [] }: RunResult): readonly TraceEntry[] => trace;
const exported = (run: RunResult): OtlpSpan[] =>
  exportOtlp(run).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
const isRequest = (entry: TraceEntry): entry is Sent => entry.kind === 'sent' && entry.message === 'request';
const nameOf = ({ from, to, label, nth }: Sent | Arrived): string => `${from} → ${to} ${label} #${nth}`;

/**
 * To which operation a request belongs by what scheduled what: steps are followed back to the request, or to
 * the step, with which a client of the scenario began; an operation of its was open then.
 */
function operationBehind(run: RunResult, sent: Sent): number | undefined {
  const trace = traceOf(run);
  const steps = new Map(trace.filter((entry) => entry.kind === 'step').map((entry) => [entry.step, entry]));
  const arrivals = new Map(
    trace.filter((entry) => entry.kind === 'arrived').map((entry) => [entry.step, entry]),
  );
  const clients = new Set(run.history.map(({ client }) => client));
  let [client, atMs] = [sent.from, sent.atUs / 1000];
  for (let step: number | undefined = sent.step; step !== undefined && !clients.has(client);) {
    const arrived = arrivals.get(step);
    const cause: number | undefined = steps.get(step)?.cause;
    if (arrived !== undefined) {
      client = arrived.from;
      atMs = (steps.get(cause ?? 0)?.atUs ?? 0) / 1000;
    }
    step = cause;
  }
  const open = run.history.filter(
    (operation) =>
      operation.client === client && operation.invokedMs <= atMs && (operation.endedMs ?? Infinity) >= atMs,
  );
  return open.length === 1 ? open[0]?.id : undefined;
}

for (const { name, scenario, seed, record } of exampleRuns) {
  describe(name, () => {
    test('each request that was sent is a client span, each that was served a server span', async () => {
      const run = await record();
      const trace = traceOf(run);
      const spans = spansOf(run);
      const of = (role: EndedSpan['role']): EndedSpan[] => spans.filter((span) => span.role === role);
      const sent = trace.filter(isRequest);
      assert.ok(sent.length > 0);
      assert.equal(new Set(sent.map(nameOf)).size, sent.length);
      assert.equal(of('request').length, sent.length);
      const arrived = trace.filter((entry) => entry.kind === 'arrived' && entry.message === 'request');
      const refused = trace.filter(
        (entry) => entry.kind === 'sent' && entry.message === 'signal' && /^refusal [A-Z]/.test(entry.label),
      );
      assert.equal(of('handling').length, arrived.length - refused.length);
      const answered = trace.filter(
        (entry) => entry.kind === 'arrived' && entry.message === 'response',
      ).length;
      const withStatus = of('request').filter((span) => 'http.response.status_code' in span.attributes);
      assert.ok(withStatus.length <= answered && (answered === 0 || withStatus.length > 0));
      assert.equal(of('operation').length, run.history.length);
    });

    test('every request of an operation is in the trace of that operation', async () => {
      const run = await record();
      const spans = spansOf(run).filter(({ role }) => role === 'request');
      const sent = traceOf(run).filter(isRequest);
      let compared = 0;
      for (const span of spans) {
        const entry = sent.find(
          (each) => span.key === JSON.stringify([each.from, each.to, 'request', each.label, each.nth]),
        );
        assert.ok(entry !== undefined, span.key);
        const operation = operationBehind(run, entry);
        const { role, attributes } = rootOf(span);
        if (operation === undefined) continue;
        compared++;
        assert.deepEqual(
          [role, attributes['wavetank.operation.id']],
          ['operation', operation],
          nameOf(entry),
        );
      }
      assert.ok(compared > 0 || run.history.length === 0, `${compared} of ${spans.length}`);
    });

    test('spans lie in time within those that wait for them', async () => {
      const run = await record();
      for (const span of spansOf(run)) {
        assert.ok(span.startUs <= span.endUs, span.key);
        assert.ok(span.endUs <= run.virtualMs * 1000, span.key);
        for (const { atUs } of span.events) assert.ok(atUs >= span.startUs, span.key);
        const parent = span.parent as EndedSpan | undefined;
        if (parent === undefined) continue;
        assert.ok(parent.startUs <= span.startUs, span.key);
        const isAwaited = span.role === 'handling' && 'http.response.status_code' in parent.attributes;
        const isCopy = span.events.some((event) => event.name === 'delivered twice');
        if (isAwaited && !isCopy) assert.ok(span.endUs <= parent.endUs, span.key);
      }
    });

    test('ids are unique, lead to parents in the same trace, and come again with the run', async () => {
      const run = await record();
      const spans = exported(run);
      const byId = new Map(spans.map((span) => [span.spanId, span]));
      assert.equal(byId.size, spans.length);
      for (const { parentSpanId, traceId } of spans) {
        if (parentSpanId !== undefined) assert.equal(byId.get(parentSpanId)?.traceId, traceId);
      }
      const again = await simulate(scenario, { seed, record: true });
      assert.deepEqual(exportOtlp(again), exportOtlp(run));
      assert.equal((await simulate(scenario, { seed })).hash, run.hash);
    });
  });
}

for (const kind of ['functions', 'programs'] as const) {
  test(`checkout of ${kind}: a dropped response is an event of the request that waited for it`, async () => {
    const spans = spansOf(await lostResponse(kind));
    const charges = spans.filter(({ name, role }) => role === 'request' && name === 'POST /v1/charges');
    assert.equal(charges.length, 2);
    const [lost] = charges;
    assert.ok(lost !== undefined);
    assert.deepEqual(
      lost.events.map(({ name, attributes }) => [name, attributes['wavetank.message']]),
      [['response dropped', 'response to POST /v1/charges #1']],
    );
    assert.deepEqual(lost.status, { code: 'error', message: 'dropped' });
    const dropped = spans.filter(({ events }) => events.some(({ name }) => name === 'response dropped'));
    assert.deepEqual(dropped, [lost]);
    assert.equal(lost.host, 'payments');
    // Who asked gave up when it answered 504 itself.
    assert.equal(lost.parent?.attributes['http.response.status_code'], 504);
    assert.equal(lost.endUs, lost.parent?.endUs);
    // The bank did what it was asked, and knows of nothing.
    const charged = spans.find(({ parent }) => parent === lost);
    assert.equal(charged?.host, 'api.cards.test');
    assert.deepEqual(charged.status, { code: 'unset' });
    assert.equal(charged.attributes['http.response.status_code'], 201);
    const path: string[] = [];
    for (let up: EndedSpan['parent'] = charged; up !== undefined; up = up.parent)
      path.unshift(`${up.host} ${up.kind}`);
    assert.deepEqual(path, [
      'shopper-1 internal',
      'shopper-1 client',
      'orders server',
      'orders client',
      'payments server',
      'payments client',
      'api.cards.test server',
    ]);
  });
}

test('answers on one connection are those of the requests that they answer', async () => {
  const server = program(fileURLToPath(new URL('../../host/open-telemetry/own-sdk.ts', import.meta.url)));
  const scenario = defineScenario({
    name: 'one connection',
    hosts: { server },
    async drive(world) {
      await world.client('ann', async (client) => {
        await client.operation('ask', null, async () => {
          for (const path of ['a', 'b', 'c']) await (await fetch(`http://server:3000/${path}`)).text();
        });
      });
    },
  });
  const run = await simulate(scenario, { record: true });
  const opened = traceOf(run).filter((entry) => entry.kind === 'sent' && entry.message === 'connection');
  // At least one of them carried two requests.
  assert.ok(opened.length < 3);
  const asked = spansOf(run).filter(({ role }) => role === 'request');
  assert.deepEqual(
    asked.map(({ name, attributes }) => [name, attributes['http.response.status_code']]),
    [
      ['GET /a', 200],
      ['GET /b', 200],
      ['GET /c', 200],
    ],
  );
  for (const [i, span] of asked.entries()) assert.ok(span.endUs <= (asked[i + 1]?.startUs ?? Infinity));
});

test('the violation is told where it came to light', async () => {
  const spans = spansOf(await lostResponse('functions'));
  const told = spans.filter(({ events }) => events.some(({ name }) => name === 'violation'));
  assert.deepEqual(
    told.map(({ host, name, status }) => [host, name, status.code]),
    [['api.cards.test', 'POST /v1/charges', 'error']],
  );
});
