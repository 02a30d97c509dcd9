// How models put values and operations into words.

import { UNKNOWN, type Answer } from './model.ts';

/** Deeper values are cut off; one that contains itself would have no end. */
const DEPTH_MAX = 12;

/** A value as a person would write it: JSON, with spaces. */
export function shown(value: unknown): string {
  return shownTo(value, DEPTH_MAX);
}

function shownTo(value: unknown, depth: number): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (depth === 0) return '…';
  if (Array.isArray(value)) return `[${value.map((each) => shownTo(each, depth - 1)).join(', ')}]`;
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${shownTo(each, depth - 1)}`);
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
