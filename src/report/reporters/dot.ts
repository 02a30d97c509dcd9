// The reporter `dot`: one character for each scenario, and at the end the short story of what failed.

import type { ScenarioReport } from '../document.ts';
import { hasFailed } from '../failure-lines.ts';
import { failureText } from './default.ts';
import type { Output, Reporter, ReporterTools } from './reporter.ts';

const COLUMNS = 80;

const CHARACTERS: Readonly<Record<ScenarioReport['outcome'], string>> = {
  passed: '.',
  failed: 'F',
  unmet: 'L',
  vacuous: 'V',
  diverged: 'D',
  escaped: 'E',
  stale: 'S',
  interrupted: '!',
};

/** Prints a character as each scenario ends. */
export function dotReporter({ output }: ReporterTools): Reporter {
  let column = 0;
  return {
    ended(scenario) {
      output.print(characterOf(scenario, output));
      column = (column + 1) % COLUMNS;
      if (column === 0) output.print('\n');
    },
    end({ scenarios }) {
      if (column > 0) output.print('\n');
      const failed = scenarios.filter(hasFailed);
      for (const scenario of failed) {
        output.print(`\n${failureText(scenario, output).trimEnd()}\n`);
      }
      const passed = scenarios.filter(({ outcome }) => outcome === 'passed').length;
      output.print(`\n${passed} passed, ${failed.length} failed\n`);
    },
  };
}

function characterOf({ outcome }: ScenarioReport, output: Output): string {
  const character = CHARACTERS[outcome];
  if (outcome === 'passed') return output.green(character);
  return outcome === 'interrupted' ? output.yellow(character) : output.red(character);
}
