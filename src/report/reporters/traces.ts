// The reporters `otlp` and `chrome-trace`: the runs that failed, as traces for OpenTelemetry's tools and for
// Perfetto.

import { chromeTraceOf, type ChromeTrace } from '../chrome-trace.ts';
import type { ReportDocument } from '../document.ts';
import { otlpOf, type OtlpTraces } from '../otlp.ts';
import type { TracedRun } from '../telemetry/run-span.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Writes the traces of all runs that failed, in one request to a collector. */
export function otlpReporter({ output }: ReporterTools): Reporter {
  return { end: (document) => output.print(`${JSON.stringify(otlpOfAll(failedRuns(document)))}\n`) };
}

/** Writes them for Perfetto. */
export function chromeTraceReporter({ output }: ReporterTools): Reporter {
  return { end: (document) => output.print(`${JSON.stringify(chromeTraceOfAll(failedRuns(document)))}\n`) };
}

/** Several runs as one request. */
export function otlpOfAll(runs: readonly TracedRun[]): OtlpTraces {
  return { resourceSpans: runs.flatMap((run) => otlpOf(run).resourceSpans) };
}

/** Several runs one below the other: each has processes and arrows of its own. */
export function chromeTraceOfAll(runs: readonly TracedRun[]): ChromeTrace {
  const [first, ...rest] = runs.map(chromeTraceOf);
  if (first === undefined) return { traceEvents: [], displayTimeUnit: 'ms', otherData: { tool: 'wavetank' } };
  const traceEvents = [...first.traceEvents];
  for (const trace of rest) {
    const pids = 1 + Math.max(0, ...traceEvents.map(({ pid }) => pid));
    const ids = 1 + Math.max(0, ...traceEvents.map(({ id = 0 }) => id));
    for (const event of trace.traceEvents) {
      const id = event.id === undefined ? {} : { id: event.id + ids };
      traceEvents.push({ ...event, pid: event.pid + pids, ...id });
    }
  }
  return { ...first, traceEvents };
}

function failedRuns({ scenarios }: ReportDocument): TracedRun[] {
  return scenarios.flatMap(({ failure }) =>
    failure === undefined ? [] : [{ ...failure.run, violations: [failure] }],
  );
}
