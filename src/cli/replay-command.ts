// `wavetank replay`: makes one run of a scenario file again and prints what came of it.

import { DivergenceError, StaleReplayError } from '../errors.ts';
import { CheckFailure } from '../explore/check-failure.ts';
import { replay } from '../explore/replay.ts';
import { decodeToken } from '../explore/token.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { loadScenarios } from './load-scenarios.ts';
import type { Output } from './output.ts';

/** Replays a token. @returns the exit code. */
export async function replayCommand(words: readonly string[], output: Output): Promise<number> {
  const [file, token, ...rest] = words;
  if (file === undefined || token === undefined || rest.length > 0) {
    throw new UsageError('Expected `wavetank replay FILE TOKEN`.');
  }
  const ticket = decodeToken(token);
  const scenarios = await loadScenarios(file);
  const scenario = scenarios.find(({ name }) => name === ticket.scenario) ?? scenarios[0];
  if (scenario === undefined) throw new UsageError(`${file} exports no scenario.`);
  try {
    const { result, isSameRun } = await replay(scenario, token);
    const trace = isSameRun
      ? 'the very same run'
      : `another run than recorded (trace ${result.hash}): the code changed`;
    // A token of a run that did badly by a service level is that of a run that passed.
    const repaired = ticket.failure === undefined ? '' : ' It does not fail any more.';
    output.print(`${output.bold(scenario.name)} ${output.green('passed')}: ${trace}.${repaired}\n`);
    return ExitCode.passed;
  } catch (error) {
    if (error instanceof CheckFailure) {
      output.print(`${output.red(error.name)}: ${error.message}\n`);
      return ExitCode.counterexample;
    }
    if (!(error instanceof StaleReplayError || error instanceof DivergenceError)) throw error;
    output.print(`${output.red(error.name)}: ${error.message}\n`);
    return ExitCode.stale;
  }
}
