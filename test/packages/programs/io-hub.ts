// A hub on socket.io: rooms and acknowledgements. A hub with a parent is a client of it.

import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { port } from './settings.ts';

interface Note {
  readonly id: string;
  readonly text: string;
}

const server = createServer();
const hub = new Server(server, { pingInterval: 1_000, pingTimeout: 800, serveClient: false });
const known = new Set<string>();
const { PARENT_URL } = process.env;
const parent =
  PARENT_URL === undefined ? undefined : io(PARENT_URL, { reconnectionDelayMax: 500, timeout: 800 });

parent?.on('connect', () => parent.emit('join', 'hall'));
parent?.on('note', (note: Note) => pass(note));

function pass(note: Note): void {
  if (known.has(note.id)) return;
  known.add(note.id);
  hub.to('hall').emit('note', note);
  parent?.emit('say', note, () => {});
}

hub.use((socket, next) => {
  next(socket.handshake.auth['banned'] === true ? new Error('banned') : undefined);
});
hub.on('connection', (socket) => {
  socket.on('join', (room: string, joined?: () => void) => {
    void socket.join(room);
    joined?.();
  });
  socket.on('say', (note: Note, acknowledge: (answer: { id: string }) => void) => {
    pass(note);
    acknowledge({ id: note.id });
  });
});
server.listen(port());

process.on('SIGTERM', () => {
  parent?.close();
  void hub.close();
});
