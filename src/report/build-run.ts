// The report of one run, from a run that may be shown.

import type { RunReport } from './document.ts';
import type { ReportedRun } from './shown-run.ts';

/** Builds the report of one run. */
export function buildRun(shown: ReportedRun, hosts: readonly string[]): RunReport {
  const { seed, hash, verdict, virtualMs, steps, workload, history, trace = [] } = shown;
  return {
    ...{ seed, hash, verdict, virtualMs, steps, workload },
    ...(shown.epochMs === undefined ? {} : { epochMs: shown.epochMs }),
    hosts: [...hosts],
    clients: clientsOf(shown, hosts),
    history,
    trace,
  };
}

/** Whoever began an operation, or sent a message, and is no host; in order of appearance. */
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
