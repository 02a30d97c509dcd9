// The failure that README.md opens with: where it stands, and what `npm run demo` prints in its place.

import { CheckFailure, explore } from '../../src/index.ts';
import faulty from '../../examples/checkout/checkout.sim.ts';
import { snippetsOf, type Document } from './markdown.ts';

/** What stands in a document: the first block of its first section. */
export function shownFailure(document: Document): string {
  return snippetsOf(document)[0]?.code ?? '';
}

/** What the command line prints for the faulty checkout. */
export async function printedFailure(): Promise<string> {
  const [outcome] = await Promise.allSettled([explore(faulty)]);
  const failure: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  if (!(failure instanceof CheckFailure))
    throw new Error('the faulty checkout did not fail', { cause: failure });
  const report = `.wavetank/${failure.result.scenario}-${failure.result.seed}.html`;
  return `${failure.name}: ${failure.message}\n  report: ${report}\n`;
}

/** The token in a replay line. */
export function tokenIn(text: string): string {
  return /wt1:\S+/.exec(text)?.[0] ?? '';
}

/** A failure without its token, whose letters depend on the compression of the Node.js that made it. */
export function withoutToken(text: string): string {
  return text.replace(tokenIn(text), 'TOKEN');
}
