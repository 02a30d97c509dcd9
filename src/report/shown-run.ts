// A recorded run as reports and messages may show it: values as plain JSON, secrets masked. Everything that
// is told of a run is told of this one.

import type { Evidence } from '../history/evidence.ts';
import type { Operation } from '../history/operation.ts';
import type { Attributes, Bytes, SpanEntry, TraceEntry } from '../history/trace.ts';
import type { FailedRun } from './failure-text.ts';
import { noMask, type Mask } from './masking/mask.ts';
import { Masker } from './masking/masker.ts';
import type { MaskOptions } from './masking/secret-names.ts';
import { shownText, shownValue } from './shown-value.ts';

/** What a run gave back, recorded. */
export interface ReportedRun extends FailedRun {
  readonly verdict: string;
  readonly virtualMs: number;
  readonly steps: number;
  readonly hash: string;
  readonly workload: unknown;
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

function shownOperation(operation: Operation, mask: Mask): Operation {
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

function shownEntry(entry: TraceEntry, mask: Mask): TraceEntry {
  const text = (words: string): string => mask.text(shownText(words, TEXT_MAX));
  switch (entry.kind) {
    case 'step':
      return { ...entry, what: text(entry.what) };
    case 'sent': {
      const { content, ...sent } = entry;
      const label = text(sent.label);
      if (content === undefined) return { ...sent, label };
      const { headers, body } = content;
      const shown = {
        ...(headers === undefined ? {} : { headers: headers.map((each) => mask.header(each)) }),
        ...(body === undefined ? {} : { body: shownBody(body, text) }),
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
    case 'log':
    case 'fault':
    case 'note':
      return { ...entry, text: text(entry.text) };
    case 'span':
      return shownSpan(entry, mask);
    case 'host':
      return { ...entry, change: text(entry.change) };
  }
}

function shownSpan(entry: SpanEntry, mask: Mask): SpanEntry {
  const { cause, status } = entry;
  const shown = (attributes: Attributes): Attributes => mask.value(shownValue(attributes)) as Attributes;
  const message = status.message === undefined ? {} : { message: mask.text(status.message) };
  return {
    ...entry,
    name: mask.text(shownText(entry.name, TEXT_MAX)),
    attributes: shown(entry.attributes),
    events: entry.events.map((event) => ({ ...event, attributes: shown(event.attributes) })),
    links: entry.links.map((link) => ({ ...link, attributes: shown(link.attributes) })),
    status: { code: status.code, ...message },
    ...(cause === undefined ? {} : { cause: mask.value(shownValue(cause)) as typeof cause }),
  };
}

function shownBody(body: Bytes, text: (words: string) => string): Bytes {
  return body.text === undefined ? body : { ...body, text: text(body.text) };
}
