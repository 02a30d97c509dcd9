// OTLP JSON: that exports of real runs are what the published definition says, and how values are written.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  exportChromeTrace,
  exportOtlp,
  OptionError,
  type OtlpSpan,
  type TracedRun,
  type TraceEntry,
} from '../../src/index.ts';
import { exampleRuns, lostResponse } from './telemetry/example-runs.ts';
import { assertOtlp } from './telemetry/otlp-schema.ts';

const EPOCH_MS = 1_704_067_200_000;

describe('an export is valid OTLP JSON', () => {
  for (const { name, record } of exampleRuns) {
    test(name, async () => {
      const text = JSON.stringify(exportOtlp(await record()));
      assertOtlp(JSON.parse(text));
    });
  }
});

describe('the schema refuses', () => {
  const wrong: readonly (readonly [string, (span: Record<string, unknown>) => void])[] = [
    ['ids that are not hexadecimal', (span) => (span['spanId'] = 'AAAAAAAAAAA=')],
    ['ids that are too short', (span) => (span['traceId'] = 'abcdef')],
    ['times that are numbers', (span) => (span['startTimeUnixNano'] = 17)],
    ['kinds by name', (span) => (span['kind'] = 'SPAN_KIND_CLIENT')],
    ['fields that nobody knows', (span) => (span['colour'] = 'red')],
    ['attributes that are no list', (span) => (span['attributes'] = { a: 1 })],
  ];
  for (const [what, spoil] of wrong) {
    test(what, async () => {
      const json = JSON.parse(JSON.stringify(exportOtlp(await lostResponse('functions')))) as {
        resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
      };
      assertOtlp(json);
      spoil(json.resourceSpans[0]?.scopeSpans[0]?.spans[0] as Record<string, unknown>);
      assert.throws(() => assertOtlp(json));
    });
  }
});

const at = (us: number, step: number): { atUs: number; step: number } => ({ atUs: us, step });
const runOf = (trace: readonly TraceEntry[], rest: Partial<TracedRun> = {}): TracedRun => ({
  seed: 1,
  hash: 'abc',
  virtualMs: 10,
  history: [],
  trace,
  ...rest,
});
const spansIn = (run: TracedRun): OtlpSpan[] =>
  exportOtlp(run).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

describe('what an export says', () => {
  const operation = (type: 'invoke' | 'ok', us: number): TraceEntry => {
    return { kind: 'operation', ...at(us, 1), id: 0, client: 'guest', name: 'greet', type };
  };

  test('times are those of the scenario, to the microsecond', () => {
    const [span] = spansIn(runOf([operation('invoke', 1), operation('ok', 2_500)]));
    assert.equal(span?.startTimeUnixNano, `${EPOCH_MS}001000`);
    assert.equal(span?.endTimeUnixNano, `${EPOCH_MS}000000`.replace(/0{9}$/, '002500000'));
    const [other] = spansIn(runOf([operation('invoke', 1)], { epochMs: 0 }));
    assert.deepEqual([other?.startTimeUnixNano, other?.endTimeUnixNano], ['1000', '10000000']);
  });

  test('ids depend on the run and on nothing else', () => {
    const trace = [operation('invoke', 1), operation('ok', 2_500)];
    const idsOf = (run: TracedRun): (string | undefined)[] =>
      spansIn(run).flatMap((s) => [s.traceId, s.spanId]);
    assert.deepEqual(idsOf(runOf(trace)), idsOf(runOf(trace)));
    for (const other of [{ seed: 2 }, { hash: 'abd' }])
      assert.ok(!idsOf(runOf(trace, other)).some((id) => idsOf(runOf(trace)).includes(id)));
  });

  test('every life of a host is a resource of its own', () => {
    const life = (us: number, step: number): TraceEntry[] => [
      { kind: 'step', ...at(us, step), host: 'bank', what: 'boot', hash: '' },
      { kind: 'log', ...at(us, step), host: 'bank', stream: 'stdout', text: 'up', cause: { kind: 'boot' } },
      { kind: 'host', ...at(us + 1, step), host: 'bank', change: 'crashed' },
    ];
    const run = runOf([...life(0, 1), ...life(100, 2)]);
    const resources = exportOtlp(run).resourceSpans.map(({ resource, scopeSpans }) => {
      const said = Object.fromEntries(
        resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
      );
      const [span] = scopeSpans.flatMap(({ spans }) => spans);
      return [
        said['service.name'],
        said['service.instance.id'],
        span?.events.map(({ name }) => name),
        span?.status,
      ];
    });
    const died = { code: 2, message: 'the host crashed' };
    assert.deepEqual(resources, [
      ['bank', 'bank/1', ['log', 'crashed'], died],
      ['bank', 'bank/2', ['log', 'crashed'], died],
    ]);
  });

  test('values keep their types; what protobuf cannot have is written as well as can be', () => {
    const attributes = {
      whole: 7,
      part: 0.5,
      yes: true,
      none: Number.NaN,
      half: '\ud800',
      list: ['a', null, 2],
    };
    const [span] = spansIn(
      runOf([
        {
          kind: 'span',
          ...at(5, 1),
          host: 'shop',
          incarnation: 1,
          name: 'half \udc00',
          traceId: 'a'.repeat(32),
          spanId: 'b'.repeat(16),
          isParentRemote: false,
          spanKind: 'internal',
          startUs: 1,
          endUs: 5,
          startStep: 1,
          attributes,
          events: [],
          links: [],
          status: { code: 'ok' },
          scope: { name: 'shop', version: '1' },
        },
      ]),
    );
    assert.ok(span !== undefined);
    const found = Object.fromEntries(span.attributes.map(({ key, value }) => [key, value]));
    assert.deepEqual(
      [found['whole'], found['part'], found['yes'], found['none'], found['half']],
      [
        { intValue: '7' },
        { doubleValue: 0.5 },
        { boolValue: true },
        { doubleValue: 'NaN' },
        { stringValue: '\ufffd' },
      ],
    );
    assert.deepEqual(found['list'], {
      arrayValue: { values: [{ stringValue: 'a' }, {}, { intValue: '2' }] },
    });
    assert.deepEqual([span.name, span.spanId, span.status], ['half \\udc00', 'b'.repeat(16), { code: 1 }]);
  });

  test('secrets are masked as in reports, with the same setting', () => {
    const printed = 'login with password=hunter2-hunter2 of nickname=zorro-1919';
    const log: TraceEntry = { kind: 'log', ...at(2, 1), host: 'bank', stream: 'stdout', text: printed };
    const step: TraceEntry = { kind: 'step', ...at(1, 1), host: 'bank', what: 'boot', hash: '' };
    const run = runOf([step, { ...log, cause: { kind: 'boot' } }]);
    for (const exported of [exportOtlp, exportChromeTrace]) {
      const has = (options?: Parameters<typeof exportOtlp>[1]): boolean[] =>
        ['hunter2', 'zorro', 'bank'].map((word) => JSON.stringify(exported(run, options)).includes(word));
      assert.deepEqual(has(), [false, true, true]);
      assert.deepEqual(has({ mask: ['nickname'] }), [false, false, true]);
      assert.deepEqual(has({ unmask: ['password'] }), [true, true, true]);
      assert.deepEqual(has({ mask: false }), [true, true, true]);
    }
  });

  test('a run that was not recorded is refused', () => {
    const { trace, ...unrecorded } = runOf([]);
    assert.deepEqual(trace, []);
    assert.throws(
      () => exportOtlp(unrecorded),
      (error: Error) => {
        assert.ok(error instanceof OptionError);
        assert.match(error.message, /record: true/);
        return true;
      },
    );
  });
});
