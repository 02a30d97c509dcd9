// What is alike in all test runners: a failure with its story, the line that replays it, and the seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ran, replayLineIn } from './ran.ts';

const HASH = 'cafebabe'.padEnd(40, '0');
const SEED = String(0xcafebabe);

/** What a test says that was stopped by its time-out of two seconds. */
export const TOO_LATE: RegExp = new RegExp(
  String.raw`TimeLimitError \[WT_TIME\]: the exploration of .shop. did not end within ` +
    String.raw`the time-out of 2000 ms: \d+ of 1000000000 runs were made, and none of them failed\.`,
);

/** A project, and how its runner runs one file. */
export interface Project {
  readonly name: string;
  readonly run: (file: string) => string;
  readonly file: (name: string) => string;
}

/** Does something once, whoever asks first. */
export function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

/** Tests that are the same for every runner. */
export function testAlike({ name, run, file }: Project): void {
  const failing = run(file('fail'));
  const failed = lazily(() => ran(name, failing));

  test('a failure has its short story, and leads to the line of the test', async () => {
    const { code, output } = await failed();
    assert.notEqual(code, 0);
    assert.match(output, /CheckFailure \[WT_INVARIANT\].*never `charged twice` is illegal: it came true\./);
    assert.match(output, /fault: reset connection \(payments → shopper, response to POST \/ #1\)/);
    assert.match(output, /payments {12}← broken: `charged twice`/);
    assert.match(output, new RegExp(`${file('fail').replace('.', String.raw`\.`)}:\\d+:9\\b`));
    // Of the run itself nothing but that: it is long, and has what is masked in the story.
    assert.doesNotMatch(output, /ledger|atUs|violations/);
  });

  test('the line that a failure prints makes it again', async () => {
    const line = replayLineIn((await failed()).output);
    assert.notEqual(line, '');
    const { code, output } = await ran(name, line);
    assert.equal(code, 1, output);
    assert.match(output, /CheckFailure/);
    assert.match(output, /the same run: trace [\da-f]+/);
  });

  test('a failure in CI says the seed of the commit, which makes it again', async () => {
    const token = (text: string): string => /wt1:\S+/.exec(text)?.[0] ?? 'none';
    const { output } = await ran(name, failing, { CI: 'true', GITHUB_SHA: HASH });
    const [, seed = ''] = /from commit cafebabe0000: (WAVETANK_SEED=\d+) makes/.exec(output) ?? [];
    assert.equal(seed, `WAVETANK_SEED=${SEED}`);
    const again = await ran(name, failing, { WAVETANK_SEED: SEED });
    assert.equal(token(again.output), token(output));
    assert.notEqual(token(output), token((await failed()).output));
    assert.match(again.output, new RegExp(`base seed ${SEED}, from WAVETANK_SEED`));
  });

  test('WAVETANK_RUNS says how many runs there are', async () => {
    const { code, output } = await ran(name, run(file('pass')), { WAVETANK_RUNS: '7' });
    assert.equal(code, 0, output);
    const none = await ran(name, run(file('pass')), { WAVETANK_RUNS: 'none' });
    assert.notEqual(none.code, 0);
    assert.match(none.output, /Expected `WAVETANK_RUNS` to be an integer >= 1, got `"none"`/);
  });
}
