// Services that use OpenTelemetry's API: on hosts for which wavetank is registered, on hosts without
// anything, and with an SDK of their own.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import {
  calmPlan,
  defineScenario,
  exportOtlp,
  handler,
  OptionError,
  program,
  simulate,
} from '../../../src/index.ts';
import type { HostDefinition, RunResult, Scenario } from '../../../src/index.ts';
import { type EndedSpan, rootOf } from '../../../src/report/telemetry/run-span.ts';
import { spansOf } from '../../../src/report/telemetry/spans-of.ts';
import { assertOtlp } from '../../report/telemetry/otlp-schema.ts';

/**
 * As a service has it: made when the module is loaded, before anything is registered, and shared by hosts.
 */
const tracer = trace.getTracer('shop', '2.0');

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const shop = handler(
  () => async () =>
    tracer.startActiveSpan('buy', async (span) => {
      const headers: Record<string, string> = {};
      await sleep(1);
      propagation.inject(context.active(), headers);
      const paid = await fetch('http://bank/pay', { headers });
      span.setAttribute('shop.status', paid.status).end();
      return new Response(await paid.text());
    }),
);

const bank = handler(() => async (request) => {
  const caller = propagation.extract(context.active(), Object.fromEntries(request.headers));
  const span = tracer.startSpan('pay', { kind: SpanKind.SERVER }, caller);
  await sleep(3);
  span.addEvent('paid', { amount: 5 });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'too much' });
  span.end();
  const seen = request.headers.get('traceparent');
  return Response.json({ seen, recording: span.isRecording(), id: span.spanContext() });
});

/** What the bank answers: what it got, and what its span is. */
interface Answer {
  readonly seen: string | null;
  readonly recording: boolean;
  readonly id: object;
}

function shopping(
  hosts: Record<string, HostDefinition>,
  options: { openTelemetry?: boolean } = {},
): Scenario {
  return defineScenario({
    name: 'shopping',
    hosts,
    ...options,
    async drive(world) {
      const buy = (name: string): Promise<void> =>
        world.client(name, async (client) => {
          await client.operation('buy', name, async () => (await fetch('http://shop/buy')).json());
        });
      await Promise.all([buy('ann'), buy('ben')]);
    },
  });
}

const traced = shopping({ shop, bank }, { openTelemetry: true });
const pathOf = (span: EndedSpan): string[] => {
  const path: string[] = [];
  for (let up: EndedSpan['parent'] = span; up !== undefined; up = up.parent)
    path.unshift(`${up.host} ${up.role}`);
  return path;
};
const firstAnswer = ({ history: [first] }: RunResult): Answer => {
  assert.ok(first !== undefined);
  return first.value as Answer;
};
const own = (run: RunResult): EndedSpan[] => spansOf(run).filter(({ role }) => role === 'own');

describe('with `openTelemetry: true`', () => {
  test('spans of services stand in the trace of the operation, each within what led to it', async () => {
    const run = await simulate(traced, { record: true });
    assert.equal(run.verdict, 'ok');
    const spans = own(run);
    assert.deepEqual(
      spans.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b)),
      ['buy', 'buy', 'pay', 'pay'],
    );
    for (const [i, client] of ['ann', 'ben'].entries()) {
      const ofClient = spans.filter((span) => rootOf(span).host === client);
      assert.deepEqual(
        ofClient.map(({ name }) => name),
        ['buy', 'pay'],
      );
      const toShop = [`${client} operation`, `${client} request`, 'shop handling', 'shop own'];
      assert.deepEqual(ofClient.map(pathOf), [
        toShop,
        [...toShop, 'shop request', 'bank handling', 'bank own'],
      ]);
      assert.equal(rootOf(ofClient[0] as EndedSpan).attributes['wavetank.operation.id'], i);
    }
    assert.equal(new Set(spans.map((span) => span.own?.spanId)).size, spans.length);
    assertOtlp(JSON.parse(JSON.stringify(exportOtlp(run))));
  });

  test('a request belongs to the span that was active, also where no header says so', async () => {
    const silent = handler(
      () => () =>
        tracer.startActiveSpan('ask', async (span) => {
          const answer = await fetch('http://bank/pay');
          span.end();
          return answer;
        }),
    );
    const run = await simulate(shopping({ shop: silent, bank }, { openTelemetry: true }), { record: true });
    const asked = spansOf(run).filter(({ role, host }) => role === 'request' && host === 'shop');
    assert.deepEqual(
      asked.map(({ parent }) => parent?.name),
      ['ask', 'ask'],
    );
    // Nothing told the bank, so its spans begin traces of their own there; they stand below the request here.
    const pays = own(run).filter(({ name }) => name === 'pay');
    assert.deepEqual(
      pays.map(({ own: made }) => made?.parentSpanId),
      [undefined, undefined],
    );
    assert.deepEqual(
      pays.map(({ parent }) => parent?.role),
      ['handling', 'handling'],
    );
  });

  test('they say what the service said, in virtual time', async () => {
    const pay = own(await simulate(traced, { plan: calmPlan, record: true })).find(
      ({ name }) => name === 'pay',
    );
    assert.ok(pay?.own !== undefined);
    assert.equal(pay.endUs - pay.startUs, 3_000);
    assert.deepEqual(pay.own.scope, { name: 'shop', version: '2.0' });
    assert.deepEqual([pay.kind, pay.status], ['server', { code: 'error', message: 'too much' }]);
    assert.deepEqual(pay.events, [{ atUs: pay.endUs, name: 'paid', attributes: { amount: 5 } }]);
    assert.equal(pay.own.isParentRemote, true);
  });

  test('a run is the same when it is recorded, and its ids are the same', async () => {
    const recorded = await simulate(traced, { record: true });
    const unrecorded = await simulate(traced);
    assert.equal(unrecorded.hash, recorded.hash);
    assert.deepEqual(unrecorded.history, recorded.history);
    const { seen } = firstAnswer(recorded);
    const buy = own(recorded).find((span) => span.name === 'buy' && rootOf(span).host === 'ann');
    assert.equal(seen, `00-${buy?.own?.traceId}-${buy?.own?.spanId}-01`);
    assert.deepEqual(exportOtlp(await simulate(traced, { record: true })), exportOtlp(recorded));
    const calm = await simulate(traced, { plan: calmPlan });
    const other = await simulate(traced, { plan: calmPlan, seed: 2 });
    assert.notEqual(firstAnswer(other).seen, firstAnswer(calm).seen);
    assert.notEqual(firstAnswer(other).seen, seen);
  });
});

test('without it, spans do nothing, as in a process without an SDK', async () => {
  const run = await simulate(shopping({ shop, bank }), { record: true });
  assert.deepEqual(own(run), []);
  const { seen, recording, id } = firstAnswer(run);
  assert.deepEqual([seen, recording], [null, false]);
  assert.deepEqual(id, { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 });
});

test('a header of somebody else is a link', async () => {
  const foreign = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7';
  const scenario = defineScenario({
    name: 'foreign',
    hosts: { bank: handler(() => () => new Response('ok')) },
    async drive(world) {
      await world.client('ann', async (client) => {
        const headers = { traceparent: `00-${foreign}-01` };
        await client.operation('pay', null, () => fetch('http://bank/pay', { headers }));
      });
    },
  });
  const spans = spansOf(await simulate(scenario, { record: true }));
  const linked = spans.filter(({ links }) => links.length > 0);
  assert.deepEqual(
    linked.map(({ role, links }) => [role, links]),
    [['request', [{ traceId: foreign.slice(0, 32), spanId: foreign.slice(33), why: 'traceparent' }]]],
  );
});

describe('programs with an SDK of their own', () => {
  const file = fileURLToPath(new URL('own-sdk.ts', import.meta.url));
  const hosts = (names: readonly string[]): Record<string, HostDefinition> =>
    Object.fromEntries(names.map((name) => [name, program(file, { env: { NAME: name } })]));
  const asking = (names: readonly string[], openTelemetry: boolean): Scenario =>
    defineScenario({
      name: 'own SDKs',
      hosts: hosts(names),
      openTelemetry,
      async drive(world) {
        for (const name of names)
          await world.client('ann', async (client) => {
            await client.operation(name, null, async () => (await fetch(`http://${name}:3000/x`)).json());
          });
      },
    });

  for (const openTelemetry of [false, true]) {
    test(`each registers for itself${openTelemetry ? ', in place of wavetank' : ''}`, async () => {
      const scenario = asking(['one', 'two'], openTelemetry);
      const [first, second] = [await simulate(scenario), await simulate(scenario)];
      assert.deepEqual(second, first);
      const answers = first.history.map(
        ({ value }) => value as { isRegistered: boolean; told: { name: string; traceId: string }[] },
      );
      assert.deepEqual(
        answers.map(({ isRegistered, told }) => [isRegistered, told.map(({ name }) => name)]),
        [
          [true, ['one /x']],
          [true, ['two /x']],
        ],
      );
      const ids = answers.flatMap(({ told }) => told.map(({ traceId }) => traceId));
      assert.equal(new Set(ids).size, 2);
      for (const id of ids) assert.match(id, /^(?!0{32})[\da-f]{32}$/);
      const other = await simulate(scenario, { seed: 2 });
      assert.notDeepEqual(other.history, first.history);
    });
  }
});

test('what hosts register does not reach the process of the test', async () => {
  await simulate(traced);
  assert.equal(trace.getTracerProvider().getTracer('test').startSpan('outside').isRecording(), false);
  assert.equal(tracer.startSpan('outside').isRecording(), false);
});

test('an option that is no flag is refused', () => {
  assert.throws(() => shopping({ shop }, { openTelemetry: 'yes' as unknown as boolean }), OptionError);
});
