// A run that other programs starve of the processor is made again from its beginning, and is the same run.

import assert from 'node:assert/strict';
import { AsyncResource } from 'node:async_hooks';
import { test } from 'node:test';
import { defineScenario, handler, simulate } from '../../src/index.ts';

const cell = new Int32Array(new SharedArrayBuffer(4));
/** No host is there, so what is called is real. */
const outside = new AsyncResource('outside');
let isStarved = false;
let answers = 0;

const scenario = defineScenario({
  name: 'starved',
  limits: { hangMs: 900 },
  hosts: {
    api: handler(() => () => {
      answers++;
      // Keeps the thread and uses no processor, as if others had it.
      if (isStarved && answers === 2) outside.runInAsyncScope(() => Atomics.wait(cell, 0, 0, 2_000));
      return new Response('ok');
    }),
  },
  drive: (world) =>
    world.client('guest', async () => {
      for (let i = 0; i < 3; i++) await (await fetch('http://api/')).text();
    }),
});

test('a starved run is made again, and is the same run', async () => {
  const undisturbed = await simulate(scenario, { seed: 1 });
  assert.equal(undisturbed.verdict, 'ok');
  answers = 0;
  isStarved = true;
  const starved = await simulate(scenario, { seed: 1 });
  assert.equal(starved.verdict, 'ok', starved.violations[0]?.message);
  assert.equal(starved.hash, undisturbed.hash);
  // On a busy machine it may have been stopped another time.
  assert.ok(answers >= 5, `two answers before it was stopped, and three after it was begun anew: ${answers}`);
});
