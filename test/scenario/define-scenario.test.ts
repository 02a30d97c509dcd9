import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { handler } from '../../src/host/definition.ts';
import { latency } from '../../src/network/latency.ts';
import { defineScenario, isScenario } from '../../src/scenario/define-scenario.ts';
import type { ScenarioOptions } from '../../src/scenario/scenario.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { greeter } from './driven.ts';

const fine: ScenarioOptions<undefined> = {
  name: 'greeting',
  hosts: { orders: greeter(), payments: greeter() },
  drive: () => {},
};

function defining(options: object): () => unknown {
  return () => defineScenario({ ...fine, ...options });
}

test('a scenario is what its author wrote, with every default filled in', () => {
  const scenario = defineScenario(fine);
  assert.deepEqual([...scenario.hosts.keys()], ['orders', 'payments']);
  assert.deepEqual(
    [
      scenario.network.latency.baseUs,
      scenario.network.loss,
      scenario.stormUs,
      scenario.calmUs,
      scenario.faults,
    ],
    [1_000, 0, 10_000_000, 5_000_000, undefined],
  );
  assert.equal(scenario.epochMs, Date.UTC(2024, 0, 1));
  assert.equal(scenario.file, fileURLToPath(import.meta.url));
  assert.ok(Object.isFrozen(scenario));
});

test('everything that can be said is taken', () => {
  const scenario = defineScenario<number>({
    name: 'everything',
    hosts: fine.hosts,
    drive: () => {},
    tags: ['critical'],
    network: {
      latency: latency.uniform({ maxMs: 5 }),
      loss: 1,
      links: { 'orders -> payments': { loss: 0.5 }, 'guest -> orders': { latency: latency.constant(0) } },
      mayDuplicate: [],
    },
    workload: fc.nat(),
    always: { a: () => true },
    never: { b: () => false },
    eventually: { c: { check: () => true } },
    sometimes: { d: () => true },
    expectUncaught: ['orders'],
    stormMs: 0,
    calmMs: 0.5,
    limits: { stepsMax: 5 },
    epochMs: -1,
  });
  assert.deepEqual([scenario.calmUs, scenario.eventually.get('c')?.withinUs], [500, 30_000_000]);
  assert.deepEqual([...scenario.sometimes.keys()], ['d']);
  assert.deepEqual([...defineScenario({ ...fine, sometimes: ['x', 'y'] }).sometimes.keys()], ['x', 'y']);
});

const NO_TIME = [-1, -0.001, NaN, Infinity, -Infinity, '5'];

/** Each wrong option, and the words by which it is refused. */
const WRONG: [options: object, words: string][] = [
  [{ name: '' }, 'Expected `name` to be a non-empty string, got `""` (string)'],
  [{ name: undefined }, 'Expected `name` to be a non-empty string, got `undefined`'],
  [{ drive: undefined }, 'Expected `drive` to be a function'],
  [{ drive: 'drive' }, 'Expected `drive` to be a function, got `"drive"` (string)'],
  [{ hosts: undefined }, 'Expected `hosts` to be an object of hosts by name'],
  [{ hosts: null }, 'Expected `hosts` to be an object of hosts by name, got `null`'],
  [{ hosts: { a: greeter(), A: greeter() } }, 'Duplicate host "A": host names do not depend on case.'],
  ...['Orders', 'a b', 'a:80', '-a', 'a.', '', 'driver', 'localhost', '127.0.0.1', 'ä'].map(
    (name): [object, string] => [
      { hosts: { [name]: greeter() } },
      `Expected \`hosts["${name}"]\` to be named as in a URL`,
    ],
  ),
  [{ hosts: { a: () => new Response() } }, 'Expected `hosts.a` to be a host definition, got'],
  [{ hosts: { a: undefined } }, 'Expected `hosts.a` to be a host definition, got `undefined`'],
  [{ network: { latency: 5 } }, 'Expected `latency` to be made by latency.constant'],
  [{ network: 5 }, 'Expected `network` to be an object'],
  [{ network: { latencie: 5 } }, 'network: unknown option "latencie": did you mean "latency"?'],
  ...[-0.1, 1.1, NaN, '0.5', Infinity].flatMap((rate): [object, string][] => [
    [{ network: { loss: rate } }, 'Expected `network.loss` to be a number from 0 to 1'],
    [
      { network: { links: { 'orders -> payments': { loss: rate } } } },
      'Expected `loss` to be a number from 0 to 1',
    ],
  ]),
  [{ network: { links: { 'orders -> payments': { latency: 1 } } } }, 'Expected `latency` to be made by'],
  [
    { network: { links: { 'orders -> payments': null } } },
    'Expected `network.links["orders -> payments"]` to be an object',
  ],
  [
    { network: { links: { 'orders -> payments': { lost: 1 } } } },
    'network.links["orders -> payments"]: unknown option "lost": did you mean "loss"?',
  ],
  [
    { network: { links: { orders: {} } } },
    'Expected `network.links` to be keys like "source -> target", got `"orders"`',
  ],
  [
    { network: { links: { 'order -> payment': {} } } },
    'network.links: unknown host "order": did you mean "orders"?',
  ],
  [{ network: { mayDuplicate: 'GET' } }, 'Expected `network.mayDuplicate` to be a list of methods'],
  [{ faults: { drop: true } }, 'Expected `faults` to be made by swarm()'],
  [{ workload: [1, 2] }, 'Expected `workload` to be a fast-check arbitrary, got `[1,2]` (array)'],
  [{ workload: null }, 'Expected `workload` to be a fast-check arbitrary, got `null`'],
  ...['always', 'never'].flatMap((option): [object, string][] => [
    [{ [option]: null }, `Expected \`${option}\` to be an object of checks by name, got \`null\``],
    [{ [option]: () => true }, `Expected \`${option}\` to be an object of checks by name`],
    [{ [option]: { it: true } }, `Expected \`${option}["it"]\` to be a function of the world, got \`true\``],
  ]),
  [{ eventually: null }, 'Expected `eventually` to be an object of checks by name, got `null`'],
  [{ eventually: { it: () => true } }, 'Expected `eventually["it"].check` to be a function of the world'],
  [{ eventually: { it: null } }, 'Expected `eventually["it"].check` to be a function of the world'],
  ...NO_TIME.flatMap((ms): [object, string][] => [
    [
      { eventually: { it: { check: () => true, withinMs: ms } } },
      'Expected `eventually["it"].withinMs` to be a finite number',
    ],
    [{ stormMs: ms }, 'Expected `stormMs` to be a finite number of milliseconds >= 0'],
    [{ calmMs: ms }, 'Expected `calmMs` to be a finite number of milliseconds >= 0'],
    [{ limits: { virtualMsMax: ms } }, 'Expected `limits.virtualMsMax` to be a finite number'],
  ]),
  [{ sometimes: [5] }, 'Expected `sometimes` to be a list of names, got `5`'],
  [{ sometimes: null }, 'Expected `sometimes` to be an object of checks by name, got `null`'],
  [{ sometimes: { it: 5 } }, 'Expected `sometimes["it"]` to be a function of the world'],
  [{ expectUncaught: 'orders' }, 'Expected `expectUncaught` to be a list of host names'],
  [{ expectUncaught: ['order'] }, 'expectUncaught: unknown host "order": did you mean "orders"?'],
  [
    { expectUncaught: ['a name like no other'] },
    'expectUncaught: unknown host "a name like no other". Known: "orders", "payments".',
  ],
  [{ limits: { stepsMax: 0 } }, 'Expected `limits.stepsMax` to be an integer >= 1, got `0`'],
  [{ limits: { stepMax: 1 } }, 'limits: unknown option "stepMax": did you mean "stepsMax"?'],
  [{ tags: 'critical' }, 'Expected `tags` to be a list of strings'],
  ...[NaN, 1.5, Infinity, 9e15, '0'].map((epochMs): [object, string] => [
    { epochMs },
    'Expected `epochMs` to be whole milliseconds since 1970',
  ]),
  [{ allways: {} }, 'scenario: unknown option "allways": did you mean "always"?'],
];

test('whatever is missing, unknown or out of range is refused by its name', () => {
  for (const [options, words] of WRONG) {
    assert.throws(
      defining(options),
      (error: unknown) => {
        assert.ok(error instanceof Error);
        assert.equal((error as { code?: unknown }).code, 'WT_OPTION', error.message);
        assert.ok(error.message.startsWith(words), `${error.message}\n  does not begin with: ${words}`);
        return true;
      },
      words,
    );
  }
  for (const options of [undefined, null, 'scenario', 5]) {
    assert.throws(() => defineScenario(options as never), {
      code: 'WT_OPTION',
      message: /^Expected `scenario` to be an object/,
    });
  }
});

test('only what defineScenario made is a scenario', async () => {
  assert.ok(isScenario(defineScenario(fine)));
  for (const value of [fine, {}, null, undefined, 5, handler(() => () => new Response())]) {
    assert.equal(isScenario(value), false);
    await assert.rejects(simulate(value as never), {
      code: 'WT_OPTION',
      message: /`scenario` to be made by defineScenario\(\)/,
    });
  }
});
