// Everything that reads the time on a host agrees with everything else that reads the same clock, while the
// two clocks of the host disagree; whatever is wrong with them.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { daemon, defineScenario, handler, simulate, type Fault, type FaultPlan } from '../../src/index.ts';
import { EPOCH_MS_DEFAULT } from '../../src/time/host-clock.ts';

/** One look at every clock there is, in milliseconds. */
interface Look {
  /** What a machine with right clocks shows. */
  readonly trueMs: number;
  readonly wall: Record<string, number>;
  readonly sinceBoot: Record<string, number>;
  readonly sinceStart: Record<string, number>;
  readonly originMs: number;
}

const TICK_MS = 1_000;
const LOOKS = 6;
let trueMs = (): number => 0;

async function look(started: [number, number]): Promise<Look> {
  fs.writeFileSync('/tmp/now', 'x');
  const [seconds, nanoseconds] = process.hrtime(started);
  const [date, text] = [new Date(), Date()];
  const { headers } = await fetch('http://127.0.0.1:8080/');
  return {
    trueMs: trueMs(),
    wall: {
      'Date.now': Date.now(),
      'new Date': date.getTime(),
      'file time': fs.statSync('/tmp/now').mtimeMs,
      'Date()': new Date(text).getTime() + (date.getTime() % 1000),
      'Intl.DateTimeFormat': Number(new Intl.DateTimeFormat('en', { second: 'numeric' }).format()),
      'Date header': Date.parse(headers.get('date') ?? ''),
    },
    sinceBoot: {
      'performance.now': performance.now(),
      'process.uptime': process.uptime() * 1000,
      'performance.mark': performance.mark('look').startTime,
    },
    sinceStart: {
      'process.hrtime': process.hrtime()[0] * 1000 + process.hrtime()[1] / 1e6,
      'hrtime.bigint': Number(process.hrtime.bigint()) / 1e6,
      'os.uptime': os.uptime() * 1000,
      'hrtime since': seconds * 1000 + nanoseconds / 1e6 + started[0] * 1000 + started[1] / 1e6,
    },
    originMs: performance.timeOrigin,
  };
}

/** A host that looks at its clocks once in a second of its own. */
async function looksUnder(faults: readonly Fault[]): Promise<{ looks: Look[]; ledger: readonly Fault[] }> {
  const looks: Look[] = [];
  const scenario = defineScenario({
    name: 'clocks',
    hosts: {
      observed: daemon(async () => {
        const started = process.hrtime();
        await new Promise<void>((resolve) => {
          http.createServer((_request, response) => response.end()).listen(8080, resolve);
        });
        for (;;) {
          looks.push(await look(started));
          await wait(TICK_MS);
        }
      }),
      other: handler(() => () => new Response()),
    },
    async drive(world) {
      trueMs = () => world.nowMs;
      await world.client('patience', () => wait((LOOKS - 0.5) * TICK_MS));
    },
    calmMs: 3_000,
    // The first request of a process takes its time where many tests run.
    limits: { hangMs: 60_000 },
  });
  const plan: FaultPlan = { faults, latency: 'calm', order: 'calm' };
  const { verdict, violations, ledger } = await simulate(scenario, { plan });
  assert.equal(verdict, 'ok', violations[0]?.message);
  return { looks, ledger };
}

function assertClose(actual: number, expected: number, withinMs: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= withinMs, `${what}: ${actual}, expected ${expected}`);
}

/** Readings of one clock differ by the rounding of Node.js, and by the request between them. */
function assertAgree({ wall, sinceBoot, sinceStart, trueMs: at }: Look, bootMs: number): void {
  const now = wall['Date.now'] as number;
  for (const name of ['new Date', 'Date()', 'file time'])
    assertClose(wall[name] ?? 0, now, 10, `${name} at ${at}`);
  assert.equal(wall['Intl.DateTimeFormat'], new Date(now).getUTCSeconds());
  assert.equal(wall['Date header'], Math.floor(now / 1000) * 1000);
  for (const [name, ms] of Object.entries(sinceBoot))
    assertClose(ms, sinceBoot['performance.now'] ?? 0, 0.01, `${name} at ${at}`);
  for (const name of ['process.hrtime', 'hrtime.bigint', 'os.uptime'])
    assertClose(
      sinceStart[name] ?? 0,
      (sinceBoot['performance.now'] ?? 0) + bootMs,
      0.01,
      `${name} at ${at}`,
    );
  assertClose(
    sinceStart['hrtime since'] ?? 0,
    sinceStart['process.hrtime'] ?? 0,
    10,
    `hrtime since at ${at}`,
  );
}

/** By how much the wall clock and the monotonic one are ahead of the true time, at each look. */
function errorsOf(looks: readonly Look[]): { wall: number[]; monotonic: number[] } {
  return {
    wall: looks.map((each) => (each.wall['Date.now'] ?? 0) - EPOCH_MS_DEFAULT - Math.floor(each.trueMs)),
    monotonic: looks.map((each) => Math.round((each.sinceStart['hrtime.bigint'] ?? 0) - each.trueMs)),
  };
}

const host = 'observed';
const none = [0, 0, 0, 0, 0, 0];
const cases: readonly [name: string, faults: readonly Fault[], wall: number[], monotonic: number[]][] = [
  ['nothing is wrong', [], none, none],
  ['skew', [{ kind: 'clockSkew', host, atMs: 0, byMs: -5_000 }], none.map(() => -5_000), none],
  [
    'a step forward',
    [{ kind: 'clockStep', host, atMs: 2_500, byMs: 60_000 }],
    [0, 0, 0, 60_000, 60_000, 60_000],
    none,
  ],
  [
    'a step back',
    [{ kind: 'clockStep', host, atMs: 2_500, byMs: -60_000 }],
    [0, 0, 0, -60_000, -60_000, -60_000],
    none,
  ],
  [
    'drift, fast',
    [{ kind: 'clockDrift', host, atMs: 0, ppm: 20_000 }],
    [0, 20, 40, 60, 80, 100],
    [0, 20, 40, 60, 80, 100],
  ],
  [
    'drift, slow, and a step',
    [
      { kind: 'clockDrift', host, atMs: 0, ppm: -20_000 },
      { kind: 'clockStep', host, atMs: 2_500, byMs: 1_000 },
    ],
    [0, -20, -40, 940, 920, 900],
    [0, -20, -40, -60, -80, -100],
  ],
  [
    'a leap second smeared',
    [{ kind: 'clockSmear', host, atMs: 0, forMs: 50_000 }],
    [0, -20, -40, -60, -80, -100],
    [0, -20, -40, -60, -80, -100],
  ],
];

for (const [name, faults, wall, monotonic] of cases) {
  test(`clocks under ${name}: each is read as one, and they differ as they should`, async () => {
    const { looks, ledger } = await looksUnder(faults);
    assert.deepEqual(ledger, faults);
    const stormy = looks.slice(0, LOOKS);
    const bootMs =
      (stormy[0]?.sinceStart['hrtime.bigint'] ?? 0) - (stormy[0]?.sinceBoot['performance.now'] ?? 0);
    for (const each of stormy) assertAgree(each, bootMs);
    const errors = errorsOf(stormy);
    for (const [i, ms] of wall.entries()) assertClose(errors.wall[i] ?? 0, ms, 3, `wall clock at look ${i}`);
    for (const [i, ms] of monotonic.entries())
      assertClose(errors.monotonic[i] ?? 0, ms, 3, `monotonic clock at look ${i}`);
    // Timers go by the monotonic clock.
    for (const [i, each] of stormy.entries())
      assertClose(each.sinceBoot['performance.now'] ?? 0, i * TICK_MS, 60, `timer ${i}`);
    // Where the process began does not move.
    const skewMs = name === 'skew' ? -5_000 : 0;
    for (const each of looks)
      assertClose(each.originMs, EPOCH_MS_DEFAULT + skewMs, 1, 'performance.timeOrigin');
  });

  test(`clocks under ${name}: the wall clock is right again after the storm`, async () => {
    const { looks } = await looksUnder(faults);
    const calm = looks.slice(LOOKS + 1);
    assert.ok(calm.length >= 1);
    assert.deepEqual(
      errorsOf(calm).wall,
      calm.map(() => 0),
    );
    const gained = errorsOf(calm).monotonic;
    assert.ok(new Set(gained).size === 1, `the monotonic clock keeps what it gained: ${gained.join()}`);
  });
}
