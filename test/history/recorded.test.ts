// Histories from outside: what is wrong with one is said before anything judges it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { casRegister, type CasInput } from '../../models/cas-register.ts';
import { linearizable } from '../../src/checkers/linearizability/linearizable.ts';
import { HistoryError } from '../../src/errors.ts';
import { operationsOf, readHistory, type RecordedEvent } from '../../src/history/recorded.ts';

const invoke = { process: 1, type: 'invoke', f: 'read' } as const;
const ok = { process: 1, type: 'ok', f: 'read', value: 0 } as const;
const operation = {
  id: 0,
  client: 'c',
  name: 'read',
  input: {},
  invokedMs: 1,
  endedMs: 2,
  type: 'ok',
  value: 0,
};

test('events are paired up to operations; what has no end is pending', () => {
  const events: RecordedEvent[] = [invoke, ok, { ...invoke, process: 'b', value: 3, time: 7 }];
  assert.deepEqual(readHistory(JSON.stringify(events)), [
    { id: 0, client: '1', name: 'read', input: undefined, invokedMs: 0, endedMs: 1, type: 'ok', value: 0 },
    { id: 1, client: 'b', name: 'read', input: 3, invokedMs: 7, type: 'pending' },
  ]);
});

test('operations are read as a run wrote them', () => {
  assert.deepEqual(readHistory(JSON.stringify([operation])), [operation]);
});

/** What is wrong, and what is said of it. */
const WRONG: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  'text that was cut off': [
    '[{"process": 1, "ty',
    /expected JSON, got text that is none: .* Was it cut off\?/,
  ],
  'no list': ['{"a":1}', /expected a list of operations or of events, got `{"a":1}` \(object\)/],
  'an end without a beginning': [
    JSON.stringify([ok]),
    /event 0: process 1 ends read, which it never invoked/,
  ],
  'two operations of one process at once': [
    JSON.stringify([invoke, invoke]),
    /event 1: process 1 invokes read while its operation 0 is open/,
  ],
  'an end of another operation': [
    JSON.stringify([invoke, { ...ok, f: 'write' }]),
    /event 1: process 1 ends write, but had invoked read/,
  ],
  'a time that goes back': [
    JSON.stringify([
      { ...invoke, time: 5 },
      { ...ok, time: 4 },
    ]),
    /event 1: its time is 4, before the 5 of the event before it/,
  ],
  'an event of no type': [
    JSON.stringify([{ ...invoke, type: 'begin' }]),
    /event 0: expected `type`: invoke, ok, fail or info, got `"begin"`/,
  ],
  'a process without a name': [JSON.stringify([{ ...invoke, process: null }]), /event 0: expected `process`/],
  'null for an event': [JSON.stringify([invoke, null]), /event 1: expected an event, got `null`/],
  'two operations of one id': [JSON.stringify([operation, operation]), /operation 1: expected `id`/],
  'an operation that ended before it began': [
    JSON.stringify([{ ...operation, endedMs: 0 }]),
    /operation 0: it ended at 0 ms, before it began at 1 ms/,
  ],
  'an operation without an end': [JSON.stringify([{ ...operation, endedMs: null }]), /expected `endedMs`/],
  'an operation of no type': [JSON.stringify([{ ...operation, type: 'good' }]), /expected `type`/],
};

describe('what is wrong with a history is said', () => {
  for (const [what, [text, message]] of Object.entries(WRONG)) {
    test(what, () => {
      assert.throws(
        () => readHistory(text),
        (error) => error instanceof HistoryError && message.test(error.message),
      );
    });
  }
});

test('a hundred thousand operations that all overlap are answered within the budget', () => {
  const events: RecordedEvent[] = [];
  for (let i = 0; i < 100_000; i++) events.push({ process: i, type: 'invoke', f: 'write', value: i });
  for (let i = 0; i < 100_000; i++) events.push({ process: i, type: 'ok', f: 'write' });
  events.push({ process: 0, type: 'invoke', f: 'read' }, { process: 0, type: 'ok', f: 'read', value: -1 });
  const result = linearizable(casRegister(0), operationsOf(events), {
    stepsMax: 200_000,
    input: ({ name, input }) => ({ name, value: input }) as CasInput<number>,
  });
  assert.equal(result.verdict, 'unknown');
});
