import assert from 'node:assert/strict';
import { test } from 'node:test';
import { swarm, type SwarmOptions } from '../../src/faults/budget.ts';
import { scenarioOf } from '../scenario/driven.ts';

test('a budget is what was allowed, and cannot be changed afterwards', () => {
  const budget = swarm({ drop: true, crash: ['server'], survivable: { hostsDown: 2 } });
  assert.deepEqual(budget, { kind: 'swarm', drop: true, crash: ['server'], survivable: { hostsDown: 2 } });
  assert.ok(Object.isFrozen(budget));
});

test('an option that cannot be is refused by its name', () => {
  const cases: [unknown, RegExp][] = [
    [undefined, /`swarm` to be an object, got `undefined`/],
    [null, /`swarm` to be an object, got `null`/],
    [{ crashes: ['a'] }, /swarm: unknown option "crashes": did you mean "crash"\?/],
    [{ survivable: { hostsDown: -1 } }, /`survivable.hostsDown` to be an integer >= 0, got `-1`/],
    [{ survivable: { hostsDown: 1.5 } }, /`survivable.hostsDown`/],
    [
      { survivable: { hostsdown: 1 } },
      /swarm.survivable: unknown option "hostsdown": did you mean "hostsDown"/,
    ],
    [{ survivable: { disksFaulty: -1 } }, /`survivable.disksFaulty` to be an integer >= 0, got `-1`/],
    [{ survivable: { partitionsHealWithinMs: -1 } }, /`survivable.partitionsHealWithinMs`/],
    [{ aim: { markers: 'x' } }, /`aim.markers` to be a list of names, got `"x"`/],
    [{ aim: { marker: ['x'] } }, /swarm.aim: unknown option "marker": did you mean "markers"/],
    [{ aim: 5 }, /swarm.aim/],
    [{ horizonMs: NaN }, /`horizonMs` to be a finite number/],
    [{ horizonMs: -1 }, /`horizonMs`/],
  ];
  for (const [options, message] of cases) {
    assert.throws(() => swarm(options as SwarmOptions), { code: 'WT_OPTION', message });
  }
});

test('a scenario refuses a budget that names what it does not have', () => {
  const cases: [unknown, RegExp][] = [
    [{}, /`faults` to be made by swarm\(\)/],
    [null, /`faults` to be made by swarm\(\), got `null`/],
    [swarm({ crash: ['sever'] }), /faults.crash: unknown host "sever": did you mean "server"\?/],
    [swarm({ stop: ['nobody at all'] }), /faults.stop: unknown host "nobody at all". Known: "server"/],
    [swarm({ pause: 'server' as never }), /`faults.pause` to be a list of host names/],
    [swarm({ partition: ['x'] }), /faults.partition: unknown host "x"/],
    [swarm({ drop: ['server'] }), /`faults.drop` to be true, or links like "a -> b", got `"server"`/],
    [swarm({ drop: [5] as never }), /`faults.drop`/],
    [swarm({ drop: 5 as never }), /`faults.drop` to be true, or links like "a -> b", got `5`/],
    [swarm({ delay: ['a -> b'] }), /faults.delay: unknown host "a"/],
  ];
  for (const [faults, message] of cases) {
    assert.throws(() => scenarioOf({ faults: faults as never }, () => {}), { code: 'WT_OPTION', message });
  }
  // One end of a link may be a client.
  scenarioOf({ faults: swarm({ drop: ['guest -> server', 'server -> guest'] }) }, () => {});
});
