// What WebSockets must do alike over real sockets and over simulated ones: the package `ws`, and the global
// of Node.js where it has one.

import http from 'node:http';
import type net from 'node:net';
import { type RawData, WebSocket as Client, WebSocketServer } from 'ws';
import { closing, closingServer } from './closing.ts';
import type { Case, Log, Stage } from './stage.ts';
import { event, wordsOf } from './stage.ts';

type ServerOptions = NonNullable<ConstructorParameters<typeof WebSocketServer>[0]>;
type OnPeer = (peer: Client, request: http.IncomingMessage) => void;

/** A server on the server's machine. */
async function serving(stage: Stage, onPeer: OnPeer, options: ServerOptions = {}): Promise<number> {
  return stage.onServer(async () => {
    const server = new WebSocketServer({ port: 0, ...options });
    closingServer(stage, {
      close: () => {
        for (const peer of server.clients) peer.terminate();
        server.close();
      },
    });
    server.on('connection', (peer, request) => {
      stage.server.note(`connection ${request.url} ${peer.protocol}`);
      watch(stage.server, 'peer', peer);
      onPeer(peer, request);
    });
    await event(server, 'listening');
    return (server.address() as net.AddressInfo).port;
  });
}

function textOf(data: RawData): string {
  return (data as Buffer).toString();
}

function watch(log: Log, name: string, socket: Client): void {
  socket.on('open', () => log.note(`${name} open ${socket.readyState}`));
  socket.on('message', (data, isBinary) => {
    const text = (data as Buffer).toString();
    log.note(`${name} message ${text.length > 100 ? text.length : text} ${isBinary}`);
  });
  socket.on('ping', (data) => log.note(`${name} ping ${data.toString()}`));
  socket.on('pong', (data) => log.note(`${name} pong ${data.toString()}`));
  socket.on('close', (code, reason) =>
    log.note(`${name} close ${code} ${reason.toString()} ${socket.readyState}`),
  );
  socket.on('error', (error) => log.note(`${name} error ${wordsOf(error)}`));
}

function connecting(
  stage: Stage,
  port: number,
  options: http.RequestOptions & object = {},
  path = '/',
): Client {
  const socket = new Client(`ws://${stage.address}:${port}${path}`, options);
  watch(stage.client, 'client', socket);
  closing(stage, { close: () => socket.terminate() });
  return socket;
}

const talks: readonly Case[] = [
  {
    name: 'a text and its echo',
    async play(stage) {
      const port = await serving(stage, (peer) =>
        peer.on('message', (data) => peer.send(`you said ${textOf(data)}`)),
      );
      const socket = connecting(stage, port, {}, '/chat');
      await event(socket, 'open');
      socket.send('hello');
      await event(socket, 'message');
      socket.close();
      await event(socket, 'close');
    },
  },
  {
    name: 'bytes, and nothing',
    async play(stage) {
      const port = await serving(stage, (peer) =>
        peer.on('message', (data, binary) => peer.send(data as Buffer, { binary })),
      );
      const socket = connecting(stage, port);
      await event(socket, 'open');
      for (const data of [Buffer.from('bytes'), '']) {
        socket.send(data);
        await event(socket, 'message');
      }
      socket.close();
      await event(socket, 'close');
    },
  },
  {
    name: 'many messages at once, in order',
    async play(stage) {
      const port = await serving(stage, (peer) => {
        for (let i = 0; i < 20; i++) peer.send(`${i}`);
        peer.close(1000, 'that was all');
      });
      await event(connecting(stage, port), 'close');
    },
  },
  {
    name: 'a megabyte both ways',
    async play(stage) {
      const port = await serving(stage, (peer) => peer.on('message', (data) => peer.send(data as Buffer)));
      const socket = connecting(stage, port);
      await event(socket, 'open');
      socket.send('x'.repeat(1_000_000));
      await event(socket, 'message');
      socket.close();
      await event(socket, 'close');
    },
  },
  {
    name: 'a message in parts',
    async play(stage) {
      const port = await serving(stage, () => {});
      const socket = connecting(stage, port);
      await event(socket, 'open');
      for (const [part, fin] of [
        ['one, ', false],
        ['two, ', false],
        ['three', true],
      ] as const)
        socket.send(part, { fin });
      socket.close();
      await event(socket, 'close');
    },
  },
  {
    name: 'ping and pong, by both',
    async play(stage) {
      const port = await serving(stage, (peer) => peer.once('ping', () => peer.ping('and you?')));
      const socket = connecting(stage, port);
      await event(socket, 'open');
      socket.ping('there?');
      await event(socket, 'ping');
      socket.close();
      await event(socket, 'close');
    },
  },
  {
    name: 'a subprotocol',
    async play(stage) {
      const port = await serving(stage, (peer) => peer.close(), {
        handleProtocols: (offered) => [...offered][1] ?? false,
      });
      const socket = new Client(`ws://${stage.address}:${port}`, ['first', 'second']);
      watch(stage.client, 'client', socket);
      await event(socket, 'close');
      stage.client.note(socket.protocol);
    },
  },
];

const ends: readonly Case[] = [
  {
    name: 'the server closes with a code and a reason',
    async play(stage) {
      const port = await serving(stage, (peer) => peer.close(4_001, 'not you'));
      await event(connecting(stage, port), 'close');
    },
  },
  {
    name: 'the client closes with a code and a reason',
    async play(stage) {
      const port = await serving(stage, () => {});
      const socket = connecting(stage, port);
      await event(socket, 'open');
      socket.close(3_000, 'enough');
      await event(socket, 'close');
    },
  },
  {
    name: 'the server cuts it off',
    async play(stage) {
      const port = await serving(stage, (peer) => peer.terminate());
      await event(connecting(stage, port), 'close');
    },
  },
  {
    name: 'a message that is too long',
    async play(stage) {
      const port = await serving(stage, () => {}, { maxPayload: 10 });
      const socket = connecting(stage, port);
      await event(socket, 'open');
      socket.send('more than ten characters');
      await event(socket, 'close');
    },
  },
  {
    name: 'the server refuses a client',
    async play(stage) {
      const verifyClient = (_info: object, done: (isWelcome: boolean, code: number) => void): void =>
        done(false, 403);
      const port = await serving(stage, () => {}, { verifyClient });
      await event(connecting(stage, port), 'close');
    },
  },
  {
    name: 'a server of plain HTTP',
    async play(stage) {
      const port = await stage.onServer(async () => {
        const server = closingServer(
          stage,
          http.createServer((_request, response) => response.end('no sockets here')),
        );
        server.listen(0);
        await event(server, 'listening');
        return (server.address() as net.AddressInfo).port;
      });
      await event(connecting(stage, port), 'close');
    },
  },
  {
    name: 'a port on which nobody listens',
    async play(stage) {
      await event(connecting(stage, 4_567), 'close');
    },
  },
  {
    name: 'a handshake that takes too long',
    async play(stage) {
      const port = await stage.onServer(async () => {
        const server = closingServer(stage, http.createServer());
        server.on('upgrade', () => {});
        server.listen(0);
        await event(server, 'listening');
        return (server.address() as net.AddressInfo).port;
      });
      const options = { handshakeTimeout: 40 } as object;
      await event(connecting(stage, port, options), 'close');
    },
  },
  {
    name: 'permessage-deflate',
    async play(stage) {
      const port = await serving(
        stage,
        (peer) => peer.on('message', (data) => peer.send(`${peer.extensions}: ${textOf(data).length}`)),
        { perMessageDeflate: { threshold: 10 } },
      );
      const socket = connecting(stage, port);
      await event(socket, 'open');
      socket.send('compress me '.repeat(100));
      await event(socket, 'message');
      socket.close();
      await event(socket, 'close');
    },
  },
];

const hasGlobal = typeof WebSocket === 'function';
const globals: readonly Case[] = [
  {
    name: 'the global WebSocket',
    ...(hasGlobal ? {} : { skip: 'this Node.js has no global WebSocket' }),
    async play(stage) {
      const port = await serving(stage, (peer) => {
        peer.on('message', (data) => {
          peer.send(`you said ${textOf(data)}`);
          peer.close(4_002, 'bye');
        });
      });
      const socket = new WebSocket(`ws://${stage.address}:${port}/global`);
      socket.addEventListener('open', () => {
        stage.client.note(`open ${socket.readyState}`);
        socket.send('hello');
      });
      socket.addEventListener('message', ({ data }) => stage.client.note(`message ${String(data)}`));
      await new Promise<void>((resolve) => {
        socket.addEventListener('close', ({ code, reason, wasClean }) => {
          stage.client.note(`close ${code} ${reason} ${wasClean}`);
          resolve();
        });
      });
    },
  },
  {
    name: 'the global WebSocket, and nobody there',
    ...(hasGlobal ? {} : { skip: 'this Node.js has no global WebSocket' }),
    async play(stage) {
      const socket = new WebSocket(`ws://${stage.address}:4567`);
      // Node.js 22 emits no `close` after it.
      await new Promise<void>((resolve) => {
        socket.addEventListener('error', () => {
          stage.client.note(`error ${socket.readyState}`);
          resolve();
        });
      });
    },
  },
];

/** All cases of WebSockets. */
export const wsCases: readonly Case[] = [...talks, ...ends, ...globals];
