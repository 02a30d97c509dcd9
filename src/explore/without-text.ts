// What happens in a run without one of its faults, in a few words.

import type { RunResult, Violation, ViolationCode } from '../scenario/result.ts';

/** Puts what came of a run beside the one that failed: `it passes`, `then ... `. */
export function withoutText(failed: Pick<RunResult, 'violations'>, came: RunResult | Error): string {
  if (came instanceof Error) return `then the scenario itself goes wrong: ${came.message}`;
  const [violation] = came.violations;
  if (violation === undefined) return 'it passes';
  const [before] = failed.violations;
  if (violation.code === before?.code && violation.name === before.name) return 'the same happens';
  const beyond = came.verdict === 'unsurvivable' ? ', but by more than the budget calls survivable' : '';
  return `then ${FAILURES[violation.code](violation)}${beyond}`;
}

type Words = (violation: Violation) => string;

const FAILURES: Readonly<Record<ViolationCode, Words>> = {
  WT_INVARIANT: ({ name }) => `\`${name}\` is illegal`,
  WT_LIVENESS: ({ name }) => `\`${name}\` does not come true`,
  WT_UNREACHABLE: ({ name }) => `\`${name}\` is reached`,
  WT_CHECK_THREW: ({ name }) => `the check \`${name}\` itself fails`,
  WT_UNCAUGHT: ({ name }) => `host \`${name}\` dies of an error that nobody handles`,
  WT_ESCAPE: ({ name }) => `host \`${name}\` leaves the simulation`,
  WT_ASSERTION: () => 'an assertion of the scenario fails',
  WT_DRIVE_THREW: () => 'the code of the scenario throws',
  WT_DEADLOCK: () => 'nothing is left to happen while a client waits',
  WT_LIVELOCK: () => 'time stands still',
  WT_STEPS: () => 'it comes to no end',
  WT_VIRTUAL_TIME: () => 'it comes to no end',
  WT_HANG: ({ name }) => `host \`${name}\` does not give the thread back`,
  WT_BLOCKED: ({ name }) => `host \`${name}\` blocks its process`,
  WT_MEMORY: () => 'it uses up all memory',
  WT_EXIT: () => 'it ends its process',
};
