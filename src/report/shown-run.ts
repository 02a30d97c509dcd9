// A recorded run as reports and messages may show it: values as plain JSON, secrets masked. Everything that
// is told of a run is told of this one.

import type { Evidence } from '../history/evidence.ts';
import type { Activity } from '../history/provenance.ts';
import type { Operation } from '../history/operation.ts';
import type { Attributes, Bytes, SentEntry, SpanEntry, TraceEntry } from '../history/trace.ts';
import type { FailedRun } from './failure-text.ts';
import { noMask, type Mask } from './masking/mask.ts';
import { Masker } from './masking/masker.ts';
import { maskedBytes } from './masking/masked-bytes.ts';
import type { MaskOptions } from './masking/secret-names.ts';
import { shownText, shownValue } from './shown-value.ts';

/** What a run gave back, recorded. */
export interface ReportedRun extends FailedRun {
  readonly verdict: string;
  readonly virtualMs: number;
  readonly steps: number;
  readonly hash: string;
  readonly workload: unknown;
  readonly epochMs?: number;
}

const TEXT_MAX = 65_536;

/**
 * Makes the mask for everything that is told of these runs.
 *
 * @param hosts - Names that are no secrets; those of clients and operations are none, either.
 */
export function maskFor(
  options: MaskOptions | undefined,
  hosts: Iterable<string>,
  runs: readonly ReportedRun[],
): Mask {
  if (options?.mask === false) return noMask;
  const names = runs.flatMap(({ history }) => history.flatMap(({ client, name }) => [client, name]));
  const masker = new Masker(options, [...hosts, ...names]);
  // What is a secret at the end of a run is one at its beginning.
  for (const run of runs) showRun(run, masker);
  return masker;
}

/** Shows a run. What tells its story or finds its causes reads it as it reads the run itself. */
export function showRun(run: ReportedRun, mask: Mask): ReportedRun {
  const { scenario, seed, verdict, virtualMs, steps, hash, ledger, trace } = run;
  return {
    ...{ scenario, seed, verdict, virtualMs, steps, hash, ledger },
    // A scenario without a workload has none.
    workload: mask.value(shownValue(run.workload ?? null)),
    // No part of it is a value of the system, but labels may hold one.
    plan: mask.value(run.plan) as ReportedRun['plan'],
    violations: run.violations.map(({ code, name, message, atMs, step, host, evidence }) => ({
      ...{ code, atMs, step, host },
      name: mask.text(shownText(name, TEXT_MAX)),
      message: mask.text(shownText(message, TEXT_MAX)),
      ...(evidence === undefined ? {} : { evidence: mask.value(shownValue(evidence)) as Evidence }),
    })),
    history: run.history.map((operation) => shownOperation(operation, mask)),
    ...(trace === undefined ? {} : { trace: trace.map((entry) => shownEntry(entry, mask)) }),
  };
}

/** An operation, with plain values and without its secrets. */
export function shownOperation(operation: Operation, mask: Mask): Operation {
  const { id, client, name, invokedMs, type, endedMs, value, error } = operation;
  return {
    id,
    client,
    name: mask.text(name),
    input: mask.value(shownValue(operation.input)),
    invokedMs,
    type,
    ...(endedMs === undefined ? {} : { endedMs }),
    ...(value === undefined ? {} : { value: mask.value(shownValue(value)) }),
    ...(error === undefined ? {} : { error: mask.text(shownText(error, TEXT_MAX)) }),
  };
}

/**
 * An entry of a trace, with plain values and without its secrets.
 *
 * @param isForJson - Whether numbers that JSON has no word for are told as text.
 */
export function shownEntry(entry: TraceEntry, mask: Mask, isForJson = true): TraceEntry {
  const text = (words: string): string => mask.text(shownText(words, TEXT_MAX));
  switch (entry.kind) {
    case 'step':
      return { ...entry, what: text(entry.what) };
    case 'sent': {
      const { content, request, ...rest } = entry;
      const of = request === undefined ? {} : { request: { ...request, label: text(request.label) } };
      const sent = { ...rest, ...of, ...shownCause(entry, text) };
      const label = text(sent.label);
      if (content === undefined) return { ...sent, label };
      const { headers, body } = content;
      const shown = {
        ...(headers === undefined ? {} : { headers: headers.map((each) => mask.header(each)) }),
        ...(body === undefined ? {} : { body: shownBody(body, text, headers) }),
      };
      return { ...sent, label, content: shown };
    }
    case 'arrived':
      return { ...entry, label: text(entry.label) };
    case 'state': {
      const { patches, cause } = entry;
      const shown = patches.map((patch) => {
        const path = mask.path(patch.path);
        if (patch.value === undefined) return { op: patch.op, path };
        return { op: patch.op, path, value: mask.value(shownValue(patch.value), patch.path) };
      });
      return { ...entry, patches: shown, cause: mask.value(shownValue(cause)) as typeof cause };
    }
    case 'operation':
      return { ...entry, name: text(entry.name) };
    case 'fault':
      return { ...entry, text: text(entry.text) };
    case 'log':
    case 'note':
      return { ...entry, text: text(entry.text), ...shownCause(entry, text) };
    case 'span':
      return shownSpan(entry, { mask, text, isForJson });
    default:
      return { ...entry, change: text(entry.change) };
  }
}

/** What a host was doing, with its words masked as in the messages that they name. */
function shownCause(
  { cause }: { readonly cause?: Activity },
  text: (words: string) => string,
): { readonly cause?: Activity } {
  const shown = (activity: Activity): Activity => {
    if (activity.kind === 'message') return { ...activity, label: text(activity.label) };
    if (activity.kind === 'operation') return { ...activity, name: text(activity.name) };
    if (activity.kind !== 'timer' || activity.after === undefined) return activity;
    return { ...activity, after: shown(activity.after) };
  };
  return cause === undefined ? {} : { cause: shown(cause) };
}

function shownSpan(
  span: SpanEntry,
  { mask, text, isForJson }: { mask: Mask; text: (words: string) => string; isForJson: boolean },
): SpanEntry {
  const shown = (attributes: Attributes): Attributes => {
    if (!isForJson) return mask.value(attributes) as Attributes;
    // JSON has no `NaN`.
    const finite = Object.entries(attributes).map(([key, value]) => {
      return [key, typeof value === 'number' && !Number.isFinite(value) ? String(value) : value] as const;
    });
    return mask.value(Object.fromEntries(finite)) as Attributes;
  };
  const { code, message } = span.status;
  return {
    ...span,
    name: text(span.name),
    attributes: shown(span.attributes),
    events: span.events.map((event) => {
      return { ...event, name: text(event.name), attributes: shown(event.attributes) };
    }),
    links: span.links.map((link) => ({ ...link, attributes: shown(link.attributes) })),
    status: message === undefined ? { code } : { code, message: text(message) },
    ...shownCause(span, text),
  };
}

function shownBody(
  body: Bytes,
  text: (words: string) => string,
  headers: NonNullable<SentEntry['content']>['headers'],
): Bytes {
  return body.text === undefined ? maskedBytes(body, text, headers) : { ...body, text: text(body.text) };
}
