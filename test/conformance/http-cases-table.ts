// What `node:http` must do alike over real loopback and simulated connections: messages and their headers,
// bodies, connections that are used again, other protocols.

import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import net from 'node:net';
import { agentOf, answered, ask, headersOf, sendRaw, serveHttp, watchExchange } from './http-servers.ts';
import { event, pause, wordsOf, type Case, type Stage } from './stage.ts';

const messages: readonly Case[] = [
  {
    name: 'a request and its response, with all their events',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        response.end('hello');
      });
      const request = ask(stage, serving);
      request.end();
      await answered(request);
    },
  },
  {
    name: 'headers in their order, with the date where Node.js puts it',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        stage.server.note(headersOf(request).replace(/Host: [^,]*/, 'Host'));
        response.setHeader('X-One', '1');
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        if (request.url === '/length') response.setHeader('Content-Length', 2);
        if (request.url === '/close') response.setHeader('Connection', 'close');
        if (request.url === '/own') response.setHeader('Date', 'then');
        if (request.url === '/none') response.sendDate = false;
        if (request.url === '/list')
          response.writeHead(200, ['X-List', 'l', 'connection', 'close', 'X-Last', 'x']);
        if (request.url === '/object')
          response.writeHead(201, 'Made', { 'X-Two': '2', 'transfer-encoding': 'chunked' });
        if (request.url === '/flush') response.flushHeaders();
        response.end('ok');
        stage.server.note(`set: ${JSON.stringify(response.getHeaders())}`);
      });
      const agent = agentOf(stage, { keepAlive: true });
      for (const path of ['/', '/length', '/close', '/own', '/none', '/list', '/object', '/flush']) {
        const request = ask(stage, serving, { path, agent, headers: { 'X-B': 'b', 'x-a': 'a' } });
        request.on('response', (response) => stage.client.note(headersOf(response)));
        request.end();
        await answered(request);
      }
    },
  },
  {
    name: 'headers given in one go, in each of their forms, with a date and without',
    async play(stage) {
      const forms: Readonly<Record<string, Parameters<http.ServerResponse['writeHead']>[1]>> = {
        '/none': undefined,
        '/object': { 'X-One': '1', 'x-two': ['2', '3'] },
        '/list': ['X-One', '1', 'date', 'is a value', 'X-Two', 'Date'],
        '/dateless-list': ['X-One', 'date', 'X-Two', '2'],
        '/empty-list': [],
        '/pairs': [['X-One', '1'] as never, ['X-Two', 'Date'] as never],
        '/dated-object': { 'X-One': '1', DATE: 'then', 'X-Two': '2' },
        '/dated-pairs': [['X-One', '1'] as never, ['date', 'then'] as never],
        '/no-prototype': Object.assign(Object.create(null) as Record<string, string>, { 'X-One': '1' }),
        '/odd': ['X-One', '1', 'X-Two'],
      };
      const serving = await serveHttp(stage, (request, response) => {
        try {
          response.writeHead(200, forms[String(request.url)]);
        } catch (error) {
          stage.server.note(`${(error as NodeJS.ErrnoException).code}: ${(error as Error).message}`);
        }
        stage.server.note(`set: ${JSON.stringify(response.getHeaders())}`);
        response.end('ok');
      });
      const agent = agentOf(stage, { keepAlive: true });
      for (const path of Object.keys(forms)) {
        const request = ask(stage, serving, { path, agent });
        request.on('response', (response) => stage.client.note(headersOf(response)));
        request.end();
        await answered(request);
      }
    },
  },
  {
    name: 'a request with a body of known length, and one in chunks',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        stage.server.note(`${request.headers['content-length']} ${request.headers['transfer-encoding']}`);
        request.on('end', () => response.end(`complete: ${request.complete}`));
      });
      const known = ask(stage, serving, { method: 'POST', headers: { 'Content-Length': 4 } });
      known.end('four');
      await answered(known);
      const chunked = ask(stage, serving, { method: 'POST' });
      chunked.write('one ');
      setTimeout(() => chunked.end('two'), 5);
      await answered(chunked);
    },
  },
  {
    name: 'a response in chunks over time',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        const left = ['one ', 'two ', 'three'];
        const timer = setInterval(() => {
          const next = left.shift();
          if (next === undefined) {
            clearInterval(timer);
            response.end();
          } else response.write(next);
        }, 2);
      });
      const request = ask(stage, serving);
      request.on('response', (response) => stage.client.note(`${headersOf(response)} ${response.complete}`));
      request.end();
      const answer = await answered(request);
      stage.client.note(`${answer?.complete} ${answer?.readableEnded}`);
    },
  },
  {
    name: 'streaming in both directions at once',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        response.writeHead(200);
        request.on('data', (part) => response.write(String(part).toUpperCase()));
        request.on('end', () => response.end('.'));
      });
      const request = ask(stage, serving, { method: 'POST' });
      const left = ['b', 'c', 'd'];
      request.on('response', (response) => {
        response.on('data', () => {
          const next = left.shift();
          if (next === undefined) request.end();
          else request.write(next);
        });
      });
      request.write('a');
      await answered(request);
    },
  },
  {
    name: 'trailers in both directions',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        request.resume().on('end', () => {
          stage.server.note(JSON.stringify(request.trailers));
          response.writeHead(200, { Trailer: 'X-Sum' });
          response.write('body');
          response.addTrailers({ 'X-Sum': '4' });
          response.end();
        });
      });
      const request = ask(stage, serving, { method: 'POST', headers: { Trailer: 'X-Check' } });
      request.write('x');
      request.addTrailers({ 'X-Check': 'c' });
      request.end();
      const answer = await answered(request);
      stage.client.note(JSON.stringify(answer?.rawTrailers));
    },
  },
  {
    name: 'responses without a body: HEAD, 204, 304',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response, ['end']);
        response.statusCode = Number(request.url?.slice(1));
        response.end(request.method === 'HEAD' ? 'left out' : undefined);
      });
      const agent = agentOf(stage, { keepAlive: true });
      for (const [method, path] of [
        ['HEAD', '/200'],
        ['GET', '/204'],
        ['GET', '/304'],
        ['GET', '/200'],
      ]) {
        const request = ask(stage, serving, { method: method as string, path: path as string, agent });
        request.on('response', (response) => stage.client.note(headersOf(response)));
        request.end();
        await answered(request);
      }
      stage.client.note(`${serving.connections} connections`);
    },
  },
  {
    name: 'Expect: 100-continue, answered by Node.js',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response);
        request.on('end', () => response.end('thanks'));
      });
      const request = ask(stage, serving, { method: 'PUT', headers: { Expect: '100-continue' } });
      request.on('continue', () => request.end('body'));
      request.flushHeaders();
      await answered(request);
    },
  },
  {
    name: 'Expect: 100-continue, decided by the server',
    async play(stage) {
      const serving = await serveHttp(stage, undefined);
      await stage.onServer(() => {
        serving.server.on('checkContinue', (request: http.IncomingMessage, response: http.ServerResponse) => {
          stage.server.note(`checkContinue ${request.url}`);
          if (request.url === '/no') {
            response.writeHead(417);
            response.end();
          } else {
            response.writeContinue();
            request.resume().on('end', () => response.end('yes'));
          }
        });
      });
      for (const path of ['/yes', '/no']) {
        const request = ask(stage, serving, { method: 'PUT', path, headers: { Expect: '100-continue' } });
        request.on('continue', () => request.end('body'));
        request.flushHeaders();
        await answered(request);
      }
    },
  },
  {
    name: 'an expectation that nobody knows',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      const request = ask(stage, serving, { headers: { Expect: 'miracles' } });
      request.end();
      await answered(request);
    },
  },
  {
    name: 'early hints and processing before the response',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => {
        response.writeProcessing();
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        response.end('done');
      });
      const request = ask(stage, serving);
      request.on('information', ({ statusCode, headers }) =>
        stage.client.note(`${statusCode} ${String(headers.link)}`),
      );
      request.end();
      await answered(request);
    },
  },
  {
    name: 'a response before the request is complete',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        watchExchange(stage, request, response, ['end', 'aborted', 'error', 'close']);
        response.writeHead(413, { Connection: 'close' });
        response.end('too much');
      });
      const request = ask(stage, serving, { method: 'POST' });
      request.write('x');
      await answered(request);
      request.destroy();
      await pause(10);
    },
  },
  {
    name: 'a large header and a large body',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        stage.server.note(String(request.headers['x-large']?.length));
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => response.end(Buffer.concat(parts)));
      });
      const request = ask(stage, serving, { method: 'POST', headers: { 'X-Large': 'x'.repeat(10_000) } });
      request.end(Buffer.alloc(2_000_000, 'abcdefg'));
      await answered(request);
    },
  },
  {
    name: 'a large response to a slow reader, with drain',
    async play(stage) {
      const answer = async (response: http.ServerResponse): Promise<void> => {
        let drains = 0;
        for (let i = 0; i < 20; i++) {
          if (response.write(Buffer.alloc(1_000_000, String(i % 10)))) continue;
          await event(response, 'drain');
          drains++;
        }
        stage.server.note(`drained: ${drains > 0}`);
        response.end();
      };
      const serving = await serveHttp(stage, (_request, response) => void answer(response));
      const request = http.get({ host: stage.address, port: serving.port, agent: false });
      const response = await new Promise<http.IncomingMessage>((resolve) =>
        request.once('response', resolve),
      );
      let length = 0;
      for await (const part of response) {
        length += (part as Buffer).length;
        if (length % 7 === 0) await pause(1);
      }
      stage.client.note(`${length} ${response.complete}`);
    },
  },
  {
    name: 'a context of the program’s own in handlers and clients',
    async play(stage) {
      const storage = new AsyncLocalStorage<string>();
      const seen = (what: string): string => `${what} in ${storage.getStore()}`;
      const serving = await serveHttp(stage, (request, response) => {
        const { url } = request;
        storage.run(`handler ${url}`, () => {
          request.on('data', () => stage.server.note(seen('data')));
          setTimeout(() => response.end(seen('answer')), 10);
        });
      });
      const agent = agentOf(stage, { keepAlive: true, maxSockets: 1 });
      await Promise.all(
        ['/a', '/b'].map((path) =>
          storage.run(`caller ${path}`, async () => {
            const request = ask(stage, serving, { method: 'POST', path, agent, name: path });
            request.on('response', (response) => {
              stage.client.note(seen(`${path} response`));
              response.on('data', () => stage.client.note(seen(`${path} data`)));
              response.on('end', () => stage.client.note(seen(`${path} end`)));
            });
            request.on('close', () => stage.client.note(seen(`${path} close`)));
            request.end('body');
            await answered(request);
          }),
        ),
      );
    },
  },
];

const pools: readonly Case[] = [
  {
    name: 'an agent that keeps connections alive uses one again',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => void response.end('x'));
      const agent = agentOf(stage, { keepAlive: true });
      for (let i = 0; i < 3; i++) {
        const request = ask(stage, serving, { agent });
        request.end();
        await answered(request);
        stage.client.note(`reused: ${request.reusedSocket}`);
      }
      stage.client.note(`${serving.connections} connections, ${Object.keys(agent.freeSockets).length} free`);
    },
  },
  {
    name: 'the global agent uses a connection again',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => void response.end('x'));
      for (let i = 0; i < 3; i++) {
        const request = ask(stage, serving, { agent: http.globalAgent });
        request.end();
        await answered(request);
        stage.client.note(`reused: ${request.reusedSocket}`);
      }
      stage.client.note(`${serving.connections} connections`);
    },
  },
  {
    name: 'an agent that keeps nothing alive opens a connection for each',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        stage.server.note(`${request.headers.connection}`);
        response.end('x');
      });
      const agent = agentOf(stage, { keepAlive: false });
      for (let i = 0; i < 3; i++) {
        const request = ask(stage, serving, { agent });
        request.end();
        await answered(request);
      }
      stage.client.note(`${serving.connections} connections`);
    },
  },
  {
    name: 'a server that says Connection: close',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => {
        response.setHeader('Connection', 'close');
        response.end('x');
      });
      const agent = agentOf(stage, { keepAlive: true });
      for (let i = 0; i < 2; i++) {
        const request = ask(stage, serving, { agent });
        request.on('socket', (socket) => stage.client.watch('socket', socket, ['end', 'close']));
        request.end();
        await answered(request);
        await pause(10);
      }
      stage.client.note(`${serving.connections} connections`);
    },
  },
  {
    name: 'maxSockets makes requests wait for each other',
    async play(stage) {
      let atOnce = 0;
      let atOnceMax = 0;
      const serving = await serveHttp(stage, (_request, response) => {
        atOnceMax = Math.max(atOnceMax, ++atOnce);
        setTimeout(() => {
          atOnce--;
          response.end('x');
        }, 2);
      });
      const agent = agentOf(stage, { keepAlive: true, maxSockets: 2 });
      const requests = Array.from({ length: 6 }, () => {
        const request = http.get({ host: stage.address, port: serving.port, agent });
        request.on('response', (response) => response.resume());
        return answered(request);
      });
      await Promise.all(requests);
      stage.client.note(`${atOnceMax} at once, ${serving.connections} connections`);
    },
  },
  {
    name: 'a free connection that the server closes is not used again',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => void response.end('x'), {
        timeouts: { keepAliveTimeout: 20, keepAliveTimeoutBuffer: 0 },
      });
      const agent = agentOf(stage, { keepAlive: true });
      for (let i = 0; i < 2; i++) {
        const request = ask(stage, serving, { agent });
        request.end();
        await answered(request);
        await pause(1_400);
        stage.client.note(`${Object.keys(agent.freeSockets).length} free`);
      }
      stage.client.note(`${serving.connections} connections`);
    },
  },
  {
    name: 'a free connection times out by the agent',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => void response.end('x'));
      const agent = agentOf(stage, { keepAlive: true, timeout: 30 });
      const request = ask(stage, serving, { agent });
      request.end();
      await answered(request);
      stage.client.note(`${Object.keys(agent.freeSockets).length} free`);
      await pause(80);
      stage.client.note(`${Object.keys(agent.freeSockets).length} free`);
    },
  },
  {
    name: 'a server that takes two requests a connection',
    async play(stage) {
      const serving = await serveHttp(
        stage,
        (request, response) => {
          stage.server.note(String(request.url));
          response.end('x');
        },
        { timeouts: { maxRequestsPerSocket: 2 } },
      );
      const agent = agentOf(stage, { keepAlive: true });
      for (const path of ['/1', '/2', '/3']) {
        const request = ask(stage, serving, { agent, path });
        request.on('response', (response) => stage.client.note(headersOf(response)));
        request.end();
        await answered(request);
        await pause(5);
      }
      stage.client.note(`${serving.connections} connections`);
    },
  },
  {
    name: 'an agent that is destroyed while a request is under way',
    async play(stage) {
      const serving = await serveHttp(stage, () => {});
      const agent = agentOf(stage, { keepAlive: true });
      const request = ask(stage, serving, { agent });
      request.end();
      await pause(10);
      agent.destroy();
      await answered(request);
    },
  },
  {
    name: 'close of a server ends connections that are idle, and waits for those that are not',
    async play(stage) {
      let answer = (): void => {};
      const serving = await serveHttp(stage, (request, response) => {
        if (request.url === '/slow') answer = () => void response.end('late');
        else response.end('x');
      });
      const agent = agentOf(stage, { keepAlive: true });
      const idle = ask(stage, serving, { agent, name: 'idle' });
      idle.on('socket', (socket) => stage.client.watch('idle socket', socket, ['end', 'close']));
      idle.end();
      await answered(idle);
      const slow = ask(stage, serving, { path: '/slow', name: 'slow' });
      slow.end();
      await pause(10);
      await stage.onServer(() => {
        stage.server.watch('server', serving.server, ['close']);
        serving.server.close(() => stage.server.note('closed'));
      });
      await pause(20);
      await stage.onServer(() => answer());
      await answered(slow);
      await pause(10);
    },
  },
  {
    name: 'closeAllConnections and closeIdleConnections',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        if (request.url !== '/never') response.end('x');
      });
      const agent = agentOf(stage, { keepAlive: true });
      const idle = ask(stage, serving, { agent, name: 'idle' });
      idle.end();
      await answered(idle);
      const never = ask(stage, serving, { path: '/never', name: 'never' });
      never.end();
      await pause(10);
      await stage.onServer(() => serving.server.closeIdleConnections());
      await pause(20);
      stage.client.note(`${Object.keys(agent.freeSockets).length} free`);
      await stage.onServer(() => serving.server.closeAllConnections());
      await answered(never);
    },
  },
];

function connected(stage: Stage, { port }: { port: number }): net.Socket {
  const socket = net.connect({ port, host: stage.address });
  stage.after(() => void socket.destroy());
  return socket;
}

const wire: readonly Case[] = [
  {
    name: 'requests in one packet are answered in their order',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        stage.server.note(String(request.url));
        setTimeout(() => response.end(request.url), request.url === '/a' ? 20 : 1);
      });
      const head = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
      const text = head('/a') + head('/b') + head('/c', 'Connection: close\r\n');
      await sendRaw(stage, connected(stage, serving), text);
    },
  },
  {
    name: 'HTTP/1.0, with and without keep-alive',
    async play(stage) {
      const serving = await serveHttp(stage, (_request, response) => {
        response.write('x');
        response.end('y');
      });
      await sendRaw(stage, connected(stage, serving), 'GET / HTTP/1.0\r\n\r\n');
      await sendRaw(stage, connected(stage, serving), 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    },
  },
  {
    name: 'what is no HTTP at all',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      await sendRaw(stage, connected(stage, serving), 'SPDY forever\r\n\r\n');
    },
  },
  {
    name: 'what is no HTTP, taken by clientError',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      await stage.onServer(() => {
        serving.server.on('clientError', (error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket) => {
          stage.server.note(`${wordsOf(error)} ${String(error.rawPacket)}`);
          socket.end('HTTP/1.1 418 No\r\n\r\n');
        });
      });
      await sendRaw(stage, connected(stage, serving), 'GET / HTTP/9.9\r\n\r\n');
    },
  },
  {
    name: 'headers that are too large',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'), { maxHeaderSize: 500 });
      const text = `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(1000)}\r\n\r\n`;
      await sendRaw(stage, connected(stage, serving), text);
    },
  },
  {
    name: 'no Host header',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      await sendRaw(stage, connected(stage, serving), 'GET / HTTP/1.1\r\n\r\n');
    },
  },
  {
    name: 'a response that is no HTTP',
    async play(stage) {
      const { port } = await rawServer(stage, (socket) => socket.end('nonsense\r\n\r\n'));
      const request = ask(stage, { port });
      request.end();
      await answered(request);
    },
  },
  {
    name: 'a response that ends in its headers',
    async play(stage) {
      const { port } = await rawServer(stage, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-'));
      const request = ask(stage, { port });
      request.end();
      await answered(request);
    },
  },
  {
    name: 'a response that ends in its body',
    async play(stage) {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';
      const { port } = await rawServer(stage, (socket) => socket.end(head));
      const request = ask(stage, { port });
      request.end();
      const answer = await answered(request);
      stage.client.note(`complete: ${answer?.complete}`);
    },
  },
  {
    name: 'a response whose end is the end of the connection',
    async play(stage) {
      const { port } = await rawServer(stage, (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall of it'));
      const request = ask(stage, { port });
      request.end();
      const answer = await answered(request);
      stage.client.note(`complete: ${answer?.complete}`);
    },
  },
  {
    name: 'an upgrade, with bytes behind the head on both sides',
    async play(stage) {
      const serving = await serveHttp(stage, undefined);
      await stage.onServer(() => {
        serving.server.on('upgrade', (request, socket: net.Socket, head: Buffer) => {
          stage.server.note(`upgrade ${request.headers.upgrade}`);
          if (head.length > 0) socket.unshift(head);
          stage.server.watch('socket', socket, ['data', 'end', 'close']);
          socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nfirst',
          );
          socket.on('data', () => socket.end(' last'));
        });
      });
      const request = ask(stage, serving, { headers: { Connection: 'Upgrade', Upgrade: 'echo' } });
      request.on('upgrade', (response, socket, head) => {
        stage.client.note(`upgrade ${response.statusCode} ${response.headers.upgrade}`);
        if (head.length > 0) socket.unshift(head);
        stage.client.watch('socket', socket, ['data', 'end', 'close']);
        socket.write('question');
      });
      request.end();
      await answered(request);
      await pause(20);
    },
  },
  {
    name: 'an upgrade that nobody takes',
    async play(stage) {
      const serving = await serveHttp(stage, (request, response) => {
        stage.server.note(`asked ${request.headers.upgrade}`);
        response.end('plain');
      });
      const request = ask(stage, serving, { headers: { Connection: 'Upgrade', Upgrade: 'echo' } });
      request.end();
      await answered(request);
    },
  },
  {
    name: 'an upgrade that is refused',
    async play(stage) {
      const serving = await serveHttp(stage, undefined);
      await stage.onServer(() => {
        serving.server.on('upgrade', (_request, socket: net.Socket) => {
          socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        });
      });
      const request = ask(stage, serving, { headers: { Connection: 'Upgrade', Upgrade: 'echo' } });
      request.end();
      await answered(request);
    },
  },
  {
    name: 'CONNECT opens a tunnel',
    async play(stage) {
      const serving = await serveHttp(stage, undefined);
      await stage.onServer(() => {
        serving.server.on('connect', (request, socket: net.Socket) => {
          stage.server.note(`connect ${request.url}`);
          stage.server.watch('socket', socket, ['data', 'end', 'close']);
          socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
          socket.on('data', (bytes) => socket.end(bytes));
        });
      });
      const request = ask(stage, serving, { method: 'CONNECT', path: 'db.internal:5432' });
      request.on('connect', (response, socket) => {
        stage.client.note(`connect ${response.statusCode}`);
        stage.client.watch('socket', socket, ['data', 'end', 'close']);
        socket.write('through');
      });
      request.end();
      await answered(request);
      await pause(20);
    },
  },
  {
    name: 'CONNECT that nobody takes',
    async play(stage) {
      const serving = await serveHttp(stage, () => stage.server.note('asked'));
      const request = ask(stage, serving, { method: 'CONNECT', path: 'db.internal:5432' });
      request.end();
      await answered(request);
    },
  },
];

/** A server that answers the first bytes with what it likes. */
async function rawServer(stage: Stage, answer: (socket: net.Socket) => void): Promise<{ port: number }> {
  const server = await stage.onServer(async () => {
    const made = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => answer(socket));
    });
    made.listen(0, '0.0.0.0');
    await event(made, 'listening');
    return made;
  });
  stage.after(() => stage.onServer(() => void server.close()));
  return { port: (server.address() as net.AddressInfo).port };
}

/** Messages, connections that are used again, and what goes over the wire. */
export const httpCases: readonly Case[] = [...messages, ...pools, ...wire];
