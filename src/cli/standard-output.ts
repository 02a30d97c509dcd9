// The standard output, where what reads it is a program: one that takes everything as one document, or GitHub
// Actions, which obeys lines that begin with `::`.

import { randomUUID } from 'node:crypto';
import type { Output } from '../report/reporters/reporter.ts';
import { createOutput } from './output.ts';

/**
 * Takes the standard output for a reporter alone: what anything else prints there, a scenario file when it is
 * loaded, say, goes to the standard error.
 */
export function wholeOutput(): Output {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = stderr.write.bind(stderr);
  return createOutput({ write: (content) => write(content) }, {});
}

const COMMAND = /^\s*(::|##\[)/m;

/** Prints so that GitHub Actions obeys nothing in it, whatever the system under test said. */
export function withoutCommands(output: Output): Output {
  return {
    ...output,
    print(content) {
      if (typeof content !== 'string' || !COMMAND.test(content)) return output.print(content);
      // A word that nobody can guess: the next line that has it ends the silence.
      const word = randomUUID();
      output.print(`::stop-commands::${word}\n${content}${content.endsWith('\n') ? '' : '\n'}::${word}::\n`);
    },
  };
}
