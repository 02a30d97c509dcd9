// The options of the command line about what reports may show.

import type { ReportOptions } from '../scenario/report-options.ts';
import type { Words } from './command.ts';
import { UsageError } from './exit-code.ts';

interface MaskWords {
  readonly mask?: readonly string[];
  readonly unmask?: readonly string[];
  readonly 'no-mask'?: boolean;
}

/** Reads them. @throws {UsageError} If one is no name and no pattern, or they contradict each other. */
export function reportOptionsOf(words: Words): ReportOptions {
  const { mask, unmask, 'no-mask': none } = words as MaskWords;
  if (none === true) {
    if (mask === undefined && unmask === undefined) return { mask: false };
    throw new UsageError('--no-mask shows everything, so it takes neither --mask nor --unmask beside it.');
  }
  return {
    ...(mask === undefined ? {} : { mask: mask.map((word) => nameOrPattern('--mask', word)) }),
    ...(unmask === undefined ? {} : { unmask: unmask.map((word) => nameOrPattern('--unmask', word)) }),
  };
}

/** `nickname`, or `/^x-/i`. */
function nameOrPattern(option: string, word: string): string | RegExp {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/.exec(word) ?? [];
  try {
    if (source !== undefined) return new RegExp(source, flags);
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}.`);
  }
  if (word !== '') return word;
  throw new UsageError(`Expected ${option} to be a name or a /pattern/, got "".`);
}
