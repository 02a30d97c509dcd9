// What `node:http` must do alike when a side gives up, is too slow, or goes away.

import http from 'node:http';
import net from 'node:net';
import { agentOf, answered, ask, sendRaw, serveHttp, watchExchange } from './http-servers.ts';
import { event, pause, wordsOf, type Case } from './stage.ts';

const aborts: readonly Case[] = [
  {
    name: 'a request destroyed before it has a connection',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      const request = ask(stage, serving);
      request.destroy();
      await answered(request);
      stage.client.note(`${request.destroyed} ${request.aborted} ${wordsOf(request.errored)}`);
    },
  },
  {
    name: 'a request destroyed with an error',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      const request = ask(stage, serving);
      request.destroy(new Error('enough'));
      await answered(request);
    },
  },
  {
    name: 'a request aborted in the old way',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => watchExchange(stage, request, response));
      const request = ask(stage, serving);
      request.end();
      await pause(20);
      request.abort();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'a request destroyed while the server works',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        response.on('close', () => {
          stage.server.note(`${response.writableEnded} ${response.destroyed} ${request.destroyed}`);
        });
      });
      const request = ask(stage, serving);
      request.end();
      await pause(20);
      request.destroy();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'a request destroyed in its body',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => watchExchange(stage, request, response));
      const request = ask(stage, serving, { method: 'POST' });
      request.write('half');
      await pause(20);
      request.destroy();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'a request destroyed in the body of its response',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        response.write('half');
      });
      const request = ask(stage, serving);
      request.on('response', (response) => setTimeout(() => response.destroy(), 10));
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'a signal aborts a request',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => watchExchange(stage, request, response));
      const abort = new AbortController();
      const request = ask(stage, serving, { signal: abort.signal });
      request.end();
      await pause(20);
      abort.abort();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'the server destroys its request before it answers',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        request.destroy();
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'the server destroys its response in the body',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        response.write('half');
        setTimeout(() => response.destroy(new Error('enough')), 10);
      });
      const request = ask(stage, serving);
      request.end();
      const answer = await answered(request);
      stage.client.note(`${answer?.complete} ${answer?.aborted}`);
    },
  },
  {
    name: 'the server resets the connection before it answers',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        request.socket.resetAndDestroy();
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'the server resets the connection in the body',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        response.write('half');
        setTimeout(() => request.socket.resetAndDestroy(), 10);
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'the server ends the connection before it answers',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        request.socket.end();
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'the server goes away while a body is sent to it',
    async play(stage) {
      const serving = await serveHttp(stage, (request) => void request.socket.destroy());
      const request = http.request({ host: stage.address, port: serving.port, method: 'POST', agent: false });
      request.on('error', (error: NodeJS.ErrnoException) => {
        stage.client.note(String(['ECONNRESET', 'EPIPE'].includes(error.code ?? '')));
      });
      const timer = setInterval(() => void request.write('more'), 2);
      await event(request, 'close');
      clearInterval(timer);
    },
  },
  {
    name: 'a port on which nobody listens',
    async play(stage) {
      const serving = await serveHttp(stage, undefined);
      await stage.onServer(async () => {
        serving.server.close();
        await event(serving.server, 'close');
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
    },
  },
  {
    name: 'a kept connection that the server resets is noticed by the next request',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        response.end('x');
        const { socket } = request;
        response.on('close', () => setTimeout(() => socket.resetAndDestroy(), 10));
      });
      const agent = agentOf(stage, { keepAlive: true });
      const first = ask(stage, serving, { agent });
      first.end();
      await answered(first);
      await pause(30);
      stage.client.note(`${Object.keys(agent.freeSockets).length} free`);
      const second = ask(stage, serving, { agent });
      second.end();
      await answered(second);
      stage.client.note(`reused: ${second.reusedSocket}`);
    },
  },
  {
    name: 'a response ended twice, written after its end, with headers after the body',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response, ['close']);
        response.end('x', () => stage.server.note('ended'));
        response.end((error?: Error) => stage.server.note(`again ${wordsOf(error)}`));
        try {
          response.setHeader('X-Late', '1');
        } catch (error) {
          stage.server.note(wordsOf(error));
        }
        response.write('late', (error) => stage.server.note(wordsOf(error)));
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(5);
    },
  },
];

const timeouts: readonly Case[] = [
  {
    name: 'the timeout of a client',
    async play(stage) {
      const serving = await serveHttp(stage, () => {});
      const request = ask(stage, serving, { timeout: 30 });
      request.on('timeout', () => request.destroy(new Error('too slow')));
      request.end();
      await answered(request);
    },
  },
  {
    name: 'setTimeout of a request',
    async play(stage) {
      const serving = await serveHttp(stage, () => {});
      const request = ask(stage, serving);
      request.setTimeout(30, () => {
        stage.client.note('callback');
        request.destroy();
      });
      request.end();
      await answered(request);
    },
  },
  {
    name: 'the timeout of a server',
    async play(stage) {
      // A listener of `'timeout'` would keep the connection open.
      const listener: http.RequestListener = (request, response) => {
        stage.server.watch('request', request, ['aborted', 'error', 'close']);
        stage.server.watch('response', response, ['finish', 'close']);
      };
      const serving = await serveHttp(stage, listener, { timeouts: { timeout: 30 } });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'the timeout of a server, taken by its own listener',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => watchExchange(stage, request, response));
      await stage.onServer(() => {
        serving.server.setTimeout(30, (socket) => {
          stage.server.note('timeout');
          socket.end('HTTP/1.1 503 Busy\r\nConnection: close\r\n\r\n');
        });
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
      await pause(10);
    },
  },
  {
    name: 'setTimeout of a response',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => {
        response.setTimeout(30, () => {
          response.statusCode = 504;
          response.end('late');
        });
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
    },
  },
  {
    name: 'keepAliveTimeout ends a connection that nobody uses',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => void response.end('x'), {
        timeouts: { keepAliveTimeout: 20, keepAliveTimeoutBuffer: 0 },
      });
      const socket = net.connect({ host: stage.address, port: serving.port });
      await sendRaw(stage, socket, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    },
  },
  {
    name: 'headers that do not come: 408 after headersTimeout',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'), {
        headersTimeout: 40,
        requestTimeout: 0,
        connectionsCheckingInterval: 20,
      });
      const socket = net.connect({ host: stage.address, port: serving.port });
      await sendRaw(stage, socket, 'GET / HTTP/1.1\r\nHost');
    },
  },
  {
    name: 'a connection without a byte: 408',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'), {
        headersTimeout: 40,
        requestTimeout: 60,
        connectionsCheckingInterval: 20,
      });
      const socket = net.connect({ host: stage.address, port: serving.port });
      await sendRaw(stage, socket, '');
    },
  },
  {
    name: 'a body that does not come: requestTimeout',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => watchExchange(stage, request, response), {
        headersTimeout: 30,
        requestTimeout: 60,
        connectionsCheckingInterval: 20,
      });
      const socket = net.connect({ host: stage.address, port: serving.port });
      await sendRaw(stage, socket, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
    },
  },
  {
    name: 'requestTimeout, taken by clientError',
    async play(stage) {
      const serving = await serveHttp(stage, () => {}, {
        headersTimeout: 30,
        requestTimeout: 30,
        connectionsCheckingInterval: 20,
      });
      await stage.onServer(() => {
        serving.server.on('clientError', (error, socket) => {
          stage.server.note(wordsOf(error));
          socket.destroy();
        });
      });
      const socket = net.connect({ host: stage.address, port: serving.port });
      await sendRaw(stage, socket, 'GET / HTTP/1.1\r\nHost');
    },
  },
  {
    name: 'a second request on a connection has its own headersTimeout',
    async play(stage) {
      const serving = await serveHttp(
        stage,
        (request, response) => {
          stage.server.note(String(request.url));
          response.end('x');
        },
        { headersTimeout: 60, requestTimeout: 0, connectionsCheckingInterval: 20 },
      );
      const socket = net.connect({ host: stage.address, port: serving.port });
      setTimeout(() => socket.write('GET /2 HTTP/1.1\r\nHos'), 100);
      await sendRaw(stage, socket, 'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
    },
  },
  {
    name: 'a slow answer is nobody’s time-out',
    async play(stage) {
      const serving = await serveHttp(
        stage,
        (_request, response) => {
          setTimeout(() => response.end('slow'), 120);
        },
        { headersTimeout: 30, requestTimeout: 40, connectionsCheckingInterval: 10 },
      );
      const request = ask(stage, serving);
      request.end();
      await answered(request);
    },
  },
];

/** Aborts and time-outs. */
export const httpFailureCases: readonly Case[] = [...aborts, ...timeouts];
