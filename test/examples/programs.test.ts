// The checkout as ordinary programs: the simulation finds in them what it finds in the functions, and the
// same files answer the same request over real sockets.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { CheckFailure, calmPlan, defineScenario, explore, replay, simulate } from 'wavetank';
import { programs, services } from '../../examples/checkout/hosts.ts';
import repaired from '../../examples/checkout/programs-repaired.sim.ts';
import faulty from '../../examples/checkout/programs.sim.ts';
import { checkout } from '../../examples/checkout/scenario.ts';

/** With what may go wrong with the programs. */
const functions = defineScenario(
  checkout({ name: 'functions', hosts: services({ chargeKey: 'per-attempt' }), duplicate: false }),
);

const CART = { sku: 'kettle', quantity: 2 };
const CONFIRMED = { orderId: 'o-1', ...CART, amount: 120, status: 'confirmed' };

async function failureOf(running: Promise<unknown>): Promise<CheckFailure> {
  const [outcome] = await Promise.allSettled([running]);
  if (outcome.status === 'rejected' && outcome.reason instanceof CheckFailure) return outcome.reason;
  throw outcome.status === 'rejected' ? outcome.reason : new assert.AssertionError({ message: 'it passed' });
}

test('the programs have the bug of the functions, and it shrinks to the same lost answer', async () => {
  const ofPrograms = await failureOf(explore(faulty, { runs: 100 }));
  const ofFunctions = await failureOf(explore(functions, { runs: 100 }));
  assert.equal(ofPrograms.result.violations[0]?.name, 'charged at most once');
  const said = /`ch-1` was written by .* handling POST \/v1\/charges #1 from `payments`/;
  assert.match(ofPrograms.message, said);
  assert.match(ofFunctions.message, said);
  assert.deepEqual(ofPrograms.result.ledger, ofFunctions.result.ledger);
  assert.deepEqual(ofPrograms.result.workload, ofFunctions.result.workload);
  const again = await failureOf(replay(faulty, ofPrograms.token));
  assert.equal(again.result.hash, ofPrograms.result.hash);
});

test('one lost answer of the program behind Fastify charges twice, and not once it is repaired', async () => {
  const lost = { kind: 'drop', from: 'payments', to: 'orders', message: 'response' } as const;
  const plan = { ...calmPlan, faults: [{ ...lost, label: 'POST /charges', nth: 1 }] };
  const perAttempt = await simulate(faulty, { workload: [CART], plan });
  assert.deepEqual(
    perAttempt.violations.map(({ message }) => message),
    ['`charged at most once` is illegal: order o-1 was charged 2 times.'],
  );
  assert.deepEqual(perAttempt.ledger, plan.faults);
  const perOrder = await simulate(repaired, { workload: [CART], plan });
  assert.equal(perOrder.verdict, 'ok');
  assert.deepEqual(perOrder.history[0]?.value, CONFIRMED);
});

test('the repaired programs keep their promises in 30 runs', async () => {
  // So few that not everything interesting is reached.
  const options = checkout({ name: 'few runs', hosts: programs({ chargeKey: 'per-order' }) });
  const { runs } = await explore(defineScenario({ ...options, sometimes: [] }), { runs: 30 });
  assert.equal(runs, 30);
});

test('a crash takes what a program had in memory, and leaves what is on its disk', async () => {
  const plan = {
    ...calmPlan,
    faults: [{ kind: 'crash', host: 'orders', atMs: 22, downMs: 500 }] as const,
  };
  const { verdict, reached } = await simulate(repaired, { workload: [CART], plan });
  assert.equal(verdict, 'ok');
  assert.equal(reached['a saga was resumed after a crash'], 1);
});

test('the same files answer the same request over real sockets', async () => {
  const run = promisify(execFile);
  const script = 'examples/checkout/programs/real.ts';
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script], { timeout: 120_000 });
  assert.match(stdout, /orders is listening/);
  assert.equal(stdout.trim().split('\n').at(-1), `201 ${JSON.stringify(CONFIRMED)}`);
});
