import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { calmPlan, type FaultPlan } from '../../../src/faults/fault.ts';
import { driven, sleep } from '../../scenario/driven.ts';
import { listening, PORT } from './scenes.ts';

/** The data events in which three writes arrive. */
async function piecesOf(seed: number, plan: FaultPlan): Promise<string[]> {
  const pieces: string[] = [];
  const hosts = {
    server: listening((socket) => void socket.on('data', (bytes) => pieces.push(String(bytes)))),
  };
  await driven(
    { hosts },
    (world) =>
      world.client('guest', async () => {
        const socket = net.connect(PORT, 'server');
        await new Promise((resolve) => socket.on('connect', resolve));
        for (const text of ['first message;', 'second message;', 'third message;']) socket.write(text);
        await sleep(100);
        socket.write('later');
        await sleep(100);
      }),
    { seed, plan },
  );
  return pieces;
}

test('where bytes are cut varies with the seed, and is the same for the same seed', async () => {
  const drawn: FaultPlan = { faults: [], latency: 'drawn', order: 'drawn' };
  const seen = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    const pieces = await piecesOf(seed, drawn);
    assert.deepEqual(await piecesOf(seed, drawn), pieces);
    assert.equal(pieces.join(''), 'first message;second message;third message;later');
    seen.add(JSON.stringify(pieces));
  }
  assert.ok(seen.size > 5, `${seen.size} ways to cut`);
});

test('in a calm run, what is written together arrives together', async () => {
  for (const seed of [1, 2, 3]) {
    assert.deepEqual(await piecesOf(seed, calmPlan), [
      'first message;second message;third message;',
      'later',
    ]);
  }
});
