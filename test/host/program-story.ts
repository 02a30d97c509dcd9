// Tells what a program did in a run: what it printed, what became of its host, and what was violated.

import assert from 'node:assert/strict';
import { program, type ProgramOptions } from '../../src/host/program.ts';
import type { ScenarioOptions } from '../../src/scenario/scenario.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import type { World } from '../../src/scenario/world.ts';
import { driven, sleep } from '../scenario/driven.ts';
import { programFiles } from './program-files.ts';

/** What came of a run: what the host printed and became, and what was violated. */
export interface Story {
  readonly value: unknown;
  /** `at ms: what`. */
  readonly log: readonly string[];
  readonly violations: readonly string[];
}

/** Tells a recorded run. */
export function storyOf(value: unknown, { trace = [], violations }: RunResult): Story {
  const log = trace.flatMap((entry) => {
    const at = `${entry.atUs / 1000}:`;
    if (entry.kind === 'log') return `${at} ${entry.stream === 'stderr' ? '! ' : ''}${entry.text}`;
    return entry.kind === 'host' ? `${at} (${entry.change})` : [];
  });
  return { value, log, violations: violations.map(({ message }) => message.split('\n')[0] ?? '') };
}

/** Runs the text of a program as the host `server`: twice, and the hashes have to be equal. */
export async function story(
  text: string,
  drive: (world: World) => unknown = () => sleep(1_000),
  options: ProgramOptions & Partial<ScenarioOptions<undefined>> = {},
): Promise<Story> {
  const { env, args, ...scenario } = options;
  const given = { ...(env === undefined ? {} : { env }), ...(args === undefined ? {} : { args }) };
  const server = program(programFiles({ 'main.ts': text }).path('main.ts'), given);
  const run = (): ReturnType<typeof driven> =>
    driven({ hosts: { server }, calmMs: 10, ...scenario }, drive, { mayFail: true, record: true });
  const { value, result } = await run();
  const again = await run();
  assert.equal(again.result.hash, result.hash);
  assert.deepEqual(storyOf(again.value, again.result), storyOf(value, result));
  return storyOf(value, result);
}
