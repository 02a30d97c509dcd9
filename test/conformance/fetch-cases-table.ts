// What `fetch` must do alike against a real server and a simulated one: a handler and a caller a case.
// What a caller returns is compared, so it must not depend on addresses or times.

import type { Handle } from './real-server.ts';

/** One conformance case. */
export interface FetchCase {
  readonly name: string;
  readonly handle: Handle;
  /** What the caller observes. */
  readonly call: (base: string) => Promise<unknown>;
}

/** What an error looks like to code that looks at it closely. */
export function shapeOf(error: unknown): unknown {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const { name, message, cause } = error as Error & { cause?: unknown };
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  return {
    name,
    message: message.replace(/\d+\.\d+\.\d+\.\d+:\d+/, 'ADDRESS'),
    isTypeError: error instanceof TypeError,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(syscall === undefined ? {} : { syscall }),
    ...(cause === undefined ? {} : { cause: shapeOf(cause) }),
  };
}

/** What came of a promise. */
export async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error: shapeOf(error) };
  }
}

/** What a response says, without its body. */
function headOf(response: Response, base: string): unknown {
  const { status, statusText, ok, redirected, type, url, bodyUsed } = response;
  return {
    status,
    statusText,
    ok,
    redirected,
    type,
    url: url.replace(base, ''),
    bodyUsed,
    hasBody: response.body !== null,
  };
}

async function seenOf(response: Response, base: string): Promise<unknown> {
  return { head: headOf(response, base), text: await response.text() };
}

/** Answers with what it was asked. */
async function echo(request: Request): Promise<Response> {
  const { method, headers } = request;
  const { pathname, search, hash } = new URL(request.url);
  const names = [
    'accept',
    'accept-language',
    'sec-fetch-mode',
    'user-agent',
    'content-type',
    'authorization',
    'cookie',
    'x-own',
  ];
  const seen = Object.fromEntries(names.map((name) => [name, headers.get(name)]));
  seen['content-type'] = seen['content-type']?.replace(/boundary=.*/, 'boundary') ?? null;
  const body = await request.text();
  return Response.json({
    method,
    path: pathname + search + hash,
    seen,
    body: body.replaceAll(/-{6}formdata-undici-\d+/g, 'BOUNDARY'),
  });
}

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31) % 251);
}

function streamOf(parts: readonly Uint8Array[], between: () => Promise<void>): ReadableStream<Uint8Array> {
  const left = [...parts];
  return new ReadableStream({
    async pull(controller) {
      const next = left.shift();
      if (next === undefined) return controller.close();
      await between();
      controller.enqueue(next);
    },
  });
}

function aTimer(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

/** A redirecting server: `/status/target` redirects there, `/end` answers. */
const redirecting: Handle = async (request) => {
  const [, status, target] = /^\/(\d+)\/(.*)$/.exec(new URL(request.url).pathname) ?? [];
  if (status === undefined) return echo(request);
  return new Response('moved', { status: Number(status), headers: { location: `/${target}` } });
};

const never: Handle = () => new Promise(() => {});

function post(body: RequestInit['body'], init: RequestInit = {}): RequestInit {
  return { method: 'POST', body: body ?? null, ...init };
}

/** A case in which the caller looks at the response and its text. */
function looking(name: string, handle: Handle, init: RequestInit = {}, path = '/'): FetchCase {
  return {
    name,
    handle,
    call: async (base) => outcomeOf(fetch(base + path, init).then((response) => seenOf(response, base))),
  };
}

const plain: FetchCase[] = [
  looking('a text with status 200', () => new Response('hello')),
  looking('an empty text', () => new Response('')),
  looking('no body at all', () => new Response(null)),
  looking('no content', () => new Response(null, { status: 204 })),
  looking('not modified', () => new Response(null, { status: 304 })),
  looking('a client error', () => new Response('no', { status: 404 })),
  looking('a server error', () => new Response('oops', { status: 503, statusText: 'Overloaded' })),
  looking('a handler that throws', () => Promise.reject(new Error('boom'))),
  looking('a HEAD request', () => new Response('not sent'), { method: 'HEAD' }),
  looking('an OPTIONS request', (request) => new Response(request.method), { method: 'OPTIONS' }),
  looking('text beyond ASCII', () => new Response('Grüße, 世界 🌊')),
  looking('a path with a query and a fragment', echo, {}, '/a%20b/c?x=1&y=%C3%BC#part'),
  {
    name: 'headers of the response, several cookies among them',
    handle: () =>
      new Response('x', {
        headers: [
          ['X-One', 'a'],
          ['x-one', 'b'],
          ['set-cookie', 'k=1'],
          ['set-cookie', 'l=2'],
          ['content-type', 'text/x'],
        ],
      }),
    async call(base) {
      const { headers } = await fetch(base);
      return [
        headers.get('x-one'),
        headers.getSetCookie(),
        headers.get('content-type'),
        headers.get('missing'),
      ];
    },
  },
  {
    name: 'json, and json that is none',
    handle: (request) =>
      request.url.endsWith('/bad') ? new Response('{"a":') : Response.json({ a: [1, null, 'ü'] }),
    call: async (base) => [
      await (await fetch(base)).json(),
      ((await outcomeOf((await fetch(`${base}/bad`)).json())) as { error: { name: string } }).error.name,
    ],
  },
  {
    name: 'bytes, a blob and an array buffer',
    handle: () => new Response(bytesOf(1_000), { headers: { 'content-type': 'image/x' } }),
    async call(base) {
      const blob = await (await fetch(base)).blob();
      const buffer = await (await fetch(base)).arrayBuffer();
      return [blob.size, blob.type, Buffer.from(buffer).toString('base64')];
    },
  },
  {
    name: 'form data of the response',
    handle() {
      const form = new FormData();
      form.set('name', 'teapot');
      form.set('file', new Blob(['content']), 'a.txt');
      return new Response(form);
    },
    async call(base) {
      const form = await (await fetch(base)).formData();
      const file = form.get('file') as File;
      return [form.get('name'), file.name, await file.text()];
    },
  },
  {
    name: 'a body that is read twice, and one that is cloned',
    handle: () => new Response('once'),
    async call(base) {
      const response = await fetch(base);
      const copy = response.clone();
      const first = await response.text();
      const again = await outcomeOf(response.text());
      return [first, response.bodyUsed, (again as { error: { name: string } }).error.name, await copy.text()];
    },
  },
];

const bodies: FetchCase[] = [
  looking('what a bare request brings along', echo),
  looking('headers of the caller', echo, {
    headers: { 'X-Own': 'a', 'User-Agent': 'me', cookie: 'a=1', authorization: 'Bearer x' },
  }),
  looking('a text body', echo, post('Grüße')),
  looking(
    'a body of json with its type',
    echo,
    post('{"a":1}', { headers: { 'content-type': 'application/json' } }),
  ),
  looking('a body of parameters', echo, post(new URLSearchParams({ a: '1', b: 'ü &' }))),
  looking('a body of bytes', echo, post(new Uint8Array([104, 105]))),
  looking('a body of a blob with a type', echo, post(new Blob(['hi'], { type: 'text/x' }))),
  looking('an empty POST', echo, { method: 'POST' }),
  looking('a DELETE with a body', echo, post('x', { method: 'DELETE' })),
  {
    name: 'a body of form data',
    handle: echo,
    async call(base) {
      const form = new FormData();
      form.set('name', 'teapot');
      form.set('file', new Blob(['content'], { type: 'text/x' }), 'a.txt');
      return seenOf(await fetch(base, post(form)), base);
    },
  },
  {
    name: 'a Request instead of a URL, and one with overrides',
    handle: echo,
    async call(base) {
      const request = (): Request =>
        new Request(`${base}/r`, post('from a Request', { headers: { 'x-own': '1' } }));
      return [
        await seenOf(await fetch(request()), base),
        await seenOf(await fetch(request(), { headers: { 'x-own': '2' } }), base),
        await seenOf(await fetch(new URL(`${base}/u`)), base),
      ];
    },
  },
  {
    name: 'a body of the response in pieces, with timers between them',
    handle: () =>
      new Response(
        streamOf(
          [1, 2, 3].map(() => bytesOf(100)),
          aTimer,
        ),
      ),
    async call(base) {
      const response = await fetch(base);
      return [headOf(response, base), (await response.arrayBuffer()).byteLength];
    },
  },
  {
    name: 'a body of the request in pieces, with timers between them',
    handle: async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
    call: async (base) =>
      seenOf(
        await fetch(base, {
          ...post(
            streamOf(
              [1, 2, 3].map(() => bytesOf(100)),
              aTimer,
            ),
          ),
          duplex: 'half',
        }),
        base,
      ),
  },
  {
    name: 'a body of the request without duplex',
    handle: echo,
    call: (base) => outcomeOf(fetch(base, post(streamOf([bytesOf(1)], aTimer)))),
  },
  {
    name: 'large bodies both ways, byte by byte',
    handle: (request) => new Response(request.body),
    async call(base) {
      const sent = bytesOf(3_000_000);
      const got = new Uint8Array(await (await fetch(base, post(sent))).arrayBuffer());
      return [got.length, Buffer.compare(got, sent)];
    },
  },
  {
    name: 'a large body in pieces larger than any window',
    handle: () => new Response(streamOf([bytesOf(700_000), bytesOf(700_000)], aTimer)),
    call: async (base) => (await (await fetch(base)).arrayBuffer()).byteLength,
  },
  {
    name: 'an endless body whose reader cancels',
    handle: () =>
      new Response(new ReadableStream({ pull: (controller) => controller.enqueue(bytesOf(10_000)) })),
    async call(base) {
      const reader = (await fetch(base)).body!.getReader();
      let read = 0;
      while (read < 1_000_000) read += (await reader.read()).value!.length;
      await reader.cancel();
      return [read >= 1_000_000, await reader.read()];
    },
  },
  {
    name: 'an answer before the body of the request is over',
    handle: () => new Response('early'),
    call: async (base) =>
      (
        await fetch(base, {
          ...post(
            streamOf(
              [1, 2, 3].map(() => bytesOf(10)),
              aTimer,
            ),
          ),
          duplex: 'half',
        })
      ).text(),
  },
];

function following(status: number, method: string, init: RequestInit = {}): FetchCase {
  const body = method === 'GET' || method === 'HEAD' ? null : 'the body';
  const headers = { 'x-own': 'kept', ...(body === null ? {} : { 'content-type': 'text/x' }) };
  return looking(
    `${method} through a redirect with ${status}`,
    redirecting,
    { method, body, headers, ...init },
    `/${status}/end?a=1`,
  );
}

const redirects: FetchCase[] = [
  ...[301, 302, 303, 307, 308].flatMap((status) =>
    ['GET', 'POST', 'PUT', 'HEAD', 'DELETE'].map((method) => following(status, method)),
  ),
  looking('a chain of redirects', redirecting, {}, '/302/301/307/end'),
  looking('twenty redirects', redirecting, {}, `${'/302'.repeat(20)}/end`),
  looking('twenty-one redirects', redirecting, {}, `${'/302'.repeat(21)}/end`),
  looking('a redirect that is an error', redirecting, { redirect: 'error' }, '/302/end'),
  looking('a redirect that is left to the caller', redirecting, { redirect: 'manual' }, '/302/end'),
  looking('a redirect without a location', () => new Response('nowhere', { status: 302 })),
  looking(
    'a redirect to something that is no address',
    () => new Response('x', { status: 302, headers: { location: 'http://[' } }),
  ),
  looking(
    'a redirect to another scheme',
    () => new Response('x', { status: 302, headers: { location: 'ftp://example.test/' } }),
  ),
  looking('a fragment across a redirect', redirecting, {}, '/302/end#part'),
  {
    name: 'a redirect of form data, with its body sent again',
    handle: redirecting,
    async call(base) {
      const form = new FormData();
      form.set('name', 'teapot');
      return seenOf(await fetch(`${base}/307/end`, post(form)), base);
    },
  },
  {
    name: 'a redirect of a Request with a body',
    handle: redirecting,
    call: async (base) => seenOf(await fetch(new Request(`${base}/308/end`, post('again'))), base),
  },
  {
    name: 'a redirect of a stream, which cannot be sent again',
    handle: async (request) => {
      await request.text();
      return redirecting(request);
    },
    async call(base) {
      const init = { ...post(streamOf([bytesOf(1)], aTimer)), duplex: 'half' } as RequestInit;
      return fetch(`${base}/307/end`, init).then(
        () => 'sent again',
        (error: unknown) => (error as Error).message,
      );
    },
  },
];

/** Calls when the handler was reached. */
function reaching(): { handle: Handle; reached: Promise<void>; seen: Promise<string> } {
  let note = (): void => {};
  let noteSeen: (what: string) => void;
  const reached = new Promise<void>((resolve) => (note = resolve));
  const seen = new Promise<string>((resolve) => (noteSeen = resolve));
  const handle: Handle = (request) => {
    request.signal.addEventListener('abort', () => noteSeen('the server noticed'));
    note();
    return new Promise(() => {});
  };
  return { handle, reached, seen };
}

function aborting(name: string, reason?: unknown): FetchCase {
  // One server for each side, so that neither sees what reached the other.
  const sides = [reaching(), reaching()];
  let side = -1;
  return {
    name,
    handle: (request) => sides[side]!.handle(request),
    async call(base) {
      const { reached, seen } = sides[++side]!;
      const controller = new AbortController();
      const outcome = outcomeOf(fetch(base, { signal: controller.signal }));
      await reached;
      controller.abort(reason);
      return [await outcome, await seen];
    },
  };
}

const aborts: FetchCase[] = [
  aborting('an abort before the headers'),
  aborting("an abort with a reason of one's own", new RangeError('enough')),
  aborting('an abort with something that is no error', 'enough'),
  {
    name: 'a signal that was aborted before',
    handle: never,
    call: (base) => outcomeOf(fetch(base, { signal: AbortSignal.abort() })),
  },
  {
    name: 'a signal that was aborted before, on a Request',
    handle: never,
    call: (base) => outcomeOf(fetch(new Request(base, { signal: AbortSignal.abort(new Error('mine')) }))),
  },
  {
    name: 'the signal of a Request that is overridden by none',
    handle: () => new Response('not aborted'),
    call: (base) =>
      outcomeOf(
        fetch(new Request(base, { signal: AbortSignal.abort() }), { signal: null }).then((response) =>
          response.text(),
        ),
      ),
  },
  {
    name: 'a time-out before the headers',
    handle: never,
    call: (base) => outcomeOf(fetch(base, { signal: AbortSignal.timeout(20) })),
  },
  {
    name: 'an abort in the middle of the body',
    handle: () =>
      new Response(
        streamOf([bytesOf(10)], () => new Promise((resolve) => setTimeout(resolve, 5))).pipeThrough(
          neverEnding(),
        ),
      ),
    async call(base) {
      const controller = new AbortController();
      const response = await fetch(base, { signal: controller.signal });
      const reader = response.body!.getReader();
      const first = await reader.read();
      controller.abort();
      return [first.value?.length, await outcomeOf(reader.read())];
    },
  },
  {
    name: 'a time-out in the middle of the body',
    handle: () =>
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(bytesOf(10)) })),
    async call(base) {
      const response = await fetch(base, { signal: AbortSignal.timeout(1_000) });
      return outcomeOf(response.text());
    },
  },
  {
    name: 'an abort after the body was read',
    handle: () => new Response('all of it'),
    async call(base) {
      const controller = new AbortController();
      const response = await fetch(base, { signal: controller.signal });
      const text = await response.text();
      controller.abort();
      return text;
    },
  },
];

/** Passes everything on, and never ends. */
function neverEnding(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({ flush: () => new Promise(() => {}) });
}

const failures: FetchCase[] = [
  looking('a connection that is reset before the headers', () => Response.error()),
  {
    name: 'a connection that is reset in the middle of the body',
    handle: () => {
      let pulls = 0;
      return new Response(
        new ReadableStream({
          async pull(controller) {
            if (++pulls === 1) return controller.enqueue(bytesOf(10));
            await new Promise((resolve) => setTimeout(resolve, 20));
            controller.error(new Error('the disk is gone'));
          },
        }),
      );
    },
    async call(base) {
      const reader = (await fetch(base)).body!.getReader();
      return [(await reader.read()).value?.length, await outcomeOf(reader.read())];
    },
  },
  {
    name: 'a body of the request that fails',
    handle: async (request) => new Response(await request.text()),
    call: (base) =>
      outcomeOf(
        fetch(base, {
          ...post(
            new ReadableStream({
              async pull(controller) {
                await aTimer();
                controller.error(new Error('the disk is gone'));
              },
            }),
          ),
          duplex: 'half',
        }),
      ),
  },
  {
    name: 'what is no address, no scheme or no request',
    handle: never,
    async call(base) {
      return Promise.all(
        [
          fetch('no address'),
          fetch('ftp://example.test/'),
          fetch('http://user:secret@example.test/'),
          // oxlint-disable-next-line unicorn/no-invalid-fetch-options -- that it is refused is the case
          fetch(base, { method: 'GET', body: 'x' }),
          fetch(base, { method: 'NO METHOD' }),
          fetch(base, { headers: { 'no header': 'x' } }),
        ].map(async (promise) => {
          const { error } = (await outcomeOf(promise)) as { error: { name: string } };
          return error.name;
        }),
      );
    },
  },
];

/** Every case. */
export const fetchCases: readonly FetchCase[] = [...plain, ...bodies, ...redirects, ...aborts, ...failures];
