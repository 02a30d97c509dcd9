// What `node:tls` and `node:https` must do alike over real sockets and over simulated ones, where nothing is
// encrypted.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import { closing, closingServer } from './closing.ts';
import type { Case, Log, Stage } from './stage.ts';
import { event } from './stage.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const key = fixture('key.pem');
const cert = fixture('cert.pem');

const trusting = { ca: cert, servername: 'localhost' };
const EVENTS = ['connect', 'ready', 'secureConnect', 'data', 'end', 'finish', 'close'];

function portOf(server: net.Server): number {
  return (server.address() as net.AddressInfo).port;
}

/** An error without what OpenSSL says of its own source. */
function codeOf(error: Error): string {
  const { code, reason, syscall } = error as Error & { code?: string; reason?: string; syscall?: string };
  const message = code?.startsWith('ERR_SSL') === true || code === 'EPROTO' ? '' : error.message;
  return [error.name, code, reason, syscall, message]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

function watch(log: Log, name: string, socket: net.Socket): void {
  log.watch(name, socket, EVENTS);
  socket.on('error', (error) => log.note(`${name} error ${codeOf(error)}`));
}

/** Listens on the server's machine. */
async function listening(
  stage: Stage,
  options: tls.TlsOptions,
  accept?: (socket: tls.TLSSocket) => void,
): Promise<tls.Server> {
  return stage.onServer(async () => {
    const server = closingServer(stage, tls.createServer({ key, cert, ...options }));
    server.on('tlsClientError', (error) => stage.server.note(`tlsClientError ${codeOf(error)}`));
    server.on('secureConnection', (socket) => {
      const { encrypted, authorized, authorizationError, alpnProtocol, servername } = socket;
      const seen = { encrypted, authorized, authorizationError, alpnProtocol, servername };
      stage.server.note(`secureConnection ${JSON.stringify(seen)}`);
      watch(stage.server, 'peer', socket);
      accept?.(socket);
    });
    server.listen(0);
    await event(server, 'listening');
    return server;
  });
}

/** Connects, and waits for the end. */
async function connecting(
  stage: Stage,
  port: number,
  options: tls.ConnectionOptions,
  begun?: (socket: tls.TLSSocket) => void,
): Promise<void> {
  const socket = closing(stage, tls.connect({ port, host: stage.address, ...trusting, ...options }));
  watch(stage.client, 'client', socket);
  begun?.(socket);
  await event(socket, 'close');
}

function noteState(log: Log, socket: tls.TLSSocket): void {
  const { encrypted, authorized, alpnProtocol, servername, connecting: isConnecting, destroyed } = socket;
  log.note(
    JSON.stringify({
      isTls: socket instanceof tls.TLSSocket,
      encrypted,
      authorized,
      alpnProtocol,
      servername,
      isConnecting,
      destroyed,
      protocol: socket.getProtocol(),
      cipher: (socket.getCipher() as unknown) === undefined ? null : 'some',
      isReused: socket.isSessionReused(),
    }),
  );
}

/** Answers a line with the same line and ends. */
function answer(socket: tls.TLSSocket): void {
  socket.on('data', (bytes) => socket.end(`you said ${bytes.toString()}`));
}

const connections: readonly Case[] = [
  {
    name: 'a line, an answer, an end',
    async play(stage) {
      const server = await listening(stage, {}, answer);
      await connecting(stage, portOf(server), {}, (socket) => {
        noteState(stage.client, socket);
        socket.on('secureConnect', () => {
          noteState(stage.client, socket);
          socket.write('hello');
        });
      });
    },
  },
  {
    name: 'what is written before the handshake is sent after it',
    async play(stage) {
      const server = await listening(stage, {}, answer);
      await connecting(stage, portOf(server), {}, (socket) => {
        socket.write('early', () => stage.client.note('written'));
      });
    },
  },
  {
    name: 'half-close: a server that may answer after the end',
    async play(stage) {
      const server = await listening(stage, { allowHalfOpen: true }, (socket) => {
        socket.on('end', () => socket.end('after your end'));
        socket.resume();
      });
      await connecting(stage, portOf(server), { allowHalfOpen: true } as tls.ConnectionOptions, (socket) =>
        socket.end('done'),
      );
    },
  },
  {
    name: 'the server destroys the socket',
    async play(stage) {
      const server = await listening(stage, {}, (socket) => socket.destroy());
      await connecting(stage, portOf(server), {}, (socket) => void socket.resume());
    },
  },
  {
    name: 'two megabytes both ways',
    async play(stage) {
      const server = await listening(stage, {}, (socket) => {
        socket.removeAllListeners('data');
        socket.pipe(socket);
      });
      // When it has written all of it, compared with what comes back, depends on the size of buffers.
      const socket = closing(stage, tls.connect({ port: portOf(server), host: stage.address, ...trusting }));
      socket.end(Buffer.alloc(2_000_000, 'abcdefg'));
      let length = 0;
      socket.on('data', (bytes) => {
        length += bytes.length;
      });
      await event(socket, 'end');
      stage.client.note(`received ${length}`);
    },
  },
];

const agreements: readonly Case[] = [
  {
    name: 'ALPN: the server prefers',
    async play(stage) {
      const server = await listening(stage, { ALPNProtocols: ['b', 'a'] }, (socket) => socket.end());
      await connecting(stage, portOf(server), { ALPNProtocols: ['a', 'b'] }, (socket) => {
        socket.on('secureConnect', () => noteState(stage.client, socket));
        socket.resume();
      });
    },
  },
  {
    name: 'ALPN: nothing fits',
    async play(stage) {
      const server = await listening(stage, { ALPNProtocols: ['h2'] });
      await connecting(stage, portOf(server), { ALPNProtocols: ['x'] });
    },
  },
  {
    name: 'ALPN: nothing fits, with a write that waits',
    async play(stage) {
      const server = await listening(stage, { ALPNProtocols: ['h2'] });
      await connecting(
        stage,
        portOf(server),
        { ALPNProtocols: ['x'] },
        (socket) => void socket.write('hello'),
      );
    },
  },
  {
    name: 'ALPN: a callback chooses',
    async play(stage) {
      const ALPNCallback = (offer: { servername: string; protocols: string[] }): string | undefined => {
        stage.server.note(`ALPNCallback ${JSON.stringify(offer)}`);
        return offer.protocols[1];
      };
      const server = await listening(stage, { ALPNCallback }, (socket) => socket.end());
      await connecting(stage, portOf(server), { ALPNProtocols: ['first', 'second'] }, (socket) => {
        socket.on('secureConnect', () => noteState(stage.client, socket));
        socket.resume();
      });
    },
  },
  {
    name: 'SNI: a callback that answers later',
    async play(stage) {
      const SNICallback = (
        name: string,
        done: (error: Error | null, context?: tls.SecureContext) => void,
      ): void => {
        stage.server.note(`SNICallback ${name}`);
        setTimeout(() => done(null, tls.createSecureContext({ key, cert })), 5);
      };
      const server = await listening(stage, { SNICallback }, (socket) => socket.end());
      await connecting(stage, portOf(server), { servername: 'other.test' }, (socket) => void socket.resume());
    },
  },
  {
    name: 'SNI: a callback that refuses',
    async play(stage) {
      const SNICallback = (_name: string, done: (error: Error) => void): void => done(new Error('not here'));
      const server = await listening(stage, { SNICallback });
      await connecting(stage, portOf(server), {});
    },
  },
  {
    name: 'SNI: contexts by name',
    async play(stage) {
      const server = await listening(stage, {}, (socket) => socket.end());
      await stage.onServer(() => {
        server.addContext('*.test', { key, cert });
        server.setSecureContext({ key, cert });
      });
      await connecting(stage, portOf(server), { servername: 'other.test' }, (socket) => void socket.resume());
    },
  },
  {
    name: 'a check of the server’s identity that passes, and one that does not',
    async play(stage) {
      const server = await listening(stage, {}, (socket) => {
        socket.end();
        socket.resume();
      });
      const check =
        (refuse: boolean) =>
        (name: string, shown: tls.PeerCertificate): Error | undefined => {
          stage.client.note(
            `checkServerIdentity ${name} ${shown.subject.CN === undefined ? 'nobody' : 'somebody'}`,
          );
          return refuse ? new Error(`not ${name}`) : undefined;
        };
      await connecting(
        stage,
        portOf(server),
        { checkServerIdentity: check(false) },
        (socket) => void socket.resume(),
      );
    },
  },
  {
    name: 'a client certificate that is missing',
    async play(stage) {
      const server = await listening(stage, { requestCert: true, rejectUnauthorized: true, ca: cert });
      await connecting(stage, portOf(server), {}, (socket) => void socket.resume());
    },
  },
  {
    name: 'a client certificate that is shown',
    async play(stage) {
      const server = await listening(stage, { requestCert: true, ca: cert }, (socket) =>
        socket.end('welcome'),
      );
      await connecting(stage, portOf(server), { key, cert }, (socket) => void socket.resume());
    },
  },
  {
    name: 'a client certificate that is missing and not needed',
    async play(stage) {
      const options = { requestCert: true, rejectUnauthorized: false, ca: cert };
      const server = await listening(stage, options, (socket) => socket.end('welcome'));
      await connecting(stage, portOf(server), {}, (socket) => void socket.resume());
    },
  },
];

const misunderstandings: readonly Case[] = [
  {
    name: 'a TLS client at a server that speaks first, in clear',
    async play(stage) {
      const server = await stage.onServer(async () => {
        const plain = closingServer(
          stage,
          net.createServer((socket) => void socket.on('error', () => {}).write('220 hi\n')),
        );
        plain.listen(0);
        await event(plain, 'listening');
        return plain;
      });
      await connecting(stage, portOf(server), {});
    },
  },
  {
    name: 'https to a port of http',
    async play(stage) {
      const server = await stage.onServer(async () => {
        const plain = closingServer(stage, http.createServer());
        plain.on('clientError', (error, socket) => {
          stage.server.note(`clientError ${codeOf(error)}`);
          socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        });
        plain.listen(0);
        await event(plain, 'listening');
        return plain;
      });
      const request = https.get({ port: portOf(server), host: stage.address, ...trusting, agent: false });
      request.on('error', (error) => stage.client.note(`error ${codeOf(error)}`));
      await event(request, 'close');
    },
  },
  {
    name: 'http to a port of https',
    async play(stage) {
      const server = await listening(stage, {});
      const request = http.get({ port: portOf(server), host: stage.address, agent: false });
      request.on('error', (error) => stage.client.note(`error ${codeOf(error)}`));
      await event(request, 'close');
    },
  },
  {
    name: 'something else to a port of TLS, and nothing at all',
    async play(stage) {
      const server = await listening(stage, {});
      for (const text of ['\0\0 what is this?', '']) {
        const socket = closing(
          stage,
          net.connect(portOf(server), stage.address, () => socket.end(text)),
        );
        watch(stage.client, 'client', socket);
        await event(socket, 'close');
      }
    },
  },
  {
    name: 'a client that goes away before the handshake is over',
    async play(stage) {
      const server = await stage.onServer(async () => {
        const plain = closingServer(
          stage,
          net.createServer((socket) => void socket.on('error', () => {}).end()),
        );
        plain.listen(0);
        await event(plain, 'listening');
        return plain;
      });
      await connecting(stage, portOf(server), {});
    },
  },
];

/** Talks in clear, then over the same socket in TLS. */
async function startTls(stage: Stage, over: (socket: net.Socket) => Duplex): Promise<void> {
  const server = await stage.onServer(async () => {
    const plain = closingServer(stage, net.createServer());
    plain.on('connection', (socket) => {
      socket.once('data', (bytes) => {
        stage.server.data('plain', bytes);
        socket.write('go ahead');
        const secure = new tls.TLSSocket(socket, { isServer: true, key, cert });
        secure.on('secure', () => stage.server.note(`secure ${String(secure.servername)}`));
        watch(stage.server, 'peer', secure);
        answer(secure);
      });
    });
    plain.listen(0);
    await event(plain, 'listening');
    return plain;
  });
  const socket = closing(stage, net.connect(portOf(server), stage.address));
  socket.write('STARTTLS');
  await new Promise<void>((resolve) => {
    socket.once('data', (bytes) => {
      stage.client.data('plain', bytes);
      resolve();
    });
  });
  const secure = closing(stage, tls.connect({ socket: over(socket), ...trusting }));
  watch(stage.client, 'client', secure);
  secure.on('secureConnect', () => secure.write('secret'));
  // A stream of JavaScript may stay half open.
  secure.on('end', () => secure.end());
  await event(secure, 'close');
}

/** A stream of JavaScript around a socket, as a tunnel of a package would be. */
function tunnel(socket: net.Socket): Duplex {
  const stream: Duplex = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, _encoding, done) => void socket.write(chunk as Buffer, done),
    final: (done) => void socket.end(done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (bytes) => stream.push(bytes) || socket.pause());
  socket.on('end', () => stream.push(null));
  return stream;
}

const upgrades: readonly Case[] = [
  { name: 'STARTTLS on one socket', play: (stage) => startTls(stage, (socket) => socket) },
  { name: 'TLS through a stream of JavaScript', play: (stage) => startTls(stage, tunnel) },
];

const requests: readonly Case[] = [
  {
    name: 'https: two requests over one connection of an agent',
    async play(stage) {
      const server = await stage.onServer(async () => {
        const listener = https.createServer({ key, cert }, (request, response) => {
          const { encrypted } = request.socket as tls.TLSSocket;
          stage.server.note(`${request.method} ${request.url} ${encrypted}`);
          response.end(`hello ${request.url}`);
        });
        closingServer(stage, listener).listen(0);
        await event(listener, 'listening');
        return listener;
      });
      const agent = closing(stage, new https.Agent({ keepAlive: true }));
      for (const path of ['/one', '/two']) {
        const request = https.get({ port: portOf(server), host: stage.address, path, agent, ...trusting });
        const response = await new Promise<http.IncomingMessage>((resolve) =>
          request.once('response', resolve),
        );
        stage.client.watch(path, response, ['data', 'end', 'close']);
        await event(response, 'close');
        stage.client.note(`reused ${request.reusedSocket}`);
      }
    },
  },
  {
    name: 'https: a request through a proxy',
    async play(stage) {
      const server = await stage.onServer(async () => {
        const listener = https.createServer({ key, cert }, (_request, response) => response.end('through'));
        closingServer(stage, listener).listen(0);
        await event(listener, 'listening');
        const proxy = http.createServer();
        proxy.on('connect', (request, socket, head) => {
          stage.server.note(`connect ${request.url?.replace(/:\d+$/, '')}`);
          const onward = net.connect(portOf(listener), '127.0.0.1', () => {
            socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
            onward.write(head);
            socket.pipe(onward).pipe(socket);
          });
        });
        closingServer(stage, proxy).listen(0);
        await event(proxy, 'listening');
        return proxy;
      });
      const path = 'secret.test:443';
      const asked = http.request({
        port: portOf(server),
        host: stage.address,
        method: 'CONNECT',
        path,
        agent: false,
      });
      asked.end();
      const socket = await new Promise<net.Socket>((resolve) =>
        asked.once('connect', (response, tunnelled) => {
          stage.client.note(`proxy ${response.statusCode}`);
          resolve(tunnelled);
        }),
      );
      const request = https.get({
        path: '/',
        createConnection: () => tls.connect({ socket, ...trusting }),
      });
      const response = await new Promise<http.IncomingMessage>((resolve) =>
        request.once('response', resolve),
      );
      stage.client.watch('response', response, ['data', 'end']);
      await event(response, 'end');
    },
  },
];

/** All cases of TLS. */
export const tlsCases: readonly Case[] = [
  ...connections,
  ...agreements,
  ...misunderstandings,
  ...upgrades,
  ...requests,
];
