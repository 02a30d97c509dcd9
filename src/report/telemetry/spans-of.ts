// The spans of a recorded run, with an end for each: that of the work, or the last that is known of it.

import type { Exchange } from './http-spans.ts';
import { addOwnSpans } from './own-spans.ts';
import type { EndedSpan, RunSpan, TracedRun } from './run-span.ts';
import { SpanWalk } from './span-walk.ts';

/** Makes the spans of a run, in the order in which they began. */
export function spansOf(run: TracedRun): EndedSpan[] {
  const walk = new SpanWalk(run);
  addOwnSpans(walk);
  const ends = new Ends(walk.spans, Math.round(run.virtualMs * 1000));
  for (const exchange of walk.http.exchanges.values()) ends.endRequest(exchange);
  for (const span of walk.spans) ends.endOf(span);
  for (const { events } of walk.spans) events.sort((left, right) => left.atUs - right.atUs);
  return (walk.spans as EndedSpan[]).toSorted((left, right) => left.startUs - right.startUs);
}

/** Ends what has no end of its own. */
class Ends {
  readonly #children = new Map<RunSpan, RunSpan[]>();
  /** Those whose end the trace tells. */
  readonly #told: ReadonlySet<RunSpan>;
  readonly #runEndUs: number;

  constructor(spans: readonly RunSpan[], runEndUs: number) {
    this.#runEndUs = runEndUs;
    this.#told = new Set(spans.filter(({ endUs }) => endUs !== undefined));
    for (const span of spans) {
      if (span.parent === undefined) continue;
      const siblings = this.#children.get(span.parent);
      if (siblings === undefined) this.#children.set(span.parent, [span]);
      else siblings.push(span);
    }
  }

  /**
   * Ends a request without an answer when nobody waited for it any more: when the same was asked again, or
   * when whoever asked was done. One that the end of the run met is no error.
   */
  endRequest({ span, failure }: Exchange): void {
    if (span.attributes['http.response.status_code'] !== undefined) return;
    const givenUpUs = span.endUs ?? this.#givenUpUs(span);
    if (givenUpUs === undefined && failure === undefined) return this.#leaveUnfinished(span);
    if (span.endUs === undefined) {
      span.endUs = Math.max(lastEventUs(span), givenUpUs ?? this.#runEndUs);
      span.attributes['wavetank.end'] = 'inferred';
    }
    const why = failure ?? 'no answer';
    span.attributes['error.type'] = why;
    span.status = { code: 'error', message: why };
  }

  endOf(span: RunSpan): number {
    if (span.endUs !== undefined) return span.endUs;
    if (span.role === 'operation' || span.role === 'incarnation') return (span.endUs = this.#runEndUs);
    // Not to come back here if a trace that was made by hand leads in a circle.
    span.endUs = lastEventUs(span);
    for (const child of this.#children.get(span) ?? []) span.endUs = Math.max(span.endUs, this.endOf(child));
    return span.endUs;
  }

  #leaveUnfinished(span: RunSpan): void {
    const handling = this.#children
      .get(span)
      ?.find(({ role, endUs }) => role === 'handling' && endUs === undefined);
    for (const each of [span, handling]) {
      if (each === undefined) continue;
      each.endUs = this.#runEndUs;
      each.attributes['wavetank.end'] = 'the end of the run';
    }
  }

  #givenUpUs(span: RunSpan): number | undefined {
    const { parent } = span;
    if (parent === undefined) return undefined;
    const again = (this.#children.get(parent) ?? []).filter((each) => isSameRequest(each, span));
    const times = again.map(({ startUs }) => startUs).filter((startUs) => startUs > span.startUs);
    if (this.#told.has(parent) && parent.endUs !== undefined) times.push(parent.endUs);
    return times.length === 0 ? undefined : Math.min(...times);
  }
}

function isSameRequest(left: RunSpan, right: RunSpan): boolean {
  const peer = 'network.peer.address';
  return (
    left.role === 'request' && left.name === right.name && left.attributes[peer] === right.attributes[peer]
  );
}

function lastEventUs({ startUs, events }: RunSpan): number {
  let lastUs = startUs;
  for (const { atUs } of events) lastUs = Math.max(lastUs, atUs);
  return lastUs;
}
