// The ids of exported spans: hashes of the run and of what a span is about, so that they are the same
// whenever the run is made again, and no other span, of this run or of another, has them.

import { createHash } from 'node:crypto';
import { type RunSpan, rootOf, type TracedRun } from './run-span.ts';

/** Hexadecimal: 32 and 16 digits. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** Gives each span its ids. One that code of a host made keeps the id that the code saw. */
export function idsOf(run: TracedRun, spans: readonly RunSpan[]): ReadonlyMap<RunSpan, SpanIds> {
  const taken = new Set<string>();
  const ids = new Map<RunSpan, SpanIds>();
  // Ids that were seen during the run come before those that are made now.
  const seen = spans.filter(({ own }) => own !== undefined);
  for (const span of [...seen, ...spans.filter(({ own }) => own === undefined)]) {
    let spanId = span.own?.spanId;
    for (let nth = 0; spanId === undefined || taken.has(spanId); nth++)
      spanId = digest(run, `span ${nth} ${span.key}`, 16);
    taken.add(spanId);
    ids.set(span, { traceId: digest(run, `trace ${rootOf(span).key}`, 32), spanId });
  }
  return ids;
}

function digest({ seed, hash }: TracedRun, text: string, digits: number): string {
  return createHash('sha256').update(`${seed} ${hash} ${text}`).digest('hex').slice(0, digits);
}
