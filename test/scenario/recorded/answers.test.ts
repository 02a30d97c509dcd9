// What a recorded run knows of what checks were answered by functions and getters that hosts expose.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calmPlan } from '../../../src/faults/fault.ts';
import { ANSWERS_STORE, type StateEntry } from '../../../src/history/trace.ts';
import { daemon, defineScenario, simulate, type HostDefinition, type World } from '../../../src/index.ts';
import { sleep } from '../driven.ts';

/** The patches of what a node answered, with the time in milliseconds, in a run that is also made plain. */
async function answered(node: HostDefinition, check: (world: World) => boolean | string): Promise<unknown[]> {
  const scenario = defineScenario({
    name: 'asked',
    hosts: { node },
    drive: () => sleep(40),
    always: { asked: check },
  });
  const result = await simulate(scenario, { plan: calmPlan, record: true });
  const plain = await simulate(scenario, { plan: calmPlan });
  assert.equal(result.hash, plain.hash);
  assert.deepEqual(
    result.violations.map(({ message }) => message),
    plain.violations.map(({ message }) => message),
  );
  const told = (result.trace ?? []).filter(
    (entry) => entry.kind === 'state' && entry.store === ANSWERS_STORE,
  );
  return (told as StateEntry[]).flatMap(({ atUs, host, patches }) =>
    patches.map(({ op, path, value }) => [atUs / 1000, host, op, path.join('.'), value]),
  );
}

const exportsOf = <Exports>(world: World): Partial<Exports> =>
  (world.host('node').exports ?? {}) as Partial<Exports>;

test('what a function answers to a check is in the trace when it is new', async () => {
  const node = daemon((host) => {
    let role = 'follower';
    setTimeout(() => (role = 'leader'), 10);
    setInterval(() => {}, 5);
    host.expose({ role: () => role, never: () => 'called', of: (name: string) => name });
  });
  const check = (world: World): boolean => {
    const { role, of } = exportsOf<{ role(): string; of(name: string): string }>(world);
    of?.(role?.() ?? '');
    return true;
  };
  assert.deepEqual(await answered(node, check), [
    [0, 'node', 'replace', '', { 'role()': 'follower' }],
    [10, 'node', 'replace', 'role()', 'leader'],
  ]);
});

test('so is what a getter answers, and a method is called on what is exposed', async () => {
  const node = daemon((host) => {
    let count = 0;
    setTimeout(() => count++, 10);
    setInterval(() => {}, 5);
    const exposed = {
      get count() {
        return count;
      },
      isItself(): boolean {
        return this === exposed;
      },
    };
    host.expose(exposed);
  });
  const check = (world: World): boolean => {
    const exposed = exportsOf<{ count: number; isItself(): boolean }>(world);
    return exposed.count === undefined || exposed.isItself?.() === true;
  };
  assert.deepEqual(await answered(node, check), [
    [0, 'node', 'replace', '', { count: 0 }],
    [0, 'node', 'add', 'isItself()', true],
    [10, 'node', 'replace', 'count', 1],
  ]);
});

test('an answer that nobody asked for in between is no change of that step', async () => {
  const node = daemon((host) => {
    let count = 0;
    setInterval(() => count++, 5);
    host.expose({ count: () => count });
  });
  const check = (world: World): boolean => {
    if (world.nowMs > 8 && world.nowMs < 28) return true;
    return (exportsOf<{ count(): number }>(world).count?.() ?? 0) >= 0;
  };
  const told = await answered(node, check);
  assert.deepEqual(told.slice(0, 4), [
    [0, 'node', 'replace', '', { 'count()': 0 }],
    [5, 'node', 'replace', 'count()', 1],
    [30, 'node', 'add', 'count()', 6],
    [35, 'node', 'replace', 'count()', 7],
  ]);
});

test('what is exposed stays what it is for checks: frozen, compared, listed', async () => {
  const node = daemon((host) => {
    const exposed = {
      name: 'node',
      self(): boolean {
        return this === exposed;
      },
    };
    host.expose(Object.freeze(exposed));
  });
  const check = (world: World): boolean | string => {
    const exposed = world.host('node').exports as { name: string; self(): boolean } | undefined;
    if (exposed === undefined) return true;
    if (exposed !== world.host('node').exports) return 'another each time';
    if (exposed.self !== exposed.self) return 'another function each time';
    return (Object.keys(exposed).join() === 'name,self' && exposed.name === 'node') || 'it looks otherwise';
  };
  assert.deepEqual(await answered(node, check), []);
});
