// The file of earlier explorations: bounded, and no damage to it stops anybody.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { appendPast, readPast } from '../../src/cli/past-explorations.ts';

const parent = mkdtempSync(join(tmpdir(), 'wavetank-past-'));
after(() => rmSync(parent, { recursive: true, force: true }));

const folder = (): string => mkdtempSync(join(parent, 'case-'));
const exploration = (runs: number) => ({ at: '2026-01-01T00:00:00.000Z', runs, failures: 0 });

test('explorations are kept by scenario, oldest first, in a folder that need not exist', async () => {
  const inside = join(folder(), '.wavetank');
  assert.equal((await readPast(inside)).size, 0);
  await appendPast(inside, 'a', exploration(1));
  await appendPast(inside, 'b', exploration(2));
  await appendPast(inside, 'a', exploration(3));
  const past = await readPast(inside);
  assert.deepEqual(past.get('a'), [exploration(1), exploration(3)]);
  assert.deepEqual(past.get('b'), [exploration(2)]);
  assert.deepEqual(readdirSync(inside), ['history.json']);
});

test('the oldest go when there are more than fifty', async () => {
  const inside = folder();
  for (let runs = 1; runs <= 53; runs++) await appendPast(inside, 'a', exploration(runs));
  const runs = (await readPast(inside)).get('a')?.map((past) => past.runs);
  assert.deepEqual([runs?.length, runs?.[0], runs?.at(-1)], [50, 4, 53]);
});

test('a damaged file is begun anew, and a damaged entry left out', async () => {
  const inside = folder();
  const file = join(inside, 'history.json');
  const whole = { format: 'wavetank-history', version: 1 };
  const damaged = [
    '',
    '{"format":"wavetank-his',
    'null',
    '[]',
    JSON.stringify({ ...whole, version: 2, scenarios: [['a', [exploration(1)]]] }),
    JSON.stringify({ ...whole, scenarios: { a: 1 } }),
    JSON.stringify({ ...whole, scenarios: [['a', 7], [1, []], null] }),
  ];
  for (const text of damaged) {
    writeFileSync(file, text);
    assert.equal((await readPast(inside)).size, 0, text);
    await appendPast(inside, 'a', exploration(9));
    assert.deepEqual((await readPast(inside)).get('a'), [exploration(9)]);
  }
  const mixed = [exploration(1), null, { at: 3 }, exploration(2)];
  writeFileSync(file, JSON.stringify({ ...whole, scenarios: [['__proto__', mixed]] }));
  assert.deepEqual((await readPast(inside)).get('__proto__'), [exploration(1), exploration(2)]);
});

test('many that write at once leave a whole file', async () => {
  const inside = folder();
  await Promise.allSettled(Array.from({ length: 20 }, (_, i) => appendPast(inside, 'a', exploration(i))));
  JSON.parse(readFileSync(join(inside, 'history.json'), 'utf8'));
  assert.ok((await readPast(inside)).has('a'));
});
