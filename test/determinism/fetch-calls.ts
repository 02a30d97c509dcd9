// Uses `fetch` in every way: bodies, forms, streams, redirects, aborts, errors; and the server for it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Sightings } from './global-calls.ts';

function parts(texts: readonly string[], pauseMs: number): ReadableStream<Uint8Array> {
  const left = [...texts];
  return new ReadableStream({
    async pull(controller) {
      await sleep(pauseMs);
      const text = left.shift();
      if (text === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(text));
    },
  });
}

/** Answers what `fetchCalls` asks. */
export async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (pathname) {
    case '/echo':
      return new Response(await request.text(), { status: 201, headers: { 'x-at': String(Date.now()) } });
    case '/form': {
      const form = await request.formData();
      return Response.json({ fields: [...form], type: request.headers.get('content-type') });
    }
    case '/stream':
      return new Response(parts(['one ', 'two ', String(Math.random())], 4));
    case '/redirect':
      return new Response(null, { status: 303, headers: { location: '/echo' } });
    case '/slow':
      await sleep(60_000);
      return new Response('late');
    case '/broken':
      return Response.error();
    default:
      throw new Error('no such path');
  }
}

/** Everything that `fetch` can do, against `http://server`. */
export async function fetchCalls(): Promise<Sightings> {
  const url = 'http://server';
  const form = new FormData();
  form.set('name', 'value');
  form.append('name', 'other');
  const failure = async (promise: Promise<unknown>): Promise<string> => {
    const error = await promise.then(
      () => new Error('it did not fail'),
      (reason: unknown) => reason as Error,
    );
    return `${error.name}: ${error.message}; ${String((error.cause as Error | undefined)?.message)}`;
  };
  const echoed = await fetch(new Request(`${url}/echo`, { method: 'POST', body: 'text' }));
  const streamed = await fetch(`${url}/echo`, {
    method: 'POST',
    body: parts(['a', 'b', 'c'], 3),
    duplex: 'half',
  });
  const redirected = await fetch(`${url}/redirect`, { method: 'POST', body: 'x' });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  return {
    echo: [echoed.status, await echoed.text(), ...new Headers(echoed.headers)],
    'streamed request': await streamed.text(),
    'streamed response': await (await fetch(`${url}/stream`)).text(),
    form: await (await fetch(`${url}/form`, { method: 'POST', body: form })).json(),
    redirect: [redirected.redirected, redirected.url, redirected.status],
    'redirect by hand': (await fetch(`${url}/redirect`, { redirect: 'manual' })).status,
    'redirect refused': await failure(fetch(`${url}/redirect`, { redirect: 'error' })),
    abort: await failure(fetch(`${url}/slow`, { signal: controller.signal })),
    timeout: await failure(fetch(`${url}/slow`, { signal: AbortSignal.timeout(20) })),
    'status 500': (await fetch(`${url}/nowhere`)).status,
    'reset by the server': await failure(fetch(`${url}/broken`)),
    'unknown host': await failure(fetch('http://nobody.test/')),
    refused: await failure(fetch('http://idle/')),
    'at the end': performance.now(),
  };
}
