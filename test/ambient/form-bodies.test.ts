import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onHost } from './fake-host.ts';

async function formText(seed: number): Promise<{ text: string; type: string }> {
  const { value } = await onHost(
    async () => {
      const body = new FormData();
      body.append('name', 'line one\nline two');
      body.append('file', new File(['content'], 'a "b".txt', { type: 'text/plain' }));
      const request = new Request('http://host/', { method: 'POST', body });
      return { type: request.headers.get('content-type') ?? '', text: await request.text() };
    },
    { seed },
  );
  return value;
}

test('what separates the parts of a form is a function of the seed', async () => {
  const [first, again, other] = [await formText(1), await formText(1), await formText(2)];
  assert.deepEqual(first, again);
  assert.notEqual(first.type, other.type);
});

test('a form of a host has the bytes that Node.js would send, but for what separates them', async () => {
  const { text, type } = await formText(1);
  const body = new FormData();
  body.append('name', 'line one\nline two');
  body.append('file', new File(['content'], 'a "b".txt', { type: 'text/plain' }));
  const real = new Request('http://host/', { method: 'POST', body });
  const realType = real.headers.get('content-type') ?? '';
  const boundaryOf = (contentType: string): string => contentType.split('boundary=')[1] ?? '';
  assert.match(boundaryOf(type), /^----formdata-undici-\d{11}$/);
  assert.equal(
    text.replaceAll(boundaryOf(type), 'B'),
    (await real.text()).replaceAll(boundaryOf(realType), 'B'),
  );
});

test('the stream of a blob needs no turn of the real event loop on a host', async () => {
  const { value } = await onHost(async () => {
    const parts: string[] = [];
    for await (const part of new Blob(['a', 'b']).stream()) parts.push(Buffer.from(part).toString());
    return parts.join('');
  });
  assert.equal(value, 'ab');
});

test('requests and responses of a host are instances of the classes, subclasses too', async () => {
  class Special extends Response {
    readonly isSpecial = true;
  }
  const { value } = await onHost(async () => {
    const special = new Special('text', { status: 201 });
    return [
      new Request('http://host/') instanceof Request,
      special instanceof Special && special instanceof Response && special.isSpecial,
      special.status,
      await special.text(),
      new Response('x').constructor === Response,
    ];
  });
  assert.deepEqual(value, [true, true, 201, 'text', true]);
});
