// Which part of an exploration this machine makes: `--shard 2/4`, or what the service that runs the job says.

import type { Shard } from '../explore/shard.ts';
import type { Words } from './command.ts';
import { UsageError } from './exit-code.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads `--shard`. Without it: `CI_NODE_INDEX` (from 1) and `CI_NODE_TOTAL` of a parallel job of GitLab, or
 * `JOB_COMPLETION_INDEX` (from 0) of an Indexed Job of Kubernetes, with `JOB_COMPLETIONS`, which is to be set
 * to its number of completions.
 *
 * @throws {UsageError} If it is no part.
 */
export function shardOf({ shard }: Words, env: Env): Shard | undefined {
  if (typeof shard === 'string') {
    const [, index, of] = /^(\d{1,6})\/(\d{1,6})$/.exec(shard) ?? [];
    return checked(Number(index), Number(of), `--shard like 2/4`, shard);
  }
  const { CI_NODE_INDEX: node, CI_NODE_TOTAL: nodes, JOB_COMPLETION_INDEX: job, JOB_COMPLETIONS: jobs } = env;
  if (isGiven(node) && isGiven(nodes)) {
    const shown = `${node}/${nodes}`;
    return whole(checked(Number(node), Number(nodes), 'CI_NODE_INDEX/CI_NODE_TOTAL like 2/4', shown));
  }
  if (!isGiven(job)) return undefined;
  if (!isGiven(jobs)) {
    throw new UsageError(
      `JOB_COMPLETION_INDEX is ${job}, but JOB_COMPLETIONS is not set: set it to the \`completions\` of ` +
        'the job, or give --shard (--shard 1/1: everything is made here).',
    );
  }
  const shown = `${job}/${jobs}`;
  return whole(
    checked(Number(job) + 1, Number(jobs), 'JOB_COMPLETION_INDEX/JOB_COMPLETIONS like 1/4', shown),
  );
}

function isGiven(word: string | undefined): word is string {
  return word !== undefined && word !== '';
}

/** One job of one is no part. */
function whole(shard: Shard): Shard | undefined {
  return shard.of === 1 ? undefined : shard;
}

function checked(index: number, of: number, expectation: string, shown: string): Shard {
  if (Number.isSafeInteger(index) && Number.isSafeInteger(of) && index >= 1 && index <= of)
    return { index, of };
  throw new UsageError(`Expected ${expectation}, got "${shown}".`);
}
