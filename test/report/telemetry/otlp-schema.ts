// Checks OTLP JSON by the published definition: the messages of opentelemetry-proto as OpenTelemetry's own
// exporter has them compiled (@opentelemetry/otlp-transformer, the last version with protobuf.js), and what
// OTLP says besides about its JSON encoding.

import assert from 'node:assert/strict';
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js';

interface MessageType {
  fromObject(object: unknown): object;
  verify(message: object): string | null;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toObject(message: object, options: object): Record<string, unknown>;
}

interface Root {
  readonly opentelemetry: {
    readonly proto: {
      readonly collector: {
        readonly trace: { readonly v1: { readonly ExportTraceServiceRequest: MessageType } };
      };
      readonly trace: {
        readonly v1: {
          readonly Span: { readonly SpanKind: Readonly<Record<string, string | number>> };
          readonly Status: { readonly StatusCode: Readonly<Record<string, string | number>> };
        };
      };
    };
  };
}

const { opentelemetry } = root as unknown as Root;
const { ExportTraceServiceRequest } = opentelemetry.proto.collector.trace.v1;
const { Span, Status } = opentelemetry.proto.trace.v1;

const ID_DIGITS: Readonly<Record<string, number>> = { traceId: 32, spanId: 16, parentSpanId: 16 };
const UINT64 = /^(timeUnixNano|startTimeUnixNano|endTimeUnixNano)$/;

/**
 * Passes an export through protobuf, and asserts that all of it comes out again: that every field is one of
 * the schema, and of its type.
 */
export function assertOtlp(json: unknown): void {
  const asProtobuf = inProtobufTerms(json);
  const message = ExportTraceServiceRequest.fromObject(asProtobuf);
  assert.equal(ExportTraceServiceRequest.verify(message), null);
  const bytes = ExportTraceServiceRequest.encode(message).finish();
  const back = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(bytes), {
    longs: String,
    bytes: String,
    json: true,
  });
  assert.deepEqual(withoutEmpty(back), withoutEmpty(asProtobuf));
}

/** OTLP writes ids as hexadecimal digits, where the JSON of protobuf has base64. */
function inProtobufTerms(value: unknown, key = ''): unknown {
  const digits = ID_DIGITS[key];
  if (digits !== undefined) {
    assert.match(String(value), new RegExp(`^[0-9a-f]{${digits}}$`));
    assert.doesNotMatch(String(value), /^0+$/);
    return Buffer.from(String(value), 'hex').toString('base64');
  }
  if (UINT64.test(key) || key === 'intValue') {
    assert.equal(typeof value, 'string', key);
    assert.match(String(value), key === 'intValue' ? /^-?\d+$/ : /^\d+$/);
  }
  if (key === 'kind') assert.equal(typeof Span.SpanKind[String(value)], 'string', `kind ${String(value)}`);
  if (key === 'code')
    assert.equal(typeof Status.StatusCode[String(value)], 'string', `code ${String(value)}`);
  if (Array.isArray(value)) return value.map((each) => inProtobufTerms(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inProtobufTerms(each, name)]));
}

/** Lists without anything are not written. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, each]) => !Array.isArray(each) || each.length > 0);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutEmpty(each)]));
}
