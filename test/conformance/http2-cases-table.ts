// What `node:http2` must do alike over real sockets and over simulated ones.

import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import https from 'node:https';
import http from 'node:http';
import { closing, closingServer } from './closing.ts';
import type { Case, Log, Stage } from './stage.ts';
import { event, wordsOf } from './stage.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const key = fixture('key.pem');
const cert = fixture('cert.pem');
/** Frames as bytes: length, type, flags, stream; of GOAWAY also the last stream and the code. */
const emptySettings = Buffer.from('000000040000000000', 'hex');
const goaway = Buffer.from('0000080700000000000000000000000000', 'hex');
const STREAM_EVENTS = ['data', 'end', 'aborted', 'error', 'close'];

type Answer = (
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  session: http2.ServerHttp2Session,
) => void;

/** A server in clear, whose streams are answered by a function. */
async function serving(
  stage: Stage,
  answer: Answer,
  events: readonly string[] = STREAM_EVENTS,
): Promise<number> {
  return listening(stage, http2.createServer, {}, (server) => {
    server.on('stream', (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
      stage.server.note(`stream ${headers[':method']} ${headers[':path']}`);
      stage.server.watch('stream', stream, events);
      answer(stream, headers, stream.session as http2.ServerHttp2Session);
    });
    server.on('sessionError', (error: Error) => stage.server.note(`sessionError ${wordsOf(error)}`));
    server.on('session', (session: http2.ServerHttp2Session) => {
      stage.server.watch('session', session, ['close', 'timeout']);
    });
  });
}

async function listening<Server extends net.Server, Options>(
  stage: Stage,
  create: (options: Options) => Server,
  options: Options,
  prepare: (server: Server) => void,
): Promise<number> {
  return stage.onServer(async () => {
    const server = closingServer(stage, create(options));
    prepare(server);
    server.listen(0);
    await event(server, 'listening');
    return (server.address() as net.AddressInfo).port;
  });
}

function connecting(
  stage: Stage,
  port: number,
  options: http2.ClientSessionOptions = {},
): http2.ClientHttp2Session {
  const session = closing(stage, http2.connect(`http://${stage.address}:${port}`, options));
  // The GOAWAY with which a session ends is sent where nothing else is being written just then.
  stage.client.watch('session', session, ['close', 'error', 'timeout']);
  return session;
}

interface Asking {
  readonly body?: string;
  readonly options?: http2.ClientSessionRequestOptions;
  readonly headers?: http2.OutgoingHttpHeaders;
}

/** Asks, and notes all of the answer. */
function asking(
  log: Log,
  session: http2.ClientHttp2Session,
  path: string,
  { body, options, headers = {} }: Asking = {},
): http2.ClientHttp2Stream {
  const method = body === undefined ? 'GET' : 'POST';
  const stream = session.request({ ':path': path, ':method': method, ...headers }, options);
  stream.on('response', (seen) => {
    const isDated = typeof seen.date === 'string';
    log.note(`${path} response ${seen[':status']} ${String(seen['x-own'])} ${isDated ? 'dated' : 'undated'}`);
  });
  stream.on('trailers', (seen) => log.note(`${path} trailers ${String(seen['x-last'])}`));
  log.watch(path, stream, STREAM_EVENTS);
  if (body !== undefined) stream.end(body);
  return stream;
}

const exchanges: readonly Case[] = [
  {
    name: 'a request and its answer',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.respond({ ':status': 201, 'x-own': 'yes' });
        stream.end('hello');
      });
      const session = connecting(stage, port);
      await event(asking(stage.client, session, '/one'), 'close');
      session.close();
      await event(session, 'close');
    },
  },
  {
    name: 'a body that is echoed',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.respond();
        stream.pipe(stream);
      });
      const session = connecting(stage, port);
      await event(asking(stage.client, session, '/echo', { body: 'a body' }), 'close');
    },
  },
  {
    name: 'several streams of one session, one after another',
    async play(stage) {
      const port = await serving(
        stage,
        (stream, headers) => stream.respond() ?? stream.end(headers[':path']),
      );
      const session = connecting(stage, port);
      for (const path of ['/1', '/2', '/3']) await event(asking(stage.client, session, path), 'close');
      session.close();
      await event(session, 'close');
    },
  },
  {
    name: 'several streams of one session at once',
    async play(stage) {
      const port = await serving(
        stage,
        (stream, headers) => {
          // The first answer comes last.
          setTimeout(
            () => stream.respond() ?? stream.end(headers[':path']),
            400 - 100 * Number(headers['x-nth']),
          );
        },
        [],
      );
      const session = connecting(stage, port);
      const streams = [1, 2, 3].map((nth) =>
        asking(stage.client, session, `/${nth}`, { headers: { 'x-nth': `${nth}` } }),
      );
      await Promise.all(streams.map((stream) => event(stream, 'close')));
    },
  },
  {
    name: 'an answer that says no date',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        const options = { sendDate: false, endStream: true };
        stream.respond({ ':status': 204 }, options);
      });
      await event(asking(stage.client, connecting(stage, port), '/undated'), 'close');
    },
  },
  {
    name: 'trailers',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.respond({}, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-last': 'word' }));
        stream.end('body');
      });
      await event(asking(stage.client, connecting(stage, port), '/trailers'), 'close');
    },
  },
  {
    name: 'informational headers',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.additionalHeaders({ ':status': 103, 'x-own': 'early' });
        stream.respond();
        stream.end();
      });
      const stream = asking(stage.client, connecting(stage, port), '/hints');
      stream.on('headers', (headers) =>
        stage.client.note(`headers ${headers[':status']} ${String(headers['x-own'])}`),
      );
      await event(stream, 'close');
    },
  },
  {
    name: 'a megabyte both ways, against flow control',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.removeAllListeners('data');
        stream.respond();
        stream.pipe(stream);
      });
      const session = connecting(stage, port);
      const stream = session.request({ ':path': '/big', ':method': 'POST' });
      let length = 0;
      stream.on('data', (bytes: Buffer) => {
        length += bytes.length;
      });
      stream.end(Buffer.alloc(1_000_000, 'abc'));
      await event(stream, 'close');
      stage.client.note(`received ${length}`);
    },
  },
];

const refusals: readonly Case[] = [
  {
    name: 'a push that the client takes',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.pushStream({ ':path': '/pushed' }, (error, pushed) => {
          stage.server.note(`push ${wordsOf(error)}`);
          pushed.respond({ 'x-own': 'pushed' });
          pushed.end('more');
          stream.respond();
          stream.end('asked');
        });
      });
      const session = connecting(stage, port);
      session.on('stream', (pushed, headers) => {
        stage.client.note(`stream ${headers[':path']}`);
        stage.client.watch('pushed', pushed, STREAM_EVENTS);
      });
      await event(session.request({ ':path': '/asking' }).resume(), 'close');
    },
  },
  {
    name: 'a push that the client does not want',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stage.server.note(`allowed ${stream.pushAllowed}`);
        try {
          stream.pushStream({ ':path': '/pushed' }, () => stage.server.note('pushed'));
        } catch (error) {
          stage.server.note(wordsOf(error));
        }
        stream.respond();
        stream.end('asked');
      });
      const session = connecting(stage, port, { settings: { enablePush: false } });
      await event(asking(stage.client, session, '/asking'), 'close');
    },
  },
  {
    name: 'the server resets a stream',
    async play(stage) {
      const port = await serving(stage, (stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM));
      const stream = asking(stage.client, connecting(stage, port), '/refused');
      await event(stream, 'close');
      stage.client.note(`code ${stream.rstCode}`);
    },
  },
  {
    name: 'the client resets a stream',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.respond();
        stream.write('a part');
      });
      const stream = asking(stage.client, connecting(stage, port), '/cancelled');
      stream.once('data', () => stream.close(http2.constants.NGHTTP2_CANCEL));
      await event(stream, 'close');
      stage.client.note(`code ${stream.rstCode}`);
    },
  },
  {
    name: 'a signal aborts a stream',
    async play(stage) {
      const port = await serving(stage, () => {});
      const abort = new AbortController();
      const options = { signal: abort.signal };
      const stream = asking(stage.client, connecting(stage, port), '/aborted', { options });
      setTimeout(() => abort.abort(), 20);
      await event(stream, 'close');
    },
  },
  {
    name: 'the server destroys the session',
    async play(stage) {
      const port = await serving(stage, (_stream, _headers, session) => session.destroy());
      const session = connecting(stage, port);
      asking(stage.client, session, '/gone');
      await event(session, 'close');
    },
  },
  {
    name: 'goaway with a code and data',
    async play(stage) {
      const port = await serving(stage, (stream, _headers, session) => {
        session.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM, stream.id, Buffer.from('calm down'));
        stream.respond();
        stream.end();
      });
      const session = connecting(stage, port);
      session.on('goaway', (code, last, data) => {
        if (code !== 0) stage.client.note(`goaway ${code} ${last} ${data?.toString()}`);
      });
      asking(stage.client, session, '/too-much');
      await event(session, 'close');
    },
  },
  {
    name: 'a port on which nobody listens',
    async play(stage) {
      const session = connecting(stage, 4_567);
      asking(stage.client, session, '/nobody');
      await event(session, 'close');
    },
  },
  {
    name: 'a server of HTTP/1',
    async play(stage) {
      const port = await listening(stage, http.createServer, {}, () => {});
      const session = connecting(stage, port);
      session.removeAllListeners('error');
      session.on('error', (error: NodeJS.ErrnoException) => stage.client.note(`session error ${error.code}`));
      await event(session, 'close');
    },
  },
];

const sessions: readonly Case[] = [
  {
    name: 'ping, and settings that both know',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.respond();
        stream.end();
      });
      const session = connecting(stage, port, { settings: { initialWindowSize: 100_000 } });
      await event(asking(stage.client, session, '/settings'), 'close');
      const payload = Buffer.from('12345678');
      await new Promise<void>((resolve) => {
        session.ping(payload, (error, ms, answered) => {
          stage.client.note(`ping ${wordsOf(error)} ${typeof ms} ${answered.toString()}`);
          resolve();
        });
      });
      const { localSettings, remoteSettings } = session;
      stage.client.note(
        JSON.stringify({ local: localSettings.initialWindowSize, remote: remoteSettings.enablePush }),
      );
      await new Promise<void>((resolve) => {
        session.settings({ maxFrameSize: 20_000 }, (error, settings, ms) => {
          stage.client.note(`settings ${wordsOf(error)} ${settings.maxFrameSize} ${typeof ms}`);
          resolve();
        });
      });
    },
  },
  {
    name: 'what settings cause in several ticks comes before the frame behind them',
    async play(stage) {
      const port = await listening(stage, net.createServer, {}, (server) => {
        server.on('connection', (socket: net.Socket) => {
          socket.on('error', () => {});
          socket.once('data', () => socket.write(Buffer.concat([emptySettings, goaway])));
        });
      });
      const session = connecting(stage, port);
      session.on('remoteSettings', () => {
        void (async () => {
          for (const hop of [1, 2, 3]) {
            await null;
            await new Promise<void>((resolve) => process.nextTick(resolve));
            stage.client.note(`settings, hop ${hop}`);
          }
        })();
      });
      session.on('goaway', (code) => stage.client.note(`goaway ${code}`));
      await event(session, 'close');
    },
  },
  {
    name: 'a session that times out',
    async play(stage) {
      const port = await serving(stage, () => {});
      const session = connecting(stage, port);
      asking(stage.client, session, '/slow');
      session.setTimeout(60, () => {
        stage.client.note('time-out');
        session.destroy();
      });
      await event(session, 'close');
    },
  },
  {
    name: 'a stream that times out, unless something comes',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        stream.respond();
        stream.write('one');
        setTimeout(() => stream.write('two'), 60);
      });
      const stream = asking(stage.client, connecting(stage, port), '/dripping');
      stream.setTimeout(120, () => stream.close(http2.constants.NGHTTP2_CANCEL));
      await event(stream, 'close');
    },
  },
  {
    name: 'a graceful close waits for its streams',
    async play(stage) {
      const port = await serving(stage, (stream) => {
        setTimeout(() => {
          stream.respond();
          stream.end('late');
        }, 30);
      });
      const session = connecting(stage, port);
      asking(stage.client, session, '/late');
      setTimeout(() => session.close(() => stage.client.note('closed')), 15);
      await event(session, 'close');
    },
  },
  {
    name: 'the compatible API',
    async play(stage) {
      const port = await listening(stage, http2.createServer, {}, (server) => {
        server.on('request', (request, response) => {
          stage.server.note(
            `${request.method} ${request.url} ${request.httpVersion} ${String(request.headers['x-asked'])}`,
          );
          stage.server.watch('request', request, ['data', 'end']);
          request.on('end', () => {
            response.setHeader('x-own', 'compat');
            response.writeHead(202);
            response.write('part, ');
            response.addTrailers({ 'x-last': 'compat' });
            response.end('end');
          });
          response.on('finish', () => stage.server.note('finish'));
        });
      });
      const session = connecting(stage, port);
      await event(
        asking(stage.client, session, '/compat', { body: 'asked', headers: { 'x-asked': 'yes' } }),
        'close',
      );
    },
  },
];

const secure: readonly Case[] = [
  {
    name: 'over TLS',
    async play(stage) {
      const port = await listening(stage, http2.createSecureServer, { key, cert }, (server) => {
        server.on('stream', (stream: http2.ServerHttp2Stream) => {
          const { alpnProtocol, encrypted } = stream.session as http2.ServerHttp2Session;
          stage.server.note(`${alpnProtocol} ${encrypted}`);
          stream.respond();
          stream.end('secret');
        });
      });
      const session = closing(
        stage,
        http2.connect(`https://${stage.address}:${port}`, { ca: cert, servername: 'localhost' }),
      );
      stage.client.watch('session', session, ['error', 'close']);
      await event(asking(stage.client, session, '/secret'), 'close');
      stage.client.note(`${session.alpnProtocol} ${session.encrypted}`);
      session.close();
      await event(session, 'close');
    },
  },
  {
    name: 'a client of HTTP/1.1 where it is allowed',
    async play(stage) {
      const options = { key, cert, allowHTTP1: true };
      const port = await listening(stage, http2.createSecureServer, options, (server) => {
        server.on('request', (request, response) => {
          stage.server.note(`${request.httpVersion} ${request.url}`);
          response.end('old');
        });
      });
      const trust = { ca: cert, servername: 'localhost', agent: false as const };
      const request = https.get({ port, host: stage.address, path: '/old', ...trust });
      const response = await new Promise<http.IncomingMessage>((resolve) =>
        request.once('response', resolve),
      );
      stage.client.watch('response', response, ['data', 'end']);
      await event(response, 'end');
    },
  },
];

/** All cases of HTTP/2. */
export const http2Cases: readonly Case[] = [...exchanges, ...refusals, ...sessions, ...secure];
