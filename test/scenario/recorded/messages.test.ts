// What the messages of a recorded run carry, however they travel; and that looking at them changes nothing.

import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { daemon, type HostDefinition } from '../../../src/host/definition.ts';
import { CONTENT_BYTES_MAX } from '../../../src/host/message-content.ts';
import type { Bytes, SentEntry } from '../../../src/history/trace.ts';
import type { World } from '../../../src/scenario/world.ts';
import { asGuest, serving, sleep } from '../driven.ts';

type Hosts = Record<string, HostDefinition>;

/** What was sent in a run that is made twice, recorded and not: with equal hashes. */
async function sentIn(hosts: Hosts, body: (world: World) => unknown): Promise<SentEntry[]> {
  const { result } = await asGuest({ hosts }, body, { record: true });
  const plain = await asGuest({ hosts }, body);
  assert.equal(result.hash, plain.result.hash);
  return (result.trace ?? []).filter((entry) => entry.kind === 'sent');
}

const carried = (sent: readonly SentEntry[], message: string): (Bytes | undefined)[] =>
  sent.filter((entry) => entry.message === message).map(({ content }) => content?.body);

const headerOf = (entry: SentEntry | undefined, name: string): string | undefined =>
  entry?.content?.headers?.find(([each]) => each === name)?.[1];

const utf8 = (text: string): Bytes => ({ text, byteLength: Buffer.byteLength(text) });
const post = (body: RequestInit['body'], rest: RequestInit & { duplex?: 'half' } = {}): Promise<Response> =>
  fetch('http://server/', { method: 'POST', body, ...rest } as RequestInit);

describe('messages of fetch', () => {
  const echo = serving(
    async (request) => new Response(await request.text(), { headers: { 'X-Answer': 'yes' } }),
  );

  test('carry headers and bodies that are in memory', async () => {
    const sent = await sentIn({ server: echo }, async () => {
      const response = await post('{"grüße":1}', { headers: { 'X-Asked': 'A' } });
      assert.equal(await response.text(), '{"grüße":1}');
    });
    assert.deepEqual(carried(sent, 'request'), [utf8('{"grüße":1}')]);
    assert.deepEqual(carried(sent, 'response'), [utf8('{"grüße":1}')]);
    const [request, response] = sent;
    assert.equal(headerOf(request, 'x-asked'), 'A');
    assert.equal(headerOf(request, 'host'), 'server');
    assert.equal(headerOf(response, 'x-answer'), 'yes');
  });

  test('carry what is no text as base64, and nothing where there is nothing', async () => {
    const sent = await sentIn({ server: serving(() => new Response(null, { status: 204 })) }, () =>
      post(new Uint8Array([0xff, 0, 1])),
    );
    assert.deepEqual(carried(sent, 'request'), [{ base64: '/wAB', byteLength: 3 }]);
    assert.deepEqual(carried(sent, 'response'), [undefined]);
  });

  test('carry as much of a stream as was there when they left; chunks carry the rest', async () => {
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('at once, ');
      await sleep(5);
      yield Buffer.from('later');
    }
    const sent = await sentIn({ server: echo }, async () => {
      const response = await post(ReadableStream.from(parts()) as RequestInit['body'], { duplex: 'half' });
      assert.equal(await response.text(), 'at once, later');
    });
    assert.deepEqual(carried(sent, 'request'), [utf8('at once, ')]);
    assert.deepEqual(carried(sent, 'chunk'), [utf8('later'), undefined]);
  });

  test('carry the beginning of a long body, cut between two characters', async () => {
    const text = `x${'ü'.repeat(CONTENT_BYTES_MAX)}`;
    const [body] = carried(await sentIn({ server: echo }, () => post(text)), 'request');
    assert.equal(body?.byteLength, 2 * CONTENT_BYTES_MAX + 1);
    assert.equal(body.text, text.slice(0, CONTENT_BYTES_MAX / 2));
  });

  test('carry what was sent, not what the sender made of its buffer afterwards', async () => {
    const sent = await sentIn({ server: echo }, async () => {
      const bytes = new Uint8Array([97, 98]);
      const answer = post(bytes);
      bytes.fill(0);
      await answer;
    });
    assert.deepEqual(carried(sent, 'request'), [utf8('ab')]);
  });

  test('are read past the classes of the code under test', async () => {
    let asked = 0;
    class Counting extends Response {}
    Object.defineProperty(Counting.prototype, 'headers', {
      get(this: Response) {
        asked++;
        return Reflect.get(Response.prototype, 'headers', this);
      },
    });
    const server = serving(() => new Counting('counted', { headers: { 'x-real': '1' } }));
    await asGuest({ hosts: { server } }, () => post('x'));
    const before = asked;
    const { result } = await asGuest({ hosts: { server } }, () => post('x'), { record: true });
    assert.equal(asked, 2 * before);
    const response = result.trace?.find((entry) => entry.kind === 'sent' && entry.message === 'response');
    assert.equal(headerOf(response as SentEntry, 'x-real'), '1');
  });
});

describe('messages of sockets', () => {
  const listening = (server: () => net.Server): HostDefinition => daemon(() => void server().listen(80));

  test('carry the heads of HTTP/1 as headers, and its bodies without framing', async () => {
    const server = listening(() =>
      http.createServer((_request, response) => {
        response.setHeader('X-Framed', 'yes');
        response.write('in two ');
        response.end('pieces');
      }),
    );
    const sent = await sentIn({ server }, async () => {
      const response = await post('{"a":1}', { headers: { 'X-Asked': 'A' } });
      assert.equal(await response.text(), 'in two pieces');
    });
    const request = sent.find(({ message }) => message === 'request');
    const response = sent.find(({ message }) => message === 'response');
    assert.equal(headerOf(request, 'x-asked'), 'A');
    assert.deepEqual(request?.content?.body, utf8('{"a":1}'));
    assert.equal(headerOf(response, 'x-framed'), 'yes');
    assert.deepEqual(response?.content?.body, utf8('in two pieces'));
  });

  test('carry the bytes of what is no HTTP', async () => {
    const server = listening(() =>
      net.createServer((socket) => socket.on('data', (data) => socket.end(data))),
    );
    const sent = await sentIn({ server }, async () => {
      const socket = net.connect(80, 'server').end(Buffer.from([0, 200, 7]));
      await new Promise((resolve) => socket.resume().on('close', resolve));
    });
    const bytes = { base64: 'AMgH', byteLength: 3 };
    assert.deepEqual(carried(sent, 'segment'), [bytes, bytes]);
    assert.ok(carried(sent, 'signal').every((body) => body === undefined));
  });

  test('carry the bytes of datagrams', async () => {
    const server = daemon(() => void dgram.createSocket('udp4').bind(5353));
    const sent = await sentIn({ server }, async () => {
      dgram.createSocket('udp4').send('hello', 5353, 'server');
      await sleep(100);
    });
    assert.deepEqual(carried(sent, 'datagram'), [utf8('hello')]);
  });
});

test('datagrams of `host.send` carry their payload as JSON, and what JSON has not by its items', async () => {
  const payloads: unknown[] = [{ id: 1 }, new Map([['a', 2n]]), new Uint8Array([104, 105]), undefined];
  const server = daemon((host) => host.onMessage(() => {}));
  const sender = daemon((host) => {
    for (const payload of payloads) host.send('server', payload);
  });
  const sent = await sentIn({ server, sender }, () => sleep(100));
  assert.deepEqual(carried(sent, 'datagram'), [
    utf8('{"id":1}'),
    utf8('[["a","2n"]]'),
    utf8('hi'),
    undefined,
  ]);
});
