// A member of a chat on ws: says something now and then, and again until it is acknowledged.

import { WebSocket } from 'ws';
import { required } from './settings.ts';

const name = required('NAME');
const count = Number(required('COUNT'));

export const heard: string[] = [];
export const said: string[] = [];
export const acknowledged: Set<string> = new Set();
export const closes: string[] = [];

let socket: WebSocket | undefined;
let attempts = 0;

function connect(): void {
  socket = new WebSocket(required('RELAY_URL'), { handshakeTimeout: 800, perMessageDeflate: false });
  socket.on('open', () => {
    attempts = 0;
    for (const id of said) if (!acknowledged.has(id)) send(id);
  });
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { type: string; id: string; text: string };
    if (message.type === 'ack') acknowledged.add(message.id);
    else heard.push(`${message.id} ${message.text}`);
  });
  socket.on('error', () => {});
  socket.on('close', (code) => {
    closes.push(String(code));
    setTimeout(connect, Math.min(100 * 2 ** attempts++, 1_000));
  });
}

function send(id: string): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ type: 'say', room: 'hall', id, text: `hello from ${name}` }));
}

connect();
const talking = setInterval(() => {
  if (said.length === count) return clearInterval(talking);
  const id = `${name}-${said.length}`;
  said.push(id);
  send(id);
  return undefined;
}, 150);

// What nobody answers any more ends by itself: the relay is asked now and then.
setInterval(() => {
  for (const id of said) if (!acknowledged.has(id)) send(id);
  if (socket?.readyState === WebSocket.OPEN && acknowledged.size < said.length) socket.ping();
}, 2_000);
setInterval(() => {
  if (said.length > acknowledged.size) socket?.terminate();
}, 5_000);
