// What people call who have a recorded run: its traces in the formats of other tools.

import { OptionError } from '../errors.ts';
import { maskedTrace } from './masked-trace.ts';
import type { MaskOptions } from './masking/secret-names.ts';
import { type ChromeTrace, chromeTraceOf } from './chrome-trace.ts';
import { otlpOf, type OtlpTraces } from './otlp.ts';
import type { TracedRun } from './telemetry/run-span.ts';

/**
 * Gives a recorded run as OpenTelemetry traces (OTLP/JSON): one trace for each operation of a client, with
 * spans for its requests and for what every host did about them, in virtual time. `JSON.stringify` it and
 * send it to `/v1/traces` of any collector, or write it to a file.
 *
 * Determinism: equal runs give equal text.
 *
 * @param result - Of `simulate` with `record: true`, of `replay`, or of a `CheckFailure`.
 * @param options - What is masked, as in `report` of a scenario. Default: what stands under a name that looks
 *   like a secret.
 * @throws {OptionError} If the run was not recorded.
 * @example
 * const result = await simulate(checkout, { seed: 8417, record: true });
 * writeFileSync('run.otlp.json', JSON.stringify(exportOtlp(result)));
 */
export function exportOtlp(result: TracedRun, options: MaskOptions = {}): OtlpTraces {
  return otlpOf(maskedTrace(checked(result), options));
}

/**
 * Gives a recorded run in the Trace Event Format, which https://ui.perfetto.dev opens: hosts as processes,
 * messages as arrows, faults and violations as marks. Times are virtual.
 *
 * Determinism: equal runs give equal text.
 *
 * @param result - Of `simulate` with `record: true`, of `replay`, or of a `CheckFailure`.
 * @param options - What is masked, as in {@link exportOtlp}.
 * @throws {OptionError} If the run was not recorded.
 * @example
 * const result = await simulate(checkout, { seed: 8417, record: true });
 * writeFileSync('run.trace.json', JSON.stringify(exportChromeTrace(result)));
 */
export function exportChromeTrace(result: TracedRun, options: MaskOptions = {}): ChromeTrace {
  return chromeTraceOf(maskedTrace(checked(result), options));
}

/** @throws {OptionError} If there is nothing to export. */
function checked(result: TracedRun): TracedRun {
  if (Array.isArray((result as TracedRun | undefined)?.trace)) return result;
  const hint = 'Record it: `simulate(scenario, { record: true })`.';
  throw OptionError.expected('result', 'the result of a run that was recorded', result?.trace, hint);
}
