// The same as global-calls.ts through names that were imported when the module loaded, before any simulation.

import { getRandomValues, randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto';
import { hrtime, nextTick, uptime } from 'node:process';
import { performance } from 'node:perf_hooks';
import { setImmediate, setInterval, setTimeout, clearInterval } from 'node:timers';
import {
  scheduler,
  setImmediate as immediate,
  setInterval as rounds,
  setTimeout as sleep,
} from 'node:timers/promises';
import { promisify } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import type { Sightings } from './global-calls.ts';

/** Everything, by the names imported above. */
export async function importedCalls(): Promise<Sightings> {
  const fired: [name: string, atMs: number][] = [];
  const note = (name: string) => (): void => void fired.push([name, performance.now()]);
  setImmediate(note('setImmediate'));
  nextTick(note('nextTick'));
  setTimeout(note('setTimeout'), 3);
  const interval = setInterval(() => {
    note('setInterval')();
    clearInterval(interval);
  }, 2);
  await promisify(setTimeout)(4).then(note('promisify(setTimeout)'));
  await sleep(5).then(note('sleep'));
  await immediate().then(note('immediate'));
  for await (const _ of rounds(2)) {
    note('rounds')();
    break;
  }
  await scheduler.wait(2).then(note('scheduler.wait'));
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port2.once('message', (data: string) => resolve(note(`MessageChannel: ${data}`)()));
    port1.postMessage('hello');
  });
  port1.close();
  return {
    fired,
    hrtime: hrtime(),
    'hrtime.bigint': hrtime.bigint(),
    uptime: uptime(),
    'performance.now': performance.now(),
    randomUUID: randomUUID(),
    randomInt: randomInt(1_000_000_000),
    randomBytes: randomBytes(5).toString('hex'),
    getRandomValues: [...getRandomValues(new Uint8Array(6))],
    randomFillSync: randomFillSync(Buffer.alloc(4)).toString('hex'),
  };
}
