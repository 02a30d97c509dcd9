// What every causal slice of a busy run has to be: small, with the culprit in it, and enough to tell the same
// story.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TraceEntry } from '../../../src/history/trace.ts';
import { calmPlan, simulate, type Fault, type RunResult, type Scenario } from '../../../src/index.ts';
import { failureStory, storyOf } from '../../../src/report/failure-text.ts';
import { sliceOf } from '../../../src/report/slice/slice.ts';
import { plainLine } from '../../../src/report/story.ts';
import { widthOf } from '../../../src/report/text-width.ts';

const SHARE_MAX = 0.15;

/** How a bug is shown in a busy run. */
export interface Busy {
  readonly workload?: unknown;
  readonly faults: readonly Fault[];
  /** The entry that is the bug, or the fault that shows it. */
  readonly culprit: (entry: TraceEntry) => boolean;
}

/** Whether something happened to a host. */
export function changed(change: string): Busy['culprit'] {
  return (entry) => entry.kind === 'host' && entry.change === change;
}

/** Whether the first message of that name was sent, and met that fate. */
export function sent(label: string, fate: string): Busy['culprit'] {
  return (entry) => entry.kind === 'sent' && entry.label === label && entry.fate === fate && entry.nth === 1;
}

/** A list made of its places. */
export function many<Item>(length: number, item: (index: number) => Item): Item[] {
  return Array.from({ length }, (_, i) => item(i));
}

/** What a story says, without what it shows or counts beside. */
function told(run: RunResult): string[] {
  const beside = ['context', 'fold'];
  const lines = failureStory({ run, replayLine: 'again' }).filter(({ part }) => !beside.includes(part));
  // A column is as wide as its widest cell, which may have been beside the story.
  return lines.map((line) => plainLine(line).replaceAll(/ {2,}/g, '  '));
}

/** Defines the tests of one run. */
export function expectSlice(
  about: { readonly name: string; readonly violates: string; readonly scenario: () => Promise<Scenario> },
  { workload, faults, culprit }: Busy,
): void {
  void describe(`the causal slice: ${about.name}`, { concurrency: false }, () => {
    let run: RunResult;
    let slice: readonly number[];

    void test(`keeps under ${SHARE_MAX * 100} percent of the events, and the culprit`, async (t) => {
      const input = { seed: 1, workload, plan: { ...calmPlan, faults }, record: true };
      run = await simulate(await about.scenario(), input as Parameters<typeof simulate>[1]);
      assert.equal(run.violations[0]?.name, about.violates);
      const trace = run.trace ?? [];
      slice = sliceOf(run);
      const share = slice.length / trace.length;
      t.diagnostic(`${slice.length} of ${trace.length} events, ${(100 * share).toFixed(1)} percent`);
      assert.ok(share < SHARE_MAX, `${slice.length} of ${trace.length} events`);
      assert.ok(trace.some(culprit), 'it happens');
      const hasCulprit = slice.some((place) => culprit(trace[place]!));
      assert.ok(hasCulprit, 'it is in the slice');
    });

    void test('is enough: without all other events the same is sliced and told', () => {
      const alone = { ...run, trace: slice.map((place) => run.trace![place]!) };
      const all = slice.map((_, i) => i);
      assert.deepEqual(sliceOf(alone), all);
      assert.deepEqual(told(alone), told(run));
    });

    void test('is told in 80 columns', () => {
      // Sentences are as long as they are.
      const lines = storyOf(run).map(plainLine);
      const wide = lines.filter((line) => widthOf(line) > 80);
      assert.deepEqual(wide, []);
    });
  });
}
