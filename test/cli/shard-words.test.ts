// Which part a machine makes: what is said on the command line, and what services say that run jobs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/cli/exit-code.ts';
import { shardOf } from '../../src/cli/shard-words.ts';

type Env = Readonly<Record<string, string>>;

const GITLAB = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' };
const KUBERNETES = { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '3' };

test('reads the part from --shard, from GitLab and from Kubernetes, in this order', () => {
  assert.deepEqual(shardOf({ shard: '3/4' }, { ...GITLAB, ...KUBERNETES }), { index: 3, of: 4 });
  assert.deepEqual(shardOf({}, { ...GITLAB, ...KUBERNETES }), { index: 2, of: 4 });
  assert.deepEqual(shardOf({}, KUBERNETES), { index: 1, of: 3 });
  assert.deepEqual(shardOf({}, { ...KUBERNETES, JOB_COMPLETION_INDEX: '2' }), { index: 3, of: 3 });
});

test('makes everything where there is one job, or where nothing is said', () => {
  const cases: Env[] = [
    {},
    { CI_NODE_TOTAL: '1' },
    { CI_NODE_INDEX: '', CI_NODE_TOTAL: '' },
    { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '1' },
    { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '1' },
  ];
  for (const env of cases) assert.equal(shardOf({}, env), undefined);
  // Somebody who says so wants a part, to be merged.
  assert.deepEqual(shardOf({ shard: '1/1' }, {}), { index: 1, of: 1 });
});

test('refuses what is no part, and says what it read', () => {
  const cases: [shard: string | undefined, env: Env, message: RegExp][] = [
    ['0/4', {}, /^Expected --shard like 2\/4, got "0\/4"\.$/],
    ['5/4', {}, /got "5\/4"/],
    ['2', {}, /got "2"/],
    ['1/2/3', {}, /got "1\/2\/3"/],
    ['-1/4', {}, /got "-1\/4"/],
    ['', {}, /got ""/],
    [undefined, { CI_NODE_INDEX: '5', CI_NODE_TOTAL: '4' }, /CI_NODE_INDEX\/CI_NODE_TOTAL .* got "5\/4"/],
    [undefined, { CI_NODE_INDEX: 'x', CI_NODE_TOTAL: '4' }, /got "x\/4"/],
    [
      undefined,
      { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '3' },
      /JOB_COMPLETION_INDEX\/JOB_COMPLETIONS .* got "3\/3"/,
    ],
    [undefined, { JOB_COMPLETION_INDEX: '1' }, /JOB_COMPLETIONS is not set: set it to the `completions`/],
  ];
  for (const [shard, env, message] of cases) {
    const words = shard === undefined ? {} : { shard };
    assert.throws(
      () => shardOf(words, env),
      (error: Error) => error instanceof UsageError && message.test(error.message),
      message.source,
    );
  }
});
