// Sentences that name things between backticks: the names are shown as code.

import { element, type Child } from './element.ts';

/** The parts of a sentence. */
export function wordsOf(text: string): readonly Child[] {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part) => (part.length > 2 && part.startsWith('`') ? element('code', {}, part.slice(1, -1)) : part));
}
