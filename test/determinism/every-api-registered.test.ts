// What hosts see of Node.js when the ambient layer is there from the first line on, and for good.

import '../../src/register.ts';

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daemon, defineScenario, simulate } from '../../src/index.ts';
import { everyApiSuite } from './every-api-suite.ts';

everyApiSuite('installed for good');

// What modules take while they load, as packages do.
class Stamp extends Date {}
const TakenDate = Date;
const { now } = Date;
const { random } = Math;

test('every API, installed for good: what a module took when it loaded is the host’s', async () => {
  const seen: unknown[] = [];
  const scenario = defineScenario({
    name: 'taken',
    hosts: {
      host: daemon(() => {
        seen.push(new Stamp().getTime(), new TakenDate().getTime(), now(), random());
      }),
    },
    drive() {},
  });
  for (let i = 0; i < 2; i++) await simulate(scenario, { seed: 3 });
  assert.deepEqual(seen.slice(0, 3), Array(3).fill(Date.UTC(2024)));
  assert.deepEqual(seen.slice(4), seen.slice(0, 4));
});
