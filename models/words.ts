// How models put values and operations into words.

import { UNKNOWN, type Answer } from './model.ts';

/** A value as a person would write it: JSON, with spaces. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${shown(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/**
 * What an operation did, in the past tense: `read 3`; and where nobody knows how it ended, what was asked
 * for: `read, outcome unknown`.
 */
export function told<Output>(
  answer: Answer<Output>,
  asked: string,
  answered: (output: Output) => string,
): string {
  return answer === UNKNOWN ? `${asked}, outcome unknown` : answered(answer);
}
