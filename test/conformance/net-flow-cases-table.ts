// What sockets must do alike while bytes flow: back-pressure, pauses, time-outs, signals, limits of servers,
// Unix sockets.

import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { bothClosed, connect, serve, stateOf } from './net-servers.ts';
import { event, pause, wordsOf, type Case, type Stage } from './stage.ts';

// Made once: the paths are the same on both stages.
const folder = mkdtempSync(join(tmpdir(), 'wavetank-'));
const QUIET = ['end', 'error', 'close'];
const MEGABYTE = 1_000_000;

const flow: readonly Case[] = [
  {
    name: 'several megabytes to a slow reader, with drain',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        socket.pause();
        const timer = setInterval(() => {
          socket.read();
          if (socket.readableEnded) clearInterval(timer);
        }, 1);
        socket.on('close', () => clearInterval(timer));
      });
      const socket = connect(stage, serving, QUIET);
      await event(socket, 'connect');
      let drains = 0;
      for (let i = 0; i < 12; i++) {
        if (!socket.write(Buffer.alloc(MEGABYTE, String(i)))) {
          await event(socket, 'drain');
          drains++;
        }
      }
      stage.client.note(`drained: ${drains > 0}`);
      socket.end();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'write says false above the high-water mark',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, { ...serving, highWaterMark: 10 } as net.TcpNetConnectOpts);
      stage.client.note(`${socket.write('123456789')} ${socket.writableLength} ${socket.writableNeedDrain}`);
      stage.client.note(`${socket.write('0')} ${socket.writableLength} ${socket.writableNeedDrain}`);
      stage.client.watch('client', socket, ['drain']);
      await event(socket, 'drain');
      stage.client.note(`${socket.write('x')} ${socket.writableHighWaterMark}`);
      socket.end();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'callbacks of writes come in order, also those before the connection',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      for (const text of ['a', 'b', 'c']) socket.write(text, () => stage.client.note(`written ${text}`));
      await event(socket, 'connect');
      for (const text of ['d', 'e']) socket.write(text, () => stage.client.note(`written ${text}`));
      socket.end('f', () => stage.client.note('ended'));
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'the callback of a write that waits for the reader',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          socket.pause();
          setTimeout(() => socket.resume(), 20);
        },
        { events: [] },
      );
      const socket = connect(stage, serving, QUIET);
      await event(socket, 'connect');
      socket.write(Buffer.alloc(16 * MEGABYTE), (error) => {
        stage.client.note(`written ${wordsOf(error)} ${socket.writableLength} ${socket.bufferSize}`);
        process.nextTick(() => stage.client.note('tick'));
        setImmediate(() => stage.client.note('immediate'));
        socket.end();
      });
      stage.client.note(`pending ${socket.writableLength} ${socket.bytesWritten}`);
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'pause keeps everything back, resume gives it',
    async play(stage) {
      const serving = await serve(stage, (socket) => {
        socket.write('first');
        setTimeout(() => socket.end('second'), 10);
      });
      const socket = connect(stage, serving);
      socket.pause();
      await event(socket, 'connect');
      await pause(30);
      stage.client.note(`${socket.isPaused()} ${stateOf(socket)}`);
      socket.resume();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'pause inside of a data event',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end(Buffer.alloc(300_000, 'x')));
      const socket = connect(stage, serving, QUIET);
      let read = 0;
      let isPaused = false;
      socket.on('data', (bytes) => {
        if (isPaused) stage.client.note('data while it was paused');
        read += bytes.length;
        isPaused = true;
        socket.pause();
        setTimeout(() => {
          isPaused = false;
          socket.resume();
        }, 1);
      });
      await bothClosed(stage, socket, serving);
      stage.client.note(String(read));
    },
  },
  {
    name: 'ticks, promises and immediates come between two data events',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          socket.write('x');
          setTimeout(() => socket.end('y'), 10);
        },
        { events: [] },
      );
      const socket = connect(stage, serving);
      socket.on('data', () => {
        setImmediate(() => stage.client.note('immediate'));
        process.nextTick(() => stage.client.note('tick'));
        void Promise.resolve().then(() => stage.client.note('promise'));
      });
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'onread with one buffer',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end('0123456789'), { events: [] });
      const options = {
        port: serving.port,
        onread: {
          buffer: Buffer.alloc(4),
          callback: (count: number, buffer: Uint8Array) => {
            stage.client.data('onread', Buffer.from(buffer.subarray(0, count)));
            return true;
          },
        },
      };
      const socket = connect(stage, options);
      await bothClosed(stage, socket, serving);
      stage.client.note(String(socket.bytesRead));
    },
  },
  {
    name: 'onread that stops and goes on',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end('0123456789'), { events: [] });
      let made = 0;
      const socket: net.Socket = connect(stage, {
        port: serving.port,
        onread: {
          buffer: () => Buffer.alloc(++made === 1 ? 3 : 5),
          callback: (count: number, buffer: Uint8Array) => {
            stage.client.data('onread', Buffer.from(buffer.subarray(0, count)));
            if (made === 1)
              setTimeout(() => {
                stage.client.note('goes on');
                socket.resume();
              }, 10);
            return made !== 1;
          },
        },
      });
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'cork joins what is written',
    async play(stage) {
      const serving = await serve(stage);
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      socket.cork();
      socket.write('one ', 'utf8');
      socket.write(Buffer.from('two '));
      socket.write('7468726565', 'hex');
      await pause(5);
      stage.client.note(`${socket.bytesWritten} ${socket.writableCorked}`);
      socket.uncork();
      socket.end();
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'encodings of what is read',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end('grüße €'), { events: [] });
      const socket = connect(stage, serving, QUIET);
      socket.setEncoding('utf8');
      let text = '';
      socket.on('data', (part) => (text += String(part)));
      await bothClosed(stage, socket, serving);
      stage.client.note(text);
    },
  },
  {
    name: 'asynchronous iteration',
    async play(stage) {
      const serving = await serve(stage, (socket) => void socket.end('0123456789'), { events: [] });
      const socket = connect(stage, serving, QUIET);
      let text = '';
      for await (const part of socket) text += String(part);
      stage.client.note(`${text} ${stateOf(socket)}`);
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'asynchronous iteration over a socket that is reset',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          socket.write('x');
          setTimeout(() => socket.resetAndDestroy(), 10);
        },
        { events: [] },
      );
      const socket = connect(stage, serving, QUIET);
      try {
        for await (const part of socket) stage.client.data('part', part as Uint8Array);
      } catch (error) {
        stage.client.note(`thrown ${wordsOf(error)}`);
      }
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'pipeline through a server',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          pipeline(
            socket,
            async function* (source) {
              for await (const part of source) yield String(part).toUpperCase();
            },
            socket,
          ).then(
            () => stage.server.note('through'),
            (error: unknown) => stage.server.note(wordsOf(error)),
          );
        },
        { allowHalfOpen: true, events: QUIET },
      );
      const socket = connect(stage, serving);
      socket.end('shout');
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'pipeline to a peer that resets',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          socket.once('data', () => socket.resetAndDestroy());
        },
        { events: [] },
      );
      const socket = connect(stage, serving, ['close']);
      try {
        await pipeline(async function* () {
          for (;;) {
            yield 'x';
            await pause(5);
          }
        }, socket);
      } catch (error) {
        stage.client.note(`failed ${(error as NodeJS.ErrnoException).code}`);
      }
      await pause(5);
    },
  },
];

const times: readonly Case[] = [
  {
    name: 'an idle socket times out, and stays open',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: [] });
      const socket = connect(stage, serving);
      socket.setTimeout(30, () => stage.client.note('callback'));
      stage.client.note(String(socket.timeout));
      stage.client.watch('client', socket, ['timeout']);
      await event(socket, 'timeout');
      stage.client.note(stateOf(socket));
      socket.setTimeout(0);
      stage.client.note(String(socket.timeout));
      await pause(60);
    },
  },
  {
    name: 'traffic puts the time-out off',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          let left = 4;
          const timer = setInterval(() => {
            socket.write('x');
            if (--left === 0) clearInterval(timer);
          }, 40);
        },
        { events: [] },
      );
      const socket = connect(stage, serving);
      stage.client.watch('client', socket, ['timeout']);
      socket.setTimeout(100);
      await event(socket, 'timeout');
    },
  },
  {
    name: 'the option timeout of connect, with destroy',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: QUIET });
      const socket = connect(stage, { port: serving.port, timeout: 20 });
      socket.on('timeout', () => {
        stage.client.note('timeout');
        socket.destroy();
      });
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'time-outs that are no numbers',
    async play(stage) {
      const socket = new net.Socket();
      for (const ms of ['10', -1, Number.NaN, Number.POSITIVE_INFINITY, {}]) {
        try {
          socket.setTimeout(ms as number);
          stage.client.note('taken');
        } catch (error) {
          stage.client.note(wordsOf(error));
        }
      }
      try {
        socket.setTimeout(10, 'x' as unknown as () => void);
      } catch (error) {
        stage.client.note(wordsOf(error));
      }
      socket.destroy();
      await pause(1);
    },
  },
  {
    name: 'a signal ends a connection attempt, and a connection',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: [] });
      const early = new AbortController();
      const first = connect(stage, { port: serving.port, signal: early.signal }, QUIET);
      early.abort();
      await event(first, 'close');
      const late = new AbortController();
      const second = connect(stage, { port: serving.port, signal: late.signal }, QUIET);
      await event(second, 'connect');
      late.abort();
      await event(second, 'close');
    },
  },
  {
    name: 'a signal ends a server',
    async play(stage) {
      await stage.onServer(async () => {
        const ending = new AbortController();
        const server = net.createServer();
        stage.server.watch('server', server, ['listening', 'close', 'error']);
        server.listen({ port: 0, signal: ending.signal });
        await event(server, 'listening');
        ending.abort();
        await event(server, 'close');
        stage.server.note(`listening: ${server.listening}`);
      });
    },
  },
  {
    name: 'a context of the program’s own goes with its sockets',
    async play(stage) {
      const storage = new AsyncLocalStorage<string>();
      const seen = (what: string): string => `${what} in ${storage.getStore()}`;
      const within: Stage = { ...stage, onServer: (run) => stage.onServer(() => storage.run('server', run)) };
      const serving = await serve(
        within,
        (socket) => {
          stage.server.note(seen('connection'));
          socket.on('data', () => stage.server.note(seen('data')));
          socket.on('close', () => stage.server.note(seen('close')));
          storage.run('answer', () => socket.write('y', () => stage.server.note(seen('written'))));
        },
        { events: [] },
      );
      const socket = storage.run('client', () => connect(stage, serving, []));
      for (const name of ['connect', 'data', 'end', 'close']) {
        socket.on(name, () => stage.client.note(seen(name)));
      }
      await event(socket, 'data');
      storage.run('ending', () => socket.end('x', () => stage.client.note(seen('ended'))));
      await bothClosed(stage, socket, serving);
    },
  },
];

const servers: readonly Case[] = [
  {
    name: 'close waits for the connections',
    async play(stage) {
      const serving = await serve(stage);
      const { server } = serving;
      const socket = connect(stage, serving);
      await event(socket, 'connect');
      await pause(5);
      await stage.onServer(() => {
        stage.server.watch('server', server, ['close']);
        server.close((error) => stage.server.note(`closed ${wordsOf(error)}`));
        stage.server.note(`listening: ${server.listening}, address: ${JSON.stringify(server.address())}`);
      });
      const refused = connect(stage, serving, ['error', 'close']);
      await event(refused, 'close');
      stage.client.note('refused');
      socket.end();
      await bothClosed(stage, socket, serving);
      await pause(5);
    },
  },
  {
    name: 'close of a server that does not listen',
    async play(stage) {
      await stage.onServer(async () => {
        const server = net.createServer();
        stage.server.watch('server', server, ['close', 'error', 'listening']);
        server.close((error) => stage.server.note(`closed ${wordsOf(error)}`));
        await event(server, 'close');
        server.listen(0);
        server.close((error) => stage.server.note(`closed ${wordsOf(error)}`));
        await event(server, 'close');
      });
    },
  },
  {
    name: 'listening twice',
    async play(stage) {
      await stage.onServer(async () => {
        const server = net.createServer().listen(0);
        try {
          server.listen(0);
        } catch (error) {
          stage.server.note(wordsOf(error));
        }
        await event(server, 'listening');
        server.close();
        await event(server, 'close');
      });
    },
  },
  {
    name: 'more connections than a server takes',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: QUIET });
      await stage.onServer(() => {
        serving.server.maxConnections = 1;
        serving.server.on('drop', (data) => {
          stage.server.note(`drop ${data?.localAddress} ${data?.remoteFamily} ${typeof data?.remotePort}`);
        });
      });
      const first = connect(stage, serving);
      await event(first, 'connect');
      await pause(5);
      const second = connect(stage, serving, []);
      await event(second.resume(), 'close');
      stage.client.note('the second is closed');
      first.end();
      await bothClosed(stage, first, serving);
    },
  },
  {
    name: 'counting connections',
    async play(stage) {
      const serving = await serve(stage, () => {}, { events: [] });
      const count = (): Promise<void> =>
        stage.onServer(
          () =>
            new Promise((resolve) => {
              serving.server.getConnections((error, found) => {
                stage.server.note(`${wordsOf(error)} ${found}`);
                resolve();
              });
            }),
        );
      await count();
      const socket = connect(stage, serving, []);
      await event(socket, 'connect');
      await pause(5);
      await count();
      socket.destroy();
      await pause(10);
      await count();
    },
  },
  {
    name: 'pauseOnConnect',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          stage.server.note(`${socket.isPaused()}`);
          setTimeout(() => {
            stage.server.note('resume');
            socket.resume();
          }, 20);
        },
        { pauseOnConnect: true },
      );
      const socket = connect(stage, serving);
      socket.end('early');
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'options that need no network are taken',
    async play(stage) {
      const serving = await serve(
        stage,
        (socket) => {
          stage.server.note(
            String(socket.setNoDelay() === socket && socket.setKeepAlive(true, 1000) === socket),
          );
          socket.unref().ref().end();
        },
        { noDelay: true, keepAlive: true, highWaterMark: 1234, events: [] },
      );
      const socket = connect(stage, {
        port: serving.port,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: 5,
      });
      socket.setNoDelay(false).setKeepAlive(false).ref().unref().ref();
      await event(socket.resume(), 'close');
      await stage.onServer(() => {
        stage.server.note(String(serving.sockets[0]?.readableHighWaterMark));
        stage.server.note(String(serving.server.unref() === serving.server.ref()));
      });
    },
  },
];

const unix: readonly Case[] = [
  {
    name: 'a Unix socket',
    isLocal: true,
    async play(stage) {
      const path = join(folder, 'echo.sock');
      const serving = await serve(
        stage,
        (socket) => {
          stage.server.note(
            `${socket.remoteAddress} ${socket.remoteFamily} ${JSON.stringify(socket.address())}`,
          );
          socket.end('hello');
        },
        { listen: { path } },
      );
      stage.server.note(String(serving.server.address() === path));
      const socket = connect(stage, { path });
      await bothClosed(stage, socket, serving);
    },
  },
  {
    name: 'a path on which nobody listens',
    isLocal: true,
    async play(stage) {
      const socket = connect(stage, { path: join(folder, 'nobody.sock') });
      await event(socket, 'close');
    },
  },
  {
    name: 'a path that is in use',
    isLocal: true,
    async play(stage) {
      const path = join(folder, 'used.sock');
      await serve(stage, () => {}, { listen: { path } });
      const second = net.createServer();
      stage.server.watch('second', second, ['listening', 'error']);
      second.listen(path);
      await event(second, 'error');
    },
  },
  {
    name: 'a Unix socket cannot be reset',
    isLocal: true,
    async play(stage) {
      const path = join(folder, 'reset.sock');
      const serving = await serve(stage, () => {}, { listen: { path } });
      const socket = connect(stage, { path });
      await event(socket, 'connect');
      try {
        socket.resetAndDestroy();
      } catch (error) {
        stage.client.note(wordsOf(error));
      }
      socket.destroy();
      await bothClosed(stage, socket, serving);
    },
  },
];

/** How bytes flow, how time passes, and what servers do. */
export const netFlowCases: readonly Case[] = [...flow, ...times, ...servers, ...unix];
