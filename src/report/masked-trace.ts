// A recorded run as it may be given to other tools: its secrets masked as in reports.

import type { Mask } from './masking/mask.ts';
import { Masker } from './masking/masker.ts';
import type { MaskOptions } from './masking/secret-names.ts';
import { shownEntry, shownOperation } from './shown-run.ts';
import type { TracedRun } from './telemetry/run-span.ts';

/** The run without its secrets. */
export function maskedTrace(run: TracedRun, options: MaskOptions): TracedRun {
  if (options.mask === false) return run;
  const { history, trace = [] } = run;
  const hosts = trace.flatMap((entry) => (entry.kind === 'step' ? [entry.host] : []));
  const names = history.flatMap(({ client, name }) => [client, name]);
  const masker = new Masker(options, new Set([...hosts, ...names]));
  // What is a secret at the end of a run is one at its beginning.
  masked(run, masker);
  return masked(run, masker);
}

function masked(run: TracedRun, mask: Mask): TracedRun {
  const { history, trace = [], violations = [] } = run;
  return {
    ...run,
    history: history.map((operation) => shownOperation(operation, mask)),
    trace: trace.map((entry) => shownEntry(entry, mask, false)),
    violations: violations.map((violation) => {
      return { ...violation, name: mask.text(violation.name), message: mask.text(violation.message) };
    }),
  };
}
