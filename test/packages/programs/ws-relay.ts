// A chat relay on ws: rooms, acknowledgements, heartbeats. A relay with a peer is a client of that peer.

import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { port } from './settings.ts';

interface Said {
  readonly type: 'say';
  readonly room: string;
  readonly id: string;
  readonly text: string;
}

const rooms = new Map<string, Set<WebSocket>>();
const alive = new Set<WebSocket>();
const known = new Set<string>();
let peer: WebSocket | undefined;

const server = createServer((_request, response) => response.writeHead(426).end());
const relay = new WebSocketServer({ server, maxPayload: 4_096 });

relay.on('connection', (socket, request) => {
  const room = new URL(request.url ?? '/', 'ws://relay').searchParams.get('room');
  if (room === null) return socket.close(4000, 'no room');
  alive.add(socket);
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(socket));
  socket.on('pong', () => alive.add(socket));
  socket.on('message', (data) => {
    const said = JSON.parse(String(data)) as Said;
    pass(said, socket);
    socket.send(JSON.stringify({ type: 'ack', id: said.id }));
  });
  socket.on('close', () => members.delete(socket));
  socket.on('error', () => socket.terminate());
  return undefined;
});

/** Passes what was said to everybody in the room but to who said it, once. */
function pass(said: Said, from: WebSocket): void {
  if (known.has(said.id)) return;
  known.add(said.id);
  const text = JSON.stringify(said);
  for (const member of rooms.get(said.room) ?? []) if (member !== from) member.send(text);
  if (peer !== undefined && peer !== from && peer.readyState === WebSocket.OPEN) peer.send(text);
}

function connectToPeer(url: string): void {
  peer = new WebSocket(url, { handshakeTimeout: 1_000 });
  const socket = peer;
  socket.on('message', (data) => {
    const said = JSON.parse(String(data)) as Said | { type: 'ack' };
    if (said.type === 'say') pass(said, socket);
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    if (server.listening) setTimeout(connectToPeer, 100, url).unref();
  });
}

const heartbeat = setInterval(() => {
  for (const socket of relay.clients) {
    if (!alive.delete(socket)) socket.terminate();
    else socket.ping();
  }
}, 1_000);

server.listen(port());
if (process.env['PEER_URL'] !== undefined) connectToPeer(process.env['PEER_URL']);

process.on('SIGTERM', () => {
  clearInterval(heartbeat);
  server.close();
  for (const socket of relay.clients) socket.close(1001, 'the relay goes away');
  peer?.close(1000);
  relay.close();
});
