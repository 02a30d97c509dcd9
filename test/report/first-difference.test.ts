// Where two runs differ first, in words, and what followed.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SentEntry, TraceEntry } from '../../src/history/trace.ts';
import { firstDifference } from '../../src/report/first-difference.ts';

const at = (ms: number): { atUs: number; step: number } => ({ atUs: ms * 1_000, step: ms });
const sent = (ms: number, rest: Partial<SentEntry> = {}): SentEntry => ({
  kind: 'sent',
  ...at(ms),
  ...{ from: 'a', to: 'b', message: 'request', label: 'GET /', nth: 1, fate: 'delivered', delayUs: 1_000 },
  ...rest,
});
const step = (ms: number, hash: string): TraceEntry => ({
  ...{ kind: 'step', ...at(ms), host: 'a', what: 'timer', hash },
});
const host = (ms: number, change: string, name = 'a'): TraceEntry => ({
  ...{ kind: 'host', ...at(ms), host: name, change },
});
const state = (ms: number, value: unknown, path: string[] = ['x']): TraceEntry => ({
  ...{ kind: 'state', ...at(ms), host: 'b', store: 'table', cause: { kind: 'boot' } },
  patches: [{ op: 'replace', path, value }],
});
const ended = (ms: number, type: 'ok' | 'info'): TraceEntry => ({
  ...{ kind: 'operation', ...at(ms), id: 0, client: 'c', name: 'buy', type },
});

const textOf = (failed: TraceEntry[], passed: TraceEntry[]): string | undefined =>
  firstDifference(failed, passed)?.text;

describe('the first difference of two runs', () => {
  test('is none where only hashes, notes and the fault itself differ', () => {
    const note: TraceEntry = { kind: 'note', ...at(3), text: 'faults stop' };
    const fault: TraceEntry = {
      ...{
        kind: 'fault',
        ...at(2),
        change: 'begins',
        fault: 'pause',
        text: 'pause of a',
        hosts: ['a'],
        nth: 0,
      },
    };
    assert.equal(firstDifference([step(1, 'x'), fault, sent(2)], [step(1, 'y'), sent(2), note]), undefined);
  });

  const rows: readonly [string, TraceEntry[], TraceEntry[], string][] = [
    [
      'a message that does not arrive',
      [sent(1, { fate: 'dropped' })],
      [sent(1)],
      'GET / #1 (a → b), sent at 1.0 ms, is dropped; in the passing run it is delivered.',
    ],
    [
      'a message that takes longer',
      [sent(1, { delayUs: 9_000 })],
      [sent(1)],
      'GET / #1 (a → b), sent at 1.0 ms, takes 9.0 ms; in the passing run 1.0 ms.',
    ],
    [
      'a message that arrives twice',
      [sent(1, { isTwice: true })],
      [sent(1)],
      'GET / #1 (a → b), sent at 1.0 ms, arrives twice; in the passing run once.',
    ],
    [
      'another status',
      [sent(1, { message: 'response', status: 503 })],
      [sent(1, { message: 'response', status: 200 })],
      'response to GET / #1 (a → b), sent at 1.0 ms, has status 503; in the passing run 200.',
    ],
    [
      'a change of a host, here only, and what follows',
      [host(2, 'crashed'), sent(3), host(4, 'booted'), sent(5, { nth: 2 })],
      [sent(3)],
      '`a` crashes at 2.0 ms; in the passing run, never. ' +
        'Then `a` boots at 4.0 ms, and GET / #2 (a → b) at 5.0 ms.',
    ],
    [
      'what happens in the passing run only',
      [step(9, 'x')],
      [sent(2, { message: 'datagram', label: 'beat' }), state(8, 1)],
      'in the passing run, datagram beat #1 (a → b) at 2.0 ms; in the failed run, never. ' +
        'What is missing then: `b` writes table.x = 1 at 8.0 ms.',
    ],
    [
      'what happens later',
      [sent(7)],
      [sent(2)],
      'in the passing run, GET / #1 (a → b) at 2.0 ms; in the failed run, at 7.0 ms.',
    ],
    [
      'the order of two things',
      [sent(1, { label: 'B' }), sent(1, { label: 'A' })],
      [sent(1, { label: 'A' }), sent(1, { label: 'B' })],
      'B #1 (a → b) at 1.0 ms, before A #1 (a → b); in the passing run, after it.',
    ],
    [
      'another value that is kept',
      [state(1, { n: 2n })],
      [state(1, { n: 1n })],
      '`b` writes table.x = {"n":"2n"} at 1.0 ms; in the passing run it writes table.x = {"n":"1n"}.',
    ],
    [
      'another end of an operation, as a consequence',
      [sent(1, { fate: 'reset' }), ended(4, 'info')],
      [sent(1), ended(2, 'ok')],
      'GET / #1 (a → b), sent at 1.0 ms, finds its connection reset; in the passing run it is delivered. ' +
        'Then `buy` of c ends: info at 4.0 ms.',
    ],
  ];
  for (const [what, failed, passed, text] of rows) {
    test(`tells ${what}`, () => assert.equal(textOf(failed, passed), text));
  }

  test('leaves out what the failed run could not come to, as it was over', () => {
    const text = textOf([sent(1, { fate: 'lost' }), step(3, 'x')], [sent(1), sent(4, { nth: 2 })]);
    assert.equal(
      text,
      'GET / #1 (a → b), sent at 1.0 ms, is lost on the way; in the passing run it is delivered.',
    );
  });

  test('names the places in both traces', () => {
    const failed = [step(1, 'x'), sent(1), host(2, 'booted'), sent(3, { nth: 2, fate: 'dropped' })];
    const passed = [sent(1), host(2, 'booted'), step(3, 'y'), sent(3, { nth: 2 })];
    const difference = firstDifference(failed, passed);
    assert.deepEqual([difference?.failed, difference?.passed], [3, 3]);
  });
});
