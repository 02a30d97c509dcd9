import assert from 'node:assert/strict';
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import os from 'node:os';
import { test } from 'node:test';
import { calmPlan } from '../../src/faults/fault.ts';
import { handler } from '../../src/host/definition.ts';
import { simulate } from '../../src/scenario/simulate.ts';
import { driven, scenarioOf } from '../scenario/driven.ts';

const counter = handler(() => {
  const boots = fs.existsSync('/tmp/boots') ? Number(fs.readFileSync('/tmp/boots', 'utf8')) : 0;
  fs.writeFileSync('/tmp/boots', String(boots + 1));
  const fd = fs.openSync('/tmp/boots', 'r');
  return async () => {
    const lines = await fsp.readFile('/tmp/boots', 'utf8');
    return Response.json({ host: os.hostname(), boots: Number(lines), fd });
  };
});

test('files outlive a crash, open files do not, and no other host or run sees them', async () => {
  const look = async (): Promise<unknown> =>
    (
      await driven({ hosts: { one: counter, two: counter } }, async (world) => {
        const ask = (name: string): Promise<unknown> =>
          world.client('guest', async () => (await fetch(`http://${name}/`)).json());
        const before = await ask('one');
        world.host('one').crash();
        await world.host('one').restart();
        return [before, await ask('one'), await ask('two')];
      })
    ).value;
  const [before, after, other] = (await look()) as { host: string; boots: number; fd: number }[];
  assert.deepEqual([before?.host, before?.boots], ['one', 1]);
  assert.deepEqual([after?.host, after?.boots], ['one', 2]);
  assert.deepEqual([other?.host, other?.boots], ['two', 1]);
  assert.equal(after?.fd, before?.fd);
  assert.deepEqual(await look(), [before, after, other]);
});

test('what completes together completes in an order of the seed, and twice in the same', async () => {
  const order = async (seed: number): Promise<{ value: unknown; hash: string }> => {
    let value: unknown;
    const scenario = scenarioOf({}, async (world) => {
      value = await world.client('guest', async () => {
        const seen: number[] = [];
        const all = Array.from({ length: 6 }, (_, i) =>
          fsp.writeFile(`/tmp/${i}`, String(i)).then(() => seen.push(i)),
        );
        await Promise.all(all);
        return [seen, (await fsp.readdir('/tmp')).join()];
      });
    });
    const { hash, violations } = await simulate(scenario, { seed, plan: { ...calmPlan, order: 'drawn' } });
    assert.deepEqual(violations, []);
    return { value, hash };
  };
  const runs = [await order(1), await order(2), await order(3), await order(4)];
  assert.deepEqual(await order(1), runs[0]);
  assert.ok(new Set(runs.map(({ value }) => JSON.stringify(value))).size > 1);
});
