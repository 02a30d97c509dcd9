// What sockets must do alike over real loopback and simulated connections: how they open, end and break.

import net from 'node:net';
import { bothClosed, connect, serve, stateOf } from './net-servers.ts';
import { event, pause, SOCKET_EVENTS, wordsOf, type Case } from './stage.ts';

const STATES = ['connect', 'ready', 'end', 'finish', 'error', 'close'];

/** A port on which nobody listens. */
async function freePort(stage: Parameters<Case['play']>[0]): Promise<number> {
  return stage.onServer(async () => {
    const server = net.createServer().listen(0, '0.0.0.0');
    await event(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    server.close();
    await event(server, 'close');
    return port;
  });
}

const endings: readonly Case[] = [
  {
    name: 'an echo, ended by the client',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.pipe(socket));
      const socket = connect(stage, serving);
      socket.end('hello');
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'an echo, ended by the server',
    async play(stage) {
      const serving = await serve(stage, (socket) => socket.once('data', (bytes) => socket.end(bytes)));
      const socket = connect(stage, serving);
      socket.write('hello');
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a server that is half open answers after the end of the client',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) =>
          socket.once('end', () => {
            stage.server.note(stateOf(socket));
            setTimeout(() => socket.end('after the end'), 5);
          }),
        { allowHalfOpen: true },
      );
      const socket = connect(stage, serving);
      socket.end('hello');
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a client that is half open goes on after the end of the server',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end('bye'));
      const socket = connect(stage, { ...serving, allowHalfOpen: true });
      socket.on('end', () => {
        stage.client.note(stateOf(socket));
        setTimeout(() => socket.end('late'), 5);
      });
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'both ends are half open and neither ends by itself',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.resume(), { allowHalfOpen: true });
      const socket = connect(stage, { ...serving, allowHalfOpen: true });
      socket.end('x');
      await pause(20);
      stage.client.note(stateOf(socket));
      await stage.onServer(() => stage.server.note(stateOf(serving.sockets[0] as net.Socket)));
    },
  },
  {
    name: 'the client is destroyed',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      await pause(5);
      socket.destroy();
      stage.client.note(stateOf(socket));
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the client is destroyed with an error',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      socket.destroy(new Error('enough'));
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the client is destroyed before it is connected',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: [] });
      const socket = connect(stage, serving);
      socket.destroy();
      await event(socket, 'close');
      stage.client.note(stateOf(socket));
    },
  },
  {
    name: 'the client is destroyed with data that it did not read',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.write('unread'));
      const socket = connect(stage, serving, STATES);
      socket.pause();
      await event(socket, 'connect');
      await pause(10);
      socket.destroy();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the server destroys its socket',
    async play(stage) {
      const serving = await serve(stage, (socket) => void setTimeout(() => socket.destroy(), 5));
      const socket = connect(stage, serving);
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'destroySoon writes what is pending first',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      socket.write('last words');
      socket.destroySoon();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the client resets',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      await pause(5);
      socket.resetAndDestroy();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the client resets while it is connecting',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: [] });
      const socket = connect(stage, serving);
      socket.resetAndDestroy();
      await event(socket, 'close');
    },
  },
  {
    name: 'the server resets',
    async play(stage) {
      const serving = await serve(stage, (socket) => void setTimeout(() => socket.resetAndDestroy(), 5));
      const socket = connect(stage, serving);
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the server resets after it wrote',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        socket.write('first');
        setTimeout(() => socket.resetAndDestroy(), 10);
      });
      const socket = connect(stage, serving);
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a reset reaches a paused socket when it writes: first ECONNRESET',
    async play(stage) {
      const serving = await serve(stage, (socket) => void setTimeout(() => socket.resetAndDestroy(), 5), {
        events: [],
      });
      const socket = connect(stage, serving, ['error', 'close', 'end']);
      await event(socket, 'connect');
      socket.pause();
      (socket as unknown as { _handle: { readStop(): void } })._handle.readStop();
      await pause(30);
      stage.client.note(stateOf(socket));
      socket.write('x', (error) => stage.client.note(`written ${wordsOf(error)}`));
      await event(socket, 'close');
    },
  },
  {
    name: 'writes to a peer that closed: a reset comes back, then EPIPE',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.destroy(), { events: [] });
      const socket = connect(stage, { ...serving, allowHalfOpen: true });
      await event(socket, 'end');
      socket.write('one', (error) => stage.client.note(`one ${wordsOf(error)}`));
      await pause(20);
      socket.write('two', (error) => stage.client.note(`two ${wordsOf(error)}`));
      await event(socket, 'close');
    },
  },
  {
    name: 'a write after the end',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      socket.end('x');
      socket.write('late', (error) => stage.client.note(`late ${wordsOf(error)}`));
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a write after the other side ended, without half-open',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end(), { allowHalfOpen: true, events: [] });
      const socket = connect(stage, serving);
      socket.on('end', () => {
        socket.write('late', (error) => stage.client.note(`late ${wordsOf(error)}`));
      });
      await event(socket, 'close');
    },
  },
  {
    name: 'a write after destroy',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: [] });
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      socket.destroy();
      socket.write('late', (error) => stage.client.note(`late ${wordsOf(error)}`));
      await event(socket, 'close');
      await pause(1);
    },
  },
  {
    name: 'writes that are pending when the peer resets',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          socket.pause();
          setTimeout(() => socket.resetAndDestroy(), 30);
        },
        { events: [] },
      );
      const socket = connect(stage, serving, ['error', 'close', 'finish']);
      await event(socket, 'connect');
      socket.write(Buffer.alloc(16_000_000), (error) => stage.client.note(`written ${wordsOf(error)}`));
      await event(socket, 'close');
      await pause(1);
    },
  },
  {
    name: 'a write that is pending on a socket that does not read learns of a reset',
    async play(stage) {
      const onSocket = (socket: net.Socket): void => {
        socket.pause();
        setTimeout(() => socket.resetAndDestroy(), 30);
      };
      const serving = await serve(stage, onSocket, { events: [] });
      const socket = connect(stage, serving, ['error', 'close']);
      await event(socket, 'connect');
      socket.pause();
      (socket as unknown as { _handle: { readStop(): void } })._handle.readStop();
      socket.write(Buffer.alloc(16_000_000), (error) => stage.client.note(`written ${wordsOf(error)}`));
      await event(socket, 'close');
    },
  },
  {
    name: 'writes that are pending when the socket is destroyed',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.pause(), { events: [] });
      const socket = connect(stage, serving, ['error', 'close', 'finish']);
      await event(socket, 'connect');
      socket.write(Buffer.alloc(16_000_000), (error) => stage.client.note(`first ${wordsOf(error)}`));
      socket.write('x', (error) => stage.client.note(`second ${wordsOf(error)}`));
      await pause(10);
      socket.destroy();
      await event(socket, 'close');
      await pause(1);
    },
  },
  {
    name: 'an end that waits for the reader',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        socket.pause();
        setTimeout(() => socket.resume(), 20);
      });
      const socket = connect(stage, serving);
      socket.end(Buffer.alloc(8_000_000, 'abc'), () => stage.client.note('ended'));
      await bothClosed(stage, socket, serving);
    },
  },
];

const states: readonly Case[] = [
  {
    name: 'the states of a socket at each of its events',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        for (const name of STATES) socket.on(name, () => stage.server.note(`  ${stateOf(socket)}`));
        socket.resume();
      });
      const socket = new net.Socket();
      stage.client.note(stateOf(socket));
      stage.client.watch('client', socket, SOCKET_EVENTS);
      for (const name of STATES) socket.on(name, () => stage.client.note(`  ${stateOf(socket)}`));
      socket.connect(serving.port, stage.address);
      stage.client.note(stateOf(socket));
      await event(socket, 'connect');
      socket.end('x');
      stage.client.note(stateOf(socket));
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the states of a socket that was refused',
    async play(stage) {
      const socket = connect(stage, { port: await freePort(stage) });
      for (const name of STATES) socket.on(name, () => stage.client.note(`  ${stateOf(socket)}`));
      await event(socket, 'close');
    },
  },
  {
    name: 'the addresses of both ends',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        const { remoteAddress, remoteFamily, localAddress, localFamily } = socket;
        stage.server.note([remoteAddress, remoteFamily, localAddress, localFamily].join(' '));
        stage.server.note(JSON.stringify({ ...socket.address(), port: 0 }));
      });
      const socket = connect(stage, serving);
      stage.client.note(`${socket.remoteAddress} ${socket.remotePort}`);
      await event(socket, 'connect');
      const { remoteAddress, remoteFamily, localAddress, localFamily } = socket;
      stage.client.note([remoteAddress, remoteFamily, localAddress, localFamily].join(' '));
      stage.client.note(`${socket.remotePort === serving.port} ${typeof socket.localPort}`);
      stage.client.note(Object.keys(socket.address()).join(' '));
      await pause(5);
      await stage.onServer(() => {
        stage.server.note(`same port: ${serving.sockets[0]?.remotePort === socket.localPort}`);
      });
      socket.destroy();
      stage.client.note(`${socket.remoteAddress} ${socket.localAddress}`);
      await bothClosed(stage, socket, serving);
      await stage.onServer(() => stage.server.note(String(serving.sockets[0]?.remoteAddress)));
    },
  },
  {
    name: 'the addresses on a server that hears both families',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          stage.server.note(`${socket.remoteAddress} ${socket.remoteFamily} ${socket.localAddress}`);
          socket.end();
        },
        { listen: { port: 0 } },
      );
      await stage.onServer(() => {
        const { address, family } = serving.server.address() as net.AddressInfo;
        stage.server.note(`${address} ${family}`);
        const key = (serving.server as unknown as { _connectionKey: string })._connectionKey;
        stage.server.note(key.replace(/:\d+$/, ''));
      });
      const socket = connect(stage, serving);
      socket.resume();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a local port of the client’s choice',
    async play(stage) {
      const port = await freePort(stage);
      const serving = await serve(stage, (socket) => stage.server.note(String(socket.remotePort === port)));
      const socket = connect(stage, { port: serving.port, localPort: port });
      await event(socket, 'connect');
      stage.client.note(String(socket.localPort === port));
      socket.destroy();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a local address that the machine does not have',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, { port: serving.port, localAddress: '203.0.113.7' });
      await event(socket, 'close');
    },
  },
  {
    name: 'bytesRead and bytesWritten',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        socket.on('end', () => stage.server.note(`${socket.bytesRead} ${socket.bytesWritten}`));
      });
      const socket = connect(stage, serving);
      socket.write('grüße');
      socket.write(Buffer.alloc(100));
      stage.client.note(`before ${socket.bytesWritten}`);
      await event(socket, 'connect');
      stage.client.note(`${socket.bytesWritten}`);
      socket.cork();
      socket.write('ab', 'latin1');
      socket.write('0aff', 'hex');
      stage.client.note(`corked ${socket.bytesWritten} ${socket.writableLength}`);
      socket.uncork();
      stage.client.note(`uncorked ${socket.bytesWritten} ${socket.writableLength}`);
      socket.end();
      await bothClosed(stage, socket, serving);
      stage.client.note(`${socket.bytesRead} ${socket.bytesWritten}`);
    },
  },
  {
    name: 'the same socket connects again after it was closed',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end('served'));
      const socket = connect(stage, serving);
      await event(socket, 'close');
      stage.client.note(stateOf(socket));
      await pause(10);
      socket.connect(serving.port, stage.address);
      stage.client.note(stateOf(socket));
      await event(socket, 'close');
      stage.client.note(stateOf(socket));
    },
  },
  {
    name: 'a socket that was refused connects again',
    async play(stage) {
      const socket = connect(stage, { port: await freePort(stage) });
      await event(socket, 'close');
      const serving = await serve(stage, (accepted) => void accepted.end('served'));
      socket.connect(serving.port, stage.address);
      await bothClosed(stage, socket, serving);
    },
  },
];

const failures: readonly Case[] = [
  {
    name: 'a port on which nobody listens',
    async play(stage) {
      const socket = connect(stage, { port: await freePort(stage) }, [
        ...SOCKET_EVENTS,
        'connectionAttemptFailed',
      ]);
      socket.write('x', (error) => stage.client.note(`written ${wordsOf(error)}`));
      await event(socket, 'close');
      await pause(1);
    },
  },
  {
    name: 'a port that is in use',
    async play(stage) {
      const serving = await serve(stage);
      await stage.onServer(async () => {
        const second = net.createServer();
        stage.server.watch('second', second, ['listening', 'error', 'close']);
        second.listen(serving.port, '0.0.0.0');
        stage.server.note(`listening: ${second.listening}`);
        await event(second, 'error');
        stage.server.note(`listening: ${second.listening}`);
        second.listen(0);
        await event(second, 'listening');
        second.close();
        await event(second, 'close');
      });
    },
  },
  {
    name: 'a port that is in use, heard on all addresses',
    async play(stage) {
      const serving = await serve(stage, () => {}, { listen: { port: 0 } });
      await stage.onServer(async () => {
        const second = net.createServer();
        stage.server.watch('second', second, ['listening', 'error', 'close']);
        second.listen(serving.port);
        await event(second, 'error');
        second.listen(serving.port, '127.0.0.1');
        await event(second, 'error');
      });
    },
  },
  {
    name: 'an address to listen on that the machine does not have',
    async play(stage) {
      await stage.onServer(async () => {
        const server = net.createServer();
        stage.server.watch('server', server, ['listening', 'error', 'close']);
        server.listen(0, '203.0.113.7');
        await event(server, 'error');
      });
    },
  },
  {
    name: 'the port is free again after the server closed',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end());
      const { port } = serving;
      await stage.onServer(async () => {
        serving.server.close();
        await event(serving.server, 'close');
        serving.server.listen(port, '0.0.0.0');
        await event(serving.server, 'listening');
        stage.server.note('listening again');
      });
      const socket = connect(stage, { port });
      socket.resume();
      await bothClosed(stage, socket, serving);
    },
  },
];

/** How sockets open, end and break. */
export const netCases: readonly Case[] = [...endings, ...states, ...failures];
