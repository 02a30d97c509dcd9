// Calls everything by which code on a host can see time, chance, order or the network, through the globals of
// Node.js, and gives back what it saw.

import crypto from 'node:crypto';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import util from 'node:util';
import workerThreads from 'node:worker_threads';

/** What was seen, by what was called. */
export type Sightings = Record<string, unknown>;

/** Reads every clock. */
function clocks(): Sightings {
  class SubDate extends Date {}
  return {
    'new Date': new Date().toISOString(),
    'Date()': Date(),
    'Date.now': Date.now(),
    'new SubDate': new SubDate().getTime(),
    'new Date.prototype.constructor': new (new Date(0).constructor as DateConstructor)().getTime(),
    'Intl.DateTimeFormat': new Intl.DateTimeFormat('en', { timeZone: 'UTC', timeStyle: 'long' }).format(),
    'performance.now': performance.now(),
    'performance.timeOrigin': performance.timeOrigin,
    'performance.mark': performance.mark('here').startTime,
    'process.hrtime': process.hrtime(),
    'process.hrtime.bigint': process.hrtime.bigint(),
    'process.uptime': process.uptime(),
    'new Event': new Event('here').timeStamp,
  };
}

/** Draws from every source of randomness. */
function draws(): Sightings {
  return {
    'Math.random': Math.random(),
    'crypto.randomUUID': crypto.randomUUID(),
    'webcrypto.randomUUID': globalThis.crypto.randomUUID(),
    'crypto.getRandomValues': [...globalThis.crypto.getRandomValues(new Uint32Array(3))],
    'crypto.randomBytes': crypto.randomBytes(6).toString('hex'),
    'crypto.randomInt': crypto.randomInt(1_000_000_000),
    'crypto.randomFillSync': crypto.randomFillSync(Buffer.alloc(5)).toString('hex'),
  };
}

/** What is called back with, by a call that does not fail. */
function called<Value>(call: (callback: (error: unknown, value: Value) => void) => void): Promise<Value> {
  return new Promise((resolve) => call((_, value) => resolve(value)));
}

async function drawsByCallback(): Promise<Sightings> {
  return {
    'crypto.randomBytes(callback)': [...(await called<Buffer>((done) => crypto.randomBytes(4, done)))],
    'crypto.randomInt(callback)': await called<number>((done) => crypto.randomInt(1e9, done)),
    'crypto.randomFill': [
      ...(await called<Uint8Array>((done) => crypto.randomFill(new Uint8Array(4), done))),
    ],
  };
}

/** Sets timers of every kind and tells when, and in which order, they fired. */
export async function timersInOrder(): Promise<Sightings> {
  const fired: [name: string, atMs: number][] = [];
  const note = (name: string) => (): void => void fired.push([name, performance.now()]);
  setImmediate(note('setImmediate'));
  process.nextTick(note('nextTick'));
  queueMicrotask(note('queueMicrotask'));
  void Promise.resolve().then(note('promise'));
  setTimeout(note('setTimeout 0'), 0);
  setTimeout(note('setTimeout 5'), 5);
  timers.setTimeout(note('timers.setTimeout'), 5);
  timers.setImmediate(note('timers.setImmediate'));
  clearTimeout(setTimeout(note('cleared'), 1));
  const postponed = setTimeout(note('refreshed'), 8);
  setTimeout(() => postponed.refresh(), 4);
  const unrefed = setTimeout(note('unref'), 6).unref();
  const primitive = setTimeout(note('cleared by its number'), 6);
  clearTimeout(Number(primitive));
  const interval = setInterval(() => {
    note('setInterval')();
    if (fired.filter(([name]) => name === 'setInterval').length === 3) clearInterval(interval);
  }, 3);
  const signal = AbortSignal.timeout(7);
  signal.addEventListener('abort', note(`AbortSignal.timeout: ${unrefed.hasRef()}`));
  await util.promisify(setTimeout)(2).then(note('promisify(setTimeout)'));
  await util.promisify(setImmediate)().then(note('promisify(setImmediate)'));
  await timersPromises.setTimeout(2).then(note('promises.setTimeout'));
  await timersPromises.setImmediate().then(note('promises.setImmediate'));
  await timersPromises.scheduler.wait(3).then(note('scheduler.wait'));
  await timersPromises.scheduler.yield().then(note('scheduler.yield'));
  for await (const round of timersPromises.setInterval(2, 'round')) {
    note(`promises.setInterval: ${round}`)();
    if (fired.filter(([name]) => name.startsWith('promises.setInterval')).length === 2) break;
  }
  const aborted = timersPromises.setTimeout(1_000, null, { signal: AbortSignal.timeout(4) });
  await aborted.catch((error: unknown) => note(`aborted: ${(error as Error).name}`)());
  const { port1, port2 } = new workerThreads.MessageChannel();
  await new Promise((resolve) => {
    port2.once('message', (data) => resolve(note(`MessageChannel: ${String(data)}`)()));
    port1.postMessage('hello');
  });
  port1.close();
  return { fired };
}

/** Everything, of globals and of what modules give as their default. */
export async function globalCalls(): Promise<Sightings> {
  const before = { ...clocks(), ...draws(), ...(await drawsByCallback()), ...(await timersInOrder()) };
  const after = Object.fromEntries(
    Object.entries(clocks()).map(([name, value]) => [`${name}, later`, value]),
  );
  return { ...before, ...after };
}
