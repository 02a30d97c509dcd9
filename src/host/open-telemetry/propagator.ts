// W3C trace context: writes the active span into the headers of a message, and reads it out of them.
// https://www.w3.org/TR/trace-context/

import type { Context, TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api';
import type { Api } from './load-api.ts';

const TRACEPARENT =
  /^\s?((?!ff)[\da-f]{2})-((?![0]{32})[\da-f]{32})-((?![0]{16})[\da-f]{16})-([\da-f]{2})(-.*)?\s?$/;

/** The propagator that an SDK registers by default, without baggage. */
export class TraceContextPropagator implements TextMapPropagator {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    const span = this.#api.trace.getSpanContext(context);
    if (span === undefined || !this.#api.isSpanContextValid(span)) return;
    const flags = span.traceFlags.toString(16).padStart(2, '0');
    setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-${flags}`);
    if (span.traceState !== undefined) setter.set(carrier, 'tracestate', span.traceState.serialize());
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const given = getter.get(carrier, 'traceparent');
    const header = Array.isArray(given) ? given[0] : given;
    const [, version, traceId, spanId, flags, rest] =
      typeof header === 'string' ? (TRACEPARENT.exec(header) ?? []) : [];
    if (traceId === undefined || spanId === undefined || flags === undefined) return context;
    // The version that is known has nothing after its flags.
    if (version === '00' && rest !== undefined) return context;
    const state = getter.get(carrier, 'tracestate');
    const text = Array.isArray(state) ? state.join(',') : state;
    return this.#api.trace.setSpanContext(context, {
      traceId,
      spanId,
      isRemote: true,
      traceFlags: Number.parseInt(flags, 16),
      ...(typeof text === 'string' ? { traceState: this.#api.createTraceState(text) } : {}),
    });
  }

  fields(): string[] {
    return ['traceparent', 'tracestate'];
  }
}
