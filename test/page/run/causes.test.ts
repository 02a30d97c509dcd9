// Why a step happened, and the way back from a violation to the first fault.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ancestors,
  causesOf,
  descendants,
  isFault,
  wayBack,
} from '../../../src/report/page/viewer/run/causes.ts';
import { runModel } from '../../../src/report/page/viewer/run/run-model.ts';
import type { RunModel } from '../../../src/report/page/viewer/run/run-model.ts';
import { BuiltTrace, doubleChargeFailure } from './built-run.ts';
import { runReport } from '../documents.ts';

const failure = doubleChargeFailure();
const model = runModel(failure.run);

/** The step of the first entry that says this. */
function stepOf(text: string, { trace }: RunModel = model): number {
  const found = trace.find((entry) => JSON.stringify(entry).includes(text));
  assert.ok(found !== undefined, text);
  return found.step;
}

describe('the causes of a step', () => {
  test('name the message that arrived in it', () => {
    const [cause, ...rest] = causesOf(model, stepOf('"what":"POST /v1/charges #1'));
    assert.deepEqual(rest, []);
    assert.equal(cause?.why, 'message');
    assert.equal(cause?.step, stepOf('"what":"POST /charges #1'));
  });

  test('name, for a timeout, first the response that was lost, then what set the timer', () => {
    const causes = causesOf(model, stepOf('timer of 1000 ms'));
    assert.deepEqual(
      causes.map(({ why, step }) => [why, step]),
      [
        ['missing', stepOf('"what":"POST /v1/charges #1')],
        ['fault', stepOf('"change":"strikes"')],
        ['scheduled', stepOf('"what":"POST /charges #1')],
      ],
    );
  });

  test('leave out what befell other hosts, and what befell this one before or after', () => {
    const trace = new BuiltTrace();
    const first = trace.step(0, 'a', 'boot');
    trace.sent('a', 'b', 'before', { fate: 'dropped' });
    const set = trace.step(1, 'a', 'timer of 1 ms', first);
    trace.step(2, 'b', 'timer of 1 ms');
    trace.sent('b', 'c', 'between others', { fate: 'dropped' });
    const fired = trace.step(3, 'a', 'timer of 2 ms', set);
    trace.step(4, 'a', 'timer of 9 ms', set);
    trace.sent('a', 'b', 'after', { fate: 'dropped' });
    const built = runModel(runReport({ trace: trace.entries }));
    assert.deepEqual(
      causesOf(built, fired).map(({ why, step }) => [why, step]),
      [['scheduled', set]],
    );
  });

  test('know a message that arrives twice from its sender both times', () => {
    const copy = model.trace.findIndex((entry) => entry.kind === 'arrived' && entry.isCopy);
    const [cause] = causesOf(model, model.trace[copy]?.step ?? 0);
    assert.equal(cause?.step, stepOf('"what":"POST /checkout #1'));
  });
});

describe('the way back', () => {
  const way = wayBack(model, failure.step, failure.slice);

  test('begins at the violation and goes back in time', () => {
    assert.equal(way[0], failure.step);
    assert.deepEqual(
      way,
      way.toSorted((a, b) => b - a),
    );
  });

  test('passes the fault, though no chain of schedules does', () => {
    const dropped = stepOf('"fate":"dropped"');
    assert.ok(way.includes(dropped));
    const chain: number[] = [];
    for (let step: number | undefined = failure.step; step !== undefined;) {
      chain.push(step);
      step = model.stepEntryOf(step)?.cause;
    }
    assert.ok(!chain.includes(dropped), 'the fixture shows nothing');
  });

  test('passes the faults of the story that no cause leads to', () => {
    const trace = new BuiltTrace();
    const boot = trace.step(0, 'b', 'boot');
    const crash = trace.step(5, 'driver', 'crash');
    trace.host('a', 'crashed');
    const violated = trace.step(9, 'b', 'timer of 9 ms', boot);
    const built = runModel(runReport({ trace: trace.entries }));
    const place = trace.entries.findIndex(({ kind }) => kind === 'host');
    assert.deepEqual(wayBack(built, violated, [place]), [violated, crash, boot]);
    assert.deepEqual(wayBack(built, violated, []), [violated, boot]);
  });

  test('leaves out what the failure does not depend on', () => {
    assert.ok(!way.includes(stepOf('"change":"crashed"')));
  });
});

describe('ancestors and descendants', () => {
  test('are what led to a step, and what it led to', () => {
    const found = ancestors(model, failure.step);
    assert.ok(found.has(stepOf('"what":"POST /checkout #1')));
    assert.ok(!found.has(stepOf('"change":"crashed"')));
    const after = descendants(model, stepOf('timer of 1000 ms'), 100);
    assert.ok(after.has(failure.step));
    assert.ok(!after.has(stepOf('"what":"POST /checkout #1')));
    assert.equal(descendants(model, 1, 3).size, 3);
  });
});

test('a fault is what was lost, is late, comes twice, or befell a host', () => {
  const faults = model.trace
    .filter(isFault)
    .map((entry) => `${entry.kind} ${'fate' in entry ? entry.fate : ''}`);
  assert.deepEqual(faults, ['sent delivered', 'fault ', 'sent dropped', 'fault ', 'host ']);
});
