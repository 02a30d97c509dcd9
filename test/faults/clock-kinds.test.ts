import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { daemon, defineScenario, simulate, swarm, type Fault, type FaultPlan } from '../../src/index.ts';
import { checkBudget, type SwarmOptions } from '../../src/faults/budget.ts';
import { describeFault } from '../../src/faults/describe.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import { isAllowed } from '../../src/faults/survivable.ts';
import { drawPlan } from '../../src/faults/swarm.ts';
import { KeyedRandom } from '../../src/random/keyed.ts';
import { EPOCH_MS_DEFAULT } from '../../src/time/host-clock.ts';

const HOSTS = ['a', 'b'];
const planOf = (faults: readonly object[]): FaultPlan =>
  ({ faults, latency: 'calm', order: 'calm' }) as unknown as FaultPlan;

/** Runs one daemon for six seconds under a plan, and gives what it noted. */
async function notesOf<Note>(
  faults: readonly Fault[],
  run: (note: (value: Note) => void, incarnation: number) => Promise<void>,
): Promise<{ notes: Note[]; ledger: readonly Fault[] }> {
  const notes: Note[] = [];
  const scenario = defineScenario({
    name: 'one host',
    hosts: { a: daemon((host) => run((value) => notes.push(value), host.incarnation)) },
    drive: (world) => world.client('patience', () => wait(6_000)),
    calmMs: 0,
  });
  const { verdict, violations, ledger } = await simulate(scenario, { plan: planOf(faults) });
  assert.equal(verdict, 'ok', violations[0]?.message);
  return { notes, ledger };
}

test('a clock that is wrong stays wrong when the process boots again', async () => {
  const faults: Fault[] = [
    { kind: 'clockDrift', host: 'a', atMs: 500, ppm: 100_000 },
    { kind: 'clockStep', host: 'a', atMs: 500, byMs: 60_000 },
    { kind: 'crash', host: 'a', atMs: 1_500, downMs: 1_000 },
  ];
  const { notes, ledger } = await notesOf<number[]>(faults, async (note) => {
    await wait(1_000);
    note([performance.timeOrigin - EPOCH_MS_DEFAULT, Date.now() - EPOCH_MS_DEFAULT, performance.now()]);
    await wait(10_000);
  });
  assert.deepEqual(ledger, faults);
  // The first second is over after 500 ms, and 500 ms of a clock that is a tenth fast.
  assert.deepEqual(notes[0], [0, 61_000, 1_000]);
  assert.deepEqual(notes[1], [62_700, 63_700, 1_000]);
});

test('a timer that was set before the clock began to drift comes due by the clock', async () => {
  for (const ppm of [100_000, -100_000]) {
    const drift: Fault = { kind: 'clockDrift', host: 'a', atMs: 1_000, ppm };
    const { notes } = await notesOf<number[]>([drift], async (note) => {
      const interval = setInterval(() => {}, 100_000);
      await Promise.all([wait(3_000).then(() => note([3_000, performance.now()])), wait(3_000)]);
      clearInterval(interval);
      note([performance.now(), Date.now() - EPOCH_MS_DEFAULT]);
    });
    assert.deepEqual(notes, [
      [3_000, 3_000],
      [3_000, 3_000],
    ]);
  }
});

test('timers that are due together keep their order when the clock changes its rate', async () => {
  const drift: Fault = { kind: 'clockDrift', host: 'a', atMs: 500, ppm: -777 };
  const { notes } = await notesOf<string>([drift], async (note) => {
    for (const name of ['first', 'second', 'third']) setTimeout(() => note(name), 1_000);
    setTimeout(() => note('before'), 999);
    await wait(2_000);
  });
  assert.deepEqual(notes, ['before', 'first', 'second', 'third']);
});

test('a process takes the time zone of its machine when it boots, and keeps it', async () => {
  const faults: Fault[] = [
    { kind: 'clockZone', host: 'a', atMs: 500, zone: 'Asia/Tokyo' },
    { kind: 'crash', host: 'a', atMs: 1_500, downMs: 1_000 },
  ];
  const { notes, ledger } = await notesOf<number>(faults, async (note) => {
    await wait(1_000);
    note(new Date().getHours());
    await wait(10_000);
  });
  assert.deepEqual(notes, [0, 9]);
  assert.deepEqual(
    ledger.map(({ kind }) => kind),
    ['crash', 'clockZone'],
  );
});

test('a fault of a clock that nobody looks at strikes nothing', async () => {
  const faults: Fault[] = [
    { kind: 'clockSkew', host: 'a', atMs: 0, byMs: 1_000 },
    { kind: 'clockStep', host: 'a', atMs: 10, byMs: -1_000 },
    { kind: 'clockZone', host: 'a', atMs: 0, zone: 'Asia/Tokyo' },
  ];
  const { ledger } = await notesOf(faults, async (note) => {
    note(performance.now());
    await wait(5_000);
  });
  assert.deepEqual(ledger, []);
});

test('faults of clocks are told in plain words', () => {
  const host = 'a';
  const told: [Fault, string][] = [
    [{ kind: 'clockSkew', host, atMs: 0, byMs: -500 }, 'clock of a 500 ms behind from the start'],
    [{ kind: 'clockStep', host, atMs: 20, byMs: -500 }, 'clock of a steps back by 500 ms at 20 ms'],
    [{ kind: 'clockDrift', host, atMs: 20, ppm: 40 }, 'clock of a begins to run 40 ppm fast at 20 ms'],
    [{ kind: 'clockSmear', host, atMs: 5, forMs: 20_000 }, 'leap second smeared over 20000 ms on a at 5 ms'],
    [
      { kind: 'clockZone', host, atMs: 0, zone: 'Asia/Tokyo' },
      'time zone of a is Asia/Tokyo for what boots at 0 ms or later',
    ],
  ];
  for (const [fault, text] of told) assert.equal(describeFault(fault), text);
});

test('a plan that no clock could follow is refused', () => {
  const wrong: [object, RegExp][] = [
    [{ kind: 'clockSkew', host: 'c', byMs: 1 }, /unknown host "c"/],
    [{ kind: 'clockSkew', host: 'a', byMs: 0 }, /byMs.* a number other than 0/],
    [{ kind: 'clockStep', host: 'a', byMs: '5' }, /byMs.*got `"5"` \(string\)/],
    [{ kind: 'clockDrift', host: 'a', ppm: 200_000 }, /ppm.* from -100,000 to 100,000/],
    [{ kind: 'clockSmear', host: 'a', forMs: 500 }, /forMs.* at least 10000 ms/],
    [{ kind: 'clockZone', host: 'a', zone: 'Europe/Berlim' }, /zone.* a time zone such as/],
  ];
  for (const [fault, message] of wrong)
    assert.throws(() => checkPlan(planOf([{ atMs: 0, ...fault }]), HOSTS), message);
});

test('a budget that makes no sense is refused', () => {
  const wrong: [SwarmOptions, RegExp][] = [
    [{ clockSkew: ['c'] }, /unknown host "c"/],
    [{ clockSkew: { hosts: ['a'], msMax: -1 } }, /clockSkew\.msMax/],
    [{ clockStep: { hosts: ['a'], maxMs: 1 } as never }, /maxMs/],
    [{ clockDrift: { hosts: ['a'], ppmMax: 1e6 } }, /clockDrift\.ppmMax/],
    [{ clockSmear: { hosts: ['a'], forMs: 1 } }, /clockSmear\.forMs/],
    [{ clockZone: { hosts: ['a'], zones: [] } }, /clockZone\.zones/],
    [{ clockZone: true as never }, /clockZone/],
  ];
  for (const [options, message] of wrong)
    assert.throws(() => checkBudget(swarm(options), HOSTS), message, JSON.stringify(options));
});

test('what is drawn for clocks is valid and within the budget, and comes in both directions', () => {
  const budget = swarm({
    clockSkew: { hosts: ['a'], msMax: 50 },
    clockStep: ['a', 'b'],
    clockDrift: { hosts: ['a', 'b'], ppmMax: 30 },
    clockSmear: { hosts: ['b'], forMs: 20_000 },
    clockZone: { hosts: ['b'], zones: ['Asia/Tokyo', 'Europe/Berlin'] },
  });
  const seen = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    const random = new KeyedRandom(seed);
    let nth = 0;
    const plan = drawPlan(budget, HOSTS, (bound) => random.below(bound, 1, nth++));
    checkPlan(plan, HOSTS);
    for (const fault of plan.faults) {
      assert.ok(isAllowed(budget, fault), JSON.stringify(fault));
      const { byMs, ppm } = fault as { byMs?: number; ppm?: number };
      seen.add(`${fault.kind} ${Math.sign(byMs ?? ppm ?? 0)}`);
    }
  }
  const both = ['clockSkew', 'clockStep', 'clockDrift'].flatMap((kind) => [`${kind} -1`, `${kind} 1`]);
  assert.deepEqual([...seen].toSorted(), [...both, 'clockSmear 0', 'clockZone 0'].toSorted());
});

test('a budget does not allow what exceeds it', () => {
  const budget = swarm({
    clockSkew: { hosts: ['a'], msMax: 50 },
    clockDrift: ['a'],
    clockSmear: ['a'],
    clockZone: { hosts: ['a'], zones: ['Asia/Tokyo'] },
  });
  const isFine = (fault: object): boolean => isAllowed(budget, { host: 'a', atMs: 0, ...fault } as Fault);
  assert.ok(isFine({ kind: 'clockSkew', byMs: -50 }));
  assert.ok(!isFine({ kind: 'clockSkew', byMs: -51 }));
  assert.ok(!isFine({ kind: 'clockSkew', byMs: 5, host: 'b' }));
  assert.ok(!isFine({ kind: 'clockStep', byMs: 5 }));
  assert.ok(!isFine({ kind: 'clockDrift', ppm: 501 }));
  assert.ok(!isFine({ kind: 'clockSmear', forMs: 1_000_000 }));
  assert.ok(!isFine({ kind: 'clockZone', zone: 'Europe/Berlin' }));
});
