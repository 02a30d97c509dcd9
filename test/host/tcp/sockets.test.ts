import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { daemon } from '../../../src/host/definition.ts';
import { program } from '../../../src/host/program.ts';
import { asGuest, driven, sleep } from '../../scenario/driven.ts';
import { programFiles } from '../program-files.ts';
import { dial, echo, listening, PORT } from './scenes.ts';

test('of several addresses that a program looks up, the one that answers is tried', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async (world) => {
    const asked: unknown[] = [];
    const lookup: net.LookupFunction = (hostname, options, done) => {
      asked.push(hostname, options.all);
      done(null, [
        { address: '10.9.9.9', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    };
    const line = dial('db.internal', { lookup });
    line.socket.end('x');
    await line.closed;
    return [asked, line.seen, world.nowMs < 100];
  });
  assert.deepEqual(value, [['db.internal', true], ['connect', 'x', 'end', 'close'], true]);
});

test('a time-out longer than Node.js takes does not come early', async () => {
  const { value } = await asGuest({ hosts: { server: echo() } }, async () => {
    const line = dial('server');
    line.socket.setTimeout(3_000_000_000);
    await sleep(60_000);
    line.socket.end();
    await line.closed;
    return line.seen;
  });
  assert.deepEqual(value, ['connect', 'end', 'close']);
});

test('the date header is that of the host', async () => {
  const server = daemon(() => void http.createServer((_request, response) => response.end()).listen(PORT));
  const epochMs = Date.UTC(2031, 4, 6, 7, 8, 9);
  const { value } = await asGuest({ hosts: { server }, epochMs }, async () => {
    await sleep(61_000);
    return new Promise((resolve) => {
      http.get({ host: 'server', port: PORT }, (response) => resolve(response.resume().headers.date));
    });
  });
  assert.equal(value, 'Tue, 06 May 2031 07:09:10 GMT');
});

test('two servers on one port of one machine: EADDRINUSE, and free again after a restart', async () => {
  const seen: string[] = [];
  const server = daemon(() => {
    const second = net.createServer().on('error', ({ message }) => seen.push(message));
    net.createServer().listen(PORT, '127.0.0.1', () => void second.listen(PORT));
    setTimeout(() => second.listen(PORT, '10.0.0.1', () => seen.push('on another address')), 10);
  });
  await driven({ hosts: { server } }, async (world) => {
    await sleep(50);
    await world.host('server').restart();
    await sleep(50);
  });
  const once = [`listen EADDRINUSE: address already in use :::${PORT}`, 'on another address'];
  assert.deepEqual(seen, [...once, ...once]);
});

test('a half-open peer that is gone is noticed by writing', async () => {
  const hosts = { server: echo() };
  const { value } = await asGuest({ hosts }, async (world) => {
    const line = dial('server', {});
    await sleep(50);
    const partition = world.network.partition({ from: ['server'], to: ['guest'] });
    world.host('server').crash();
    await world.host('server').restart();
    partition.heal();
    line.socket.write('anyone there?');
    await line.closed;
    return line.seen;
  });
  assert.deepEqual(value, ['connect', 'read ECONNRESET', 'close']);
});

test('a process lives as long as a server or socket holds it', async () => {
  const { path } = programFiles({
    'free.ts': `
      import net from 'node:net';
      net.createServer().listen(1).unref();
      const second = net.createServer().listen(2);
      second.unref().ref().unref();
      const third = net.createServer().listen(3, () => third.close());
      const socket = net.connect(4000, 'server');
      socket.on('connect', () => socket.unref());
    `,
    'held.ts': `
      import net from 'node:net';
      net.createServer().unref().listen(1).ref();
    `,
    'connected.ts': `
      import net from 'node:net';
      net.connect(4000, 'server').unref().ref();
    `,
  });
  const hosts = {
    server: echo(),
    free: program(path('free.ts')),
    held: program(path('held.ts')),
    connected: program(path('connected.ts')),
  };
  const { value } = await driven({ hosts }, async (world) => {
    await sleep(1_000);
    return Object.keys(hosts).map((name) => `${name}: ${world.host(name).isUp ? 'up' : 'over'}`);
  });
  assert.deepEqual(value, ['server: up', 'free: over', 'held: up', 'connected: up']);
});

test('a socket that the peer closes lets go of its process', async () => {
  const { path } = programFiles({
    'main.ts': `
      import net from 'node:net';
      net.connect(4000, 'server').resume();
    `,
  });
  const server = listening((socket) => void setTimeout(() => socket.end(), 500));
  const { value } = await driven({ hosts: { server, client: program(path('main.ts')) } }, async (world) => {
    await sleep(400);
    const before = world.host('client').isUp;
    await sleep(400);
    return [before, world.host('client').isUp];
  });
  assert.deepEqual(value, [true, false]);
});
