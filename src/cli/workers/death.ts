// What the end of a worker in a run says of that run.

import type { Death } from '../../explore/block-result.ts';
import { soundingOf } from './position.ts';
import type { Ending } from './worker-process.ts';

const MEMORY = /heap out of memory|Reached heap limit|Array buffer allocation failed|FATAL ERROR: .*allocat/i;
const WORDS_SHOWN_MAX = 400;
/** How often a run has to meet the end of its process before it is held against it. */
const TIMES_MIN = 2;
/** The same where anybody may have killed the process. */
const KILLED_TIMES_MIN = 3;

/** Whether the run brings it about: the same end again, and no accident. */
export function isProven({ signal, blockedMs }: Ending, times: number): boolean {
  const mayBeAccident = signal === 'SIGKILL' && blockedMs === undefined;
  return times >= (mayBeAccident ? KILLED_TIMES_MIN : TIMES_MIN);
}

/** The death of a run that was made alone to see where it dies. */
export function deathOf(ending: Ending): Death {
  const { step, atUs, host, what } = ending.position.step ?? { step: 0, atUs: 0, host: 'driver', what: '' };
  const place = what === '' ? `host \`${host}\`` : `host \`${host}\`, after "${what}"`;
  const { code, message } = reasonOf(ending, place);
  // V8 has much to say about its memory.
  const words = code === 'WT_MEMORY' ? '' : shortened(ending.lastWords);
  const sounding = soundingOf(ending.position.phase);
  return {
    ...{ code, name: host, message, atMs: atUs / 1000, step, host },
    ...(sounding === undefined ? {} : { sounding }),
    remarks: [
      'its process did not live to tell more, so nothing is shrunk; a replay ends its own process, too',
      ...(words === '' ? [] : [`the last it said: ${words}`]),
    ],
  };
}

function reasonOf(ending: Ending, place: string): Pick<Death, 'code' | 'message'> {
  const { code, signal, blockedMs, lastWords } = ending;
  if (blockedMs !== undefined) {
    const message =
      `the run kept its process from doing anything for ${blockedMs / 1000} s of real time: ${place}: ` +
      'native code that waits or computes (execSync, a lock, pbkdf2Sync), which nothing inside stops.';
    return { code: 'WT_BLOCKED', message };
  }
  if (MEMORY.test(lastWords)) {
    return { code: 'WT_MEMORY', message: `the run used up the memory of its process: ${place}.` };
  }
  if (signal === 'SIGKILL') {
    const message =
      `the process of the run was killed (SIGKILL), ${KILLED_TIMES_MIN} times: ${place}. ` +
      'That is what the system does when memory runs out.';
    return { code: 'WT_MEMORY', message };
  }
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  const message =
    `the run ended its process (${how}): ${place}: process.exit or an error that nobody caught in code ` +
    'outside of the hosts, or a crash of native code.';
  return { code: 'WT_EXIT', message };
}

function shortened(words: string): string {
  const lines = words.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => line !== '' && !/^(<---|\[\d+:|\d+: 0x|Node\.js v)/.test(line));
  return telling.join(' | ').slice(0, WORDS_SHOWN_MAX);
}
