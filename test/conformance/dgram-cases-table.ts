// What `node:dgram` must do alike over real sockets and over simulated ones, on a network that loses nothing.

import dgram from 'node:dgram';
import { closing, closingServer } from './closing.ts';
import type { Case, Log, Stage } from './stage.ts';
import { event, pause, wordsOf } from './stage.ts';

type Options = Partial<dgram.SocketOptions>;
const EVENTS = ['listening', 'connect', 'error', 'close'];

/** Closes a socket that may be closed already. */
function forgiving(socket: dgram.Socket): { close(): void } {
  return {
    close: () => {
      try {
        socket.close();
      } catch {
        // It is.
      }
    },
  };
}

function watched(log: Log, name: string, options: Options = {}): dgram.Socket {
  const socket = dgram.createSocket({ type: 'udp4', ...options });
  log.watch(name, socket, EVENTS);
  socket.on('message', (bytes, { address, family, port, size }) => {
    log.note(
      `${name} message ${JSON.stringify(bytes.toString())} from ${address} ${family} ${port > 0} ${size}`,
    );
  });
  return socket;
}

/** A socket on the client's machine. */
function clientSocket(stage: Stage, name = 'client', options: Options = {}): dgram.Socket {
  const socket = watched(stage.client, name, options);
  closing(stage, forgiving(socket));
  return socket;
}

/** A socket that is bound, on the server's machine. */
async function serverPort(
  stage: Stage,
  onMessage: (socket: dgram.Socket, bytes: Buffer, from: dgram.RemoteInfo) => void = () => {},
  options: Options = {},
): Promise<number> {
  return stage.onServer(async () => {
    const socket = watched(stage.server, 'server', options);
    closingServer(stage, forgiving(socket));
    socket.on('message', (bytes, from) => onMessage(socket, bytes, from));
    socket.bind(0);
    await event(socket, 'listening');
    return socket.address().port;
  });
}

function noteThrown(log: Log, what: string, act: () => unknown): void {
  try {
    act();
    log.note(`${what} passes`);
  } catch (error) {
    log.note(`${what} throws ${wordsOf(error)}`);
  }
}

const sending: readonly Case[] = [
  {
    name: 'a datagram and its echo',
    async play(stage) {
      const port = await serverPort(stage, (socket, bytes, from) =>
        socket.send(bytes, from.port, from.address),
      );
      const socket = clientSocket(stage);
      socket.send('hello', port, stage.address, (error, bytes) =>
        stage.client.note(`sent ${wordsOf(error)} ${bytes}`),
      );
      await event(socket, 'message');
    },
  },
  {
    name: 'send in all its forms',
    async play(stage) {
      const port = await serverPort(stage);
      const socket = clientSocket(stage);
      const { address } = stage;
      const send = socket.send.bind(socket) as (...args: unknown[]) => void;
      const forms: unknown[][] = [
        [Buffer.from('a buffer'), port, address],
        [new Uint8Array([65, 66]), port, address],
        [new DataView(new ArrayBuffer(3)), port, address],
        [['a', Buffer.from('list'), new Uint8Array([33])], port, address],
        [[], port, address],
        ['', port, address],
        ['from the middle', 5, 3, port, address],
      ];
      for (const form of forms) {
        await new Promise<void>((resolve) => {
          send(...form, (error: Error | null, bytes: number) => {
            stage.client.note(`sent ${wordsOf(error)} ${bytes}`);
            resolve();
          });
        });
        await pause(3);
      }
    },
  },
  {
    name: 'what send refuses',
    play(stage) {
      const socket = clientSocket(stage);
      const send = socket.send.bind(socket) as (...args: unknown[]) => void;
      noteThrown(stage.client, 'a number', () => send(5, 4_000));
      noteThrown(stage.client, 'no port', () => send('text', 0));
      noteThrown(stage.client, 'a port too high', () => send('text', 70_000));
      noteThrown(stage.client, 'an address that is a number', () => send('text', 4_000, 7));
      noteThrown(stage.client, 'beyond the end', () => send('text', 3, 9, 4_000));
      noteThrown(stage.client, 'what is in a list', () => send(['text', 5], 4_000));
    },
  },
  {
    name: 'more than fits into a datagram',
    async play(stage) {
      const port = await serverPort(stage);
      const socket = clientSocket(stage);
      for (const length of [65_508, 65_507]) {
        await new Promise<void>((resolve) => {
          socket.send(Buffer.alloc(length), port, stage.address, (error, bytes) => {
            stage.client.note(`sent ${wordsOf(error)} ${bytes}`);
            resolve();
          });
        });
      }
      await pause(20);
    },
  },
  {
    name: 'what is sent at once arrives in order, where the network keeps it',
    async play(stage) {
      const port = await serverPort(stage);
      const socket = clientSocket(stage);
      socket.bind(0);
      await event(socket, 'listening');
      for (let i = 0; i < 3; i++) {
        socket.send(`${i}`, port, stage.address);
        await pause(10);
      }
    },
  },
  {
    name: 'a lookup function of its own',
    async play(stage) {
      const port = await serverPort(stage);
      const lookup = (
        name: string,
        _family: unknown,
        done: (error: null, address: string, family: number) => void,
      ): void => {
        stage.client.note(`lookup ${name}`);
        done(null, name === 'my-server' ? stage.address : '0.0.0.0', 4);
      };
      const socket = clientSocket(stage, 'client', {
        lookup: lookup as unknown as NonNullable<Options['lookup']>,
      });
      socket.send('by name', port, 'my-server');
      await pause(10);
    },
  },
];

const binding: readonly Case[] = [
  {
    name: 'bind, address and close',
    async play(stage) {
      const socket = clientSocket(stage);
      noteThrown(stage.client, 'address before', () => socket.address());
      socket.bind(0, () => stage.client.note('bound'));
      await event(socket, 'listening');
      const { address, family, port } = socket.address();
      stage.client.note(`${address} ${family} ${port > 0}`);
      noteThrown(stage.client, 'bind again', () => socket.bind(0));
      socket.close(() => stage.client.note('closed'));
      await event(socket, 'close');
      noteThrown(stage.client, 'close again', () => socket.close());
      noteThrown(stage.client, 'send after', () => socket.send('text', 4_000));
    },
  },
  {
    name: 'a port that is taken',
    async play(stage) {
      const first = clientSocket(stage, 'first');
      first.bind(0, '127.0.0.1');
      await event(first, 'listening');
      const second = clientSocket(stage, 'second');
      second.bind(first.address().port, '127.0.0.1');
      await event(second, 'error');
    },
  },
  {
    name: 'a port that is shared',
    async play(stage) {
      const first = clientSocket(stage, 'first', { reuseAddr: true });
      first.bind(0, '127.0.0.1');
      await event(first, 'listening');
      const second = clientSocket(stage, 'second', { reuseAddr: true });
      second.bind(first.address().port, '127.0.0.1');
      await event(second, 'listening');
    },
  },
  {
    name: 'an address of another machine',
    async play(stage) {
      const socket = clientSocket(stage);
      socket.bind(0, '192.0.2.1');
      await event(socket, 'error');
    },
  },
  {
    name: 'a signal closes',
    async play(stage) {
      const abort = new AbortController();
      const socket = clientSocket(stage, 'client', { signal: abort.signal });
      socket.bind(0);
      await event(socket, 'listening');
      abort.abort();
      await event(socket, 'close');
    },
  },
  {
    name: 'sizes of buffers and queues',
    async play(stage) {
      const socket = clientSocket(stage);
      noteThrown(stage.client, 'size before', () => socket.getRecvBufferSize());
      socket.bind(0);
      await event(socket, 'listening');
      socket.setSendBufferSize(10_000);
      socket.setRecvBufferSize(10_000);
      stage.client.note(`${socket.getSendBufferSize()} ${socket.getRecvBufferSize()}`);
      stage.client.note(`${socket.getSendQueueSize()} ${socket.getSendQueueCount()}`);
      noteThrown(stage.client, 'TTL', () => socket.setTTL(64));
      noteThrown(stage.client, 'TTL of 0', () => socket.setTTL(0));
      noteThrown(stage.client, 'broadcast', () => socket.setBroadcast(true));
      stage.client.note(String(socket.ref() === socket && socket.unref() === socket));
    },
  },
];

const peers: readonly Case[] = [
  {
    name: 'connect, send, disconnect',
    async play(stage) {
      const port = await serverPort(stage, (socket, bytes, from) =>
        socket.send(`${bytes.toString()}!`, from.port, from.address),
      );
      const socket = clientSocket(stage);
      noteThrown(stage.client, 'remoteAddress before', () => socket.remoteAddress());
      socket.connect(port, stage.address);
      await event(socket, 'connect');
      const { address, family } = socket.remoteAddress();
      stage.client.note(`${address} ${family}`);
      noteThrown(stage.client, 'connect again', () => socket.connect(port, stage.address));
      socket.send('hello');
      await event(socket, 'message');
      socket.disconnect();
      noteThrown(stage.client, 'disconnect again', () => socket.disconnect());
    },
  },
  {
    name: 'a connected socket is told of a port where nobody is',
    async play(stage) {
      const socket = clientSocket(stage);
      socket.connect(4_567, stage.address);
      await event(socket, 'connect');
      socket.send('anybody?', (error) => stage.client.note(`sent ${wordsOf(error)}`));
      await event(socket, 'error');
    },
  },
  {
    name: 'a socket without a peer is told nothing',
    async play(stage) {
      const socket = clientSocket(stage);
      socket.send('anybody?', 4_567, stage.address, (error) => stage.client.note(`sent ${wordsOf(error)}`));
      await pause(30);
    },
  },
  {
    name: 'a connected socket hears nobody else',
    async play(stage) {
      const port = await serverPort(stage);
      const connected = clientSocket(stage, 'connected');
      connected.connect(port, stage.address);
      await event(connected, 'connect');
      const other = clientSocket(stage, 'other');
      other.send('psst', connected.address().port, '127.0.0.1');
      await pause(20);
    },
  },
  {
    name: 'a broadcast without leave',
    async play(stage) {
      const socket = clientSocket(stage);
      await new Promise<void>((resolve) => {
        socket.send('all', 4_567, '255.255.255.255', (error) => {
          stage.client.note(`sent ${wordsOf(error)}`);
          resolve();
        });
      });
    },
  },
  {
    name: 'memberships',
    async play(stage) {
      const socket = clientSocket(stage);
      socket.bind(0);
      await event(socket, 'listening');
      noteThrown(stage.client, 'no group', () => socket.addMembership('10.1.2.3', '127.0.0.1'));
      noteThrown(stage.client, 'join', () => socket.addMembership('224.0.0.114', '127.0.0.1'));
      noteThrown(stage.client, 'join again', () => socket.addMembership('224.0.0.114', '127.0.0.1'));
      noteThrown(stage.client, 'leave', () => socket.dropMembership('224.0.0.114', '127.0.0.1'));
      noteThrown(stage.client, 'leave again', () => socket.dropMembership('224.0.0.114', '127.0.0.1'));
    },
  },
];

/** All cases of datagrams. */
export const dgramCases: readonly Case[] = [...sending, ...binding, ...peers];
