// A run as a report has it: its values as plain JSON, secrets masked. What it is made from is described by
// its shape alone, as a report runs nothing.

import type { Operation } from '../history/operation.ts';
import type { Bytes, TraceEntry } from '../history/trace.ts';
import type { RunReport } from './document.ts';
import type { FailedRun } from './failure-text.ts';
import type { Mask } from './masking/mask.ts';
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

/** Builds the report of one run. */
export function buildRun(run: ReportedRun, hosts: readonly string[], mask: Mask): RunReport {
  const { seed, hash, verdict, virtualMs, steps } = run;
  const trace = run.trace ?? [];
  return {
    seed,
    hash,
    verdict,
    virtualMs,
    steps,
    workload: mask.value(shownValue(run.workload)),
    hosts: [...hosts],
    clients: clientsOf(run, hosts),
    history: run.history.map((operation) => shownOperation(operation, mask)),
    trace: trace.map((entry) => shownEntry(entry, mask)),
  };
}

/** Whoever began an operation, or is named by a message, and is no host; in order of appearance. */
function clientsOf({ history, trace = [] }: ReportedRun, hosts: readonly string[]): string[] {
  const names = new Set<string>();
  for (const entry of trace) {
    if (entry.kind === 'operation') names.add(entry.client);
    if (entry.kind === 'sent') names.add(entry.from);
  }
  for (const { client } of history) names.add(client);
  for (const host of hosts) names.delete(host);
  return [...names];
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
        ...(body === undefined ? {} : { body: shownBody(body, mask) }),
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
    default:
      return { ...entry, change: text(entry.change) };
  }
}

function shownBody(body: Bytes, mask: Mask): Bytes {
  return body.text === undefined ? body : { ...body, text: mask.text(shownText(body.text, TEXT_MAX)) };
}
