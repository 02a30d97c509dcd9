// A member of a hub on socket.io: each note is sent until the hub acknowledges it.

import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { required } from './settings.ts';

const name = required('NAME');
const count = Number(required('COUNT'));

export const heard: string[] = [];
export const acknowledged: Set<string> = new Set();
export const events: string[] = [];

const banned = io(required('HUB_URL'), { auth: { banned: true }, reconnection: false });
banned.on('connect_error', (error) => events.push(`banned: ${error.message}`));

const socket = io(required('HUB_URL'), { forceNew: true, reconnectionDelayMax: 500, timeout: 800 });
socket.on('connect', () => {
  events.push(`connected by ${socket.io.engine.transport.name}`);
  socket.io.engine.once('upgrade', ({ name: upgraded }) => events.push(`upgraded to ${upgraded}`));
  socket.emit('join', 'hall');
});
socket.on('note', ({ id, text }: { id: string; text: string }) => heard.push(`${id} ${text}`));
socket.on('disconnect', (reason) => events.push(reason));

for (let i = 0; i < count; i++) {
  const id = `${name}-${i}`;
  while (!acknowledged.has(id)) {
    await sleep(100);
    try {
      const note = { id, text: `hello from ${name}` };
      const answer = (await socket.timeout(400).emitWithAck('say', note)) as { id: string };
      acknowledged.add(answer.id);
    } catch {
      // Not acknowledged in time: sent again.
    }
  }
}
