// What is said of a failure without a fault of the plan, where the scenario itself disturbs its system.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceEntry } from '../../src/history/trace.ts';
import { noFaultLine } from '../../src/report/own-disturbances.ts';

const note = (step: number, text: string, host?: string): TraceEntry => {
  return { kind: 'note', atUs: step, step, text, ...(host === undefined ? {} : { host }) };
};
const changed = (step: number, host: string, change: string): TraceEntry => {
  return { kind: 'host', atUs: step, step, host, change };
};
const ITSELF = 'it needs no fault of the plan; the scenario itself does this: ';
const NOTHING = 'it fails without any injected fault';

test('what the scenario does to the network and to hosts is named, each once', () => {
  const partition = note(1, 'partition: a ⇹ b');
  assert.equal(noFaultLine([partition, partition], 1), `${ITSELF}partition a ⇹ b`);
  const more = [note(2, 'messages held: a → c'), changed(3, 'a', 'paused'), changed(4, 'b', 'crashed')];
  assert.equal(
    noFaultLine([partition, ...more, changed(5, 'c', 'stopping'), changed(6, 'c', 'stopped')], 9),
    `${ITSELF}partition a ⇹ b, messages held a → c, pause of a, and 2 more`,
  );
});

test('nothing is where hosts fail by themselves, and what comes after the violation does not count', () => {
  const own = [
    note(1, 'unhandledRejection: Error', 'a'),
    changed(1, 'a', 'crashed'),
    changed(1, 'a', 'booted'),
  ];
  assert.equal(noFaultLine(own, 9), NOTHING);
  assert.equal(noFaultLine([note(2, 'reached: partition: x', 'a'), changed(3, 'a', 'paused')], 2), NOTHING);
});
