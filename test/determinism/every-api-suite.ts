// What code on a host sees of Node.js, as a suite of tests: the same in every run with one seed, and where
// chance has a say in it, another with another seed; by globals, by modules, and by names that were
// imported before.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calmPlan, daemon, defineScenario, handler, latency, simulate } from '../../src/index.ts';
import { answer, fetchCalls } from './fetch-calls.ts';
import { globalCalls, type Sightings } from './global-calls.ts';
import { importedCalls } from './imported-calls.ts';

/** What cannot depend on chance: virtual time, and the order in which Node.js runs things. */
const CERTAIN = /Date|performance|process|fired|hrtime|uptime|Event/;

const callers: Record<string, () => Promise<Sightings>> = {
  'globals and modules': globalCalls,
  'names imported before': importedCalls,
  fetch: fetchCalls,
};

const scenarioOf = (call: () => Promise<Sightings>) =>
  defineScenario({
    name: 'every API',
    hosts: {
      server: handler(() => answer),
      idle: daemon(() => {}),
      host: handler(() => async () => {
        const sightings = await call();
        const text = JSON.stringify(sightings, (_, value: unknown) =>
          typeof value === 'bigint' ? `${value}n` : value,
        );
        return new Response(text);
      }),
    },
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 30 }) },
    async drive(world) {
      await world.client('client', (client) =>
        client.operation('look', null, async () => (await fetch('http://host/')).json()),
      );
    },
  });

/** @param when - When the ambient layer is installed. */
export function everyApiSuite(when: string): void {
  for (const [name, call] of Object.entries(callers)) {
    void describe(`every API, ${when}: ${name}`, { concurrency: false }, () => {
      const scenario = scenarioOf(call);
      const look = async (seed: number, plan = calmPlan): Promise<{ sightings: Sightings; hash: string }> => {
        const { history, hash, violations } = await simulate(scenario, { seed, plan });
        assert.deepEqual(violations, []);
        assert.equal(history[0]?.type, 'ok', history[0]?.error);
        return { sightings: history[0]?.value as Sightings, hash };
      };

      void test('shows the same with the same seed, on a calm network and on another', async () => {
        for (const plan of [calmPlan, { ...calmPlan, latency: 'drawn', order: 'drawn' } as const]) {
          const [first, second] = [await look(7, plan), await look(7, plan)];
          assert.deepEqual(second, first);
        }
      });

      void test('shows something else with another seed, wherever chance has a say', async () => {
        const [one, other] = [await look(7), await look(8)];
        for (const [key, value] of Object.entries(one.sightings)) {
          if (name === 'fetch') continue;
          if (CERTAIN.test(key)) assert.deepEqual(other.sightings[key], value, key);
          else assert.notDeepEqual(other.sightings[key], value, key);
        }
        assert.notEqual(other.hash, one.hash);
      });

      void test('shows nothing of the real world', async () => {
        const text = JSON.stringify((await look(7)).sightings);
        assert.doesNotMatch(text, new RegExp(`"${new Date().getFullYear()}-|it did not fail|cleared`));
      });
    });
  }

  void test(`every API, ${when}: the wall clock begins in 2024, and ticks come last`, async () => {
    const { history } = await simulate(scenarioOf(globalCalls), { seed: 7, plan: calmPlan });
    const seen = history[0]?.value as Sightings;
    assert.equal(seen['new Date'], '2024-01-01T00:00:00.001Z');
    const order = (seen.fired as [string, number][]).map(([what]) => what);
    assert.deepEqual(order.slice(0, 3), ['queueMicrotask', 'promise', 'nextTick']);
  });
}
