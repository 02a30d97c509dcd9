// Tables as a recorded run shows them: each row with a host and the message that wrote it.

import assert from 'node:assert/strict';
import { observed, type Integrity, type Observed, type Origin } from '../../../src/checkers.ts';

/** The origin of what was written in a step, while the message of that number was handled. */
export function writtenIn(step: number, nth: number = step): Origin {
  const cause = {
    kind: 'message',
    from: 'shop',
    message: 'request',
    label: 'POST /pay',
    nth,
    isCopy: false,
  } as const;
  return { host: 'bank', incarnation: 1, atMs: step * 10, step, cause, event: cause };
}

/** A table of rows by key; rows were written one after the other. */
export function table<Row>(rows: Readonly<Record<string, Row>>): Observed<Row> {
  return observed(
    Object.entries(rows).map(([key, value], i) => ({ key, value, host: 'bank', origin: writtenIn(i + 1) })),
  );
}

/** Refuses an answer that is not illegal, names other culprits, or does not tell where they came from. */
export function assertIllegal(answer: Integrity, said: RegExp, culprits: readonly string[]): void {
  assert.equal(answer.verdict, 'illegal');
  assert.match(answer.message, said);
  assert.deepEqual(
    answer.culprits.map(({ key }) => key),
    culprits,
  );
}

/** Refuses an answer whose message does not name the message that wrote a culprit. */
export function assertNamed(answer: Integrity, key: string, nth: number): void {
  const when = `at ${nth * 10} ms (step ${nth})`;
  const origin = `\`${key}\` was written by \`bank\` ${when}, handling POST /pay #${nth} from \`shop\``;
  assert.ok(answer.message.includes(origin), `${origin}\n  is not in\n${answer.message}`);
}

export const OK: Integrity = { verdict: 'ok', message: '', culprits: [] };
