// Each fault in an answer, at a service that is reached by messages and at services on sockets, with and
// without chunks: what the client sees, how often the program was asked, and what the ledger says.

import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { handler, simulate, swarm, type Fault, type HostDefinition } from '../../../src/index.ts';
import { describeFault } from '../../../src/faults/describe.ts';
import { calmPlan, type FaultPlan } from '../../../src/faults/fault.ts';
import type { RunResult } from '../../../src/scenario/result.ts';
import { scenarioOf } from '../../scenario/driven.ts';

const BODY = '{"id":1,"name":"xxxxxxxxxx"}';
const BYTES = BODY.length;
const PATIENCE_MS = 1_000;

/** Three services that do the same. */
const services: Readonly<Record<string, () => HostDefinition>> = {
  messages: () =>
    handler((host) => {
      const seen: string[] = [];
      host.expose({ seen });
      return async (request) => {
        seen.push(await request.text());
        return new Response(BODY, { headers: { 'content-type': 'application/json', 'x-own': 'yes' } });
      };
    }),
  sockets: () => listener((response) => response.end(BODY)),
  chunks: () =>
    listener((response) => {
      response.write(BODY.slice(0, 4));
      response.end(BODY.slice(4));
    }),
};

function listener(answer: (response: ServerResponse) => void): HostDefinition {
  return handler((host) => {
    const seen: string[] = [];
    host.expose({ seen });
    return (request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        seen.push(body);
        response.setHeader('content-type', 'application/json').setHeader('x-own', 'yes');
        answer(response);
      });
    };
  });
}

interface Seen {
  /** What the client saw of the first request. */
  readonly first: string;
  /** What the service was sent, in all. */
  readonly executed: readonly string[];
  readonly tookMs: number;
  readonly headers: Headers | undefined;
  readonly result: RunResult;
}

/** Makes two requests to a service under a plan. */
async function asked(make: () => HostDefinition, faults: readonly Fault[]): Promise<Seen> {
  let first = '';
  let tookMs = 0;
  let headers: Headers | undefined;
  let executed: readonly string[] = [];
  const olderSchema = { api: ({ id }: { id: number }) => ({ id: String(id) }) };
  const scenario = scenarioOf({ hosts: { api: make() }, faults: swarm({ olderSchema }) }, async (world) => {
    await world.client('guest', async () => {
      first = '';
      const beganMs = Date.now();
      const signal = AbortSignal.timeout(PATIENCE_MS);
      try {
        const response = await fetch('http://api/x?y', { method: 'PUT', body: 'one', signal });
        ({ headers } = response);
        first = `${response.status} `;
        first += await response.text();
      } catch (error) {
        const { cause, name } = error as Error & { cause?: { code?: string } };
        first += cause?.code ?? name;
      }
      tookMs = Date.now() - beganMs;
      const again = await fetch('http://api/x', { method: 'PUT', body: 'two' });
      assert.equal(`${again.status} ${await again.text()}`, `200 ${BODY}`, 'the next request is whole');
    });
    executed = [...((world.host('api').exports?.['seen'] as string[] | undefined) ?? [])];
  });
  const plan: FaultPlan = { ...calmPlan, faults };
  const result = await simulate(scenario, { seed: 1, plan });
  assert.equal(result.verdict, 'ok', result.violations[0]?.message);
  const replayed = await simulate(scenario, { seed: 1, plan: { ...calmPlan, faults: result.ledger } });
  assert.equal(replayed.hash, result.hash, 'the ledger makes the same run');
  return { first, tookMs, headers, executed, result };
}

const ref = { from: 'guest', to: 'api', label: 'PUT /x', nth: 1 } as const;

interface Expected {
  readonly fault: Fault;
  readonly first: string | RegExp;
  readonly executed: readonly string[];
  readonly words: string;
  readonly tookMs?: number;
}

const ONCE = ['one', 'two'];
const expected: readonly Expected[] = [
  {
    fault: { kind: 'answer', ...ref, status: 503, executed: false },
    first: '503 Service Unavailable\n',
    executed: ['two'],
    words: 'api answers 503 to PUT /x #1 from guest, without executing it',
  },
  {
    fault: { kind: 'answer', ...ref, status: 500, executed: true },
    first: '500 Internal Server Error\n',
    executed: ONCE,
    words: 'api answers 500 to PUT /x #1 from guest, after executing it',
  },
  {
    fault: { kind: 'hang', ...ref, executed: false },
    first: 'TimeoutError',
    executed: ['two'],
    words: 'api takes PUT /x #1 from guest and never answers',
    tookMs: PATIENCE_MS,
  },
  {
    fault: { kind: 'hang', ...ref, executed: true },
    first: 'TimeoutError',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and never answers',
    tookMs: PATIENCE_MS,
  },
  {
    fault: { kind: 'lostAnswer', ...ref, ending: 'reset' },
    first: 'ECONNRESET',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and resets the connection instead of answering',
  },
  {
    fault: { kind: 'lostAnswer', ...ref, ending: 'close' },
    first: 'UND_ERR_SOCKET',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and closes the connection instead of answering',
  },
  {
    fault: { kind: 'truncate', ...ref, bytes: 5, ending: 'close' },
    first: '200 UND_ERR_SOCKET',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest, sends 5 bytes of the body and closes the connection',
  },
  {
    fault: { kind: 'truncate', ...ref, bytes: 0, ending: 'reset' },
    first: '200 ECONNRESET',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest, sends 0 bytes of the body and resets the connection',
  },
  {
    fault: { kind: 'truncate', ...ref, bytes: 5, ending: 'hang' },
    first: '200 TimeoutError',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest, sends 5 bytes of the body and falls silent',
    tookMs: PATIENCE_MS,
  },
  {
    fault: { kind: 'malformed', ...ref, body: 'html' },
    first: /^200 <html>.*502 Bad Gateway/s,
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and answers with the error page of a proxy',
  },
  {
    fault: { kind: 'malformed', ...ref, body: 'html', status: 502 },
    first: /^502 <html>/,
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and answers with 502 and the error page of a proxy',
  },
  {
    fault: { kind: 'malformed', ...ref, body: 'broken-json' },
    first: `200 ${BODY.slice(0, BYTES / 2)}`,
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and answers with half of the body',
  },
  {
    fault: { kind: 'malformed', ...ref, body: 'empty' },
    first: '200 ',
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and answers with an empty body',
  },
  {
    fault: { kind: 'olderSchema', ...ref },
    first: '200 {"id":"1"}',
    executed: ONCE,
    words: 'api answers PUT /x #1 from guest in an older schema',
  },
  {
    fault: { kind: 'twice', ...ref, afterMs: 7 },
    first: `200 ${BODY}`,
    executed: ['one', 'one', 'two'],
    words: 'api executes PUT /x #1 from guest twice, because a proxy sent it again after 7 ms',
    tookMs: 7,
  },
  {
    fault: { kind: 'slowAnswer', ...ref, byMs: 100, executed: false },
    first: `200 ${BODY}`,
    executed: ONCE,
    words: 'api begins to execute PUT /x #1 from guest 100 ms late',
    tookMs: 100,
  },
  {
    fault: { kind: 'slowAnswer', ...ref, byMs: 100, executed: true },
    first: `200 ${BODY}`,
    executed: ONCE,
    words: 'api executes PUT /x #1 from guest and answers 100 ms late',
    tookMs: 100,
  },
];

for (const { fault, first, executed, words, tookMs = 0 } of expected) {
  for (const [name, make] of Object.entries(services)) {
    test(`${words} (${name})`, async () => {
      const seen = await asked(make, [fault]);
      if (typeof first === 'string') assert.equal(seen.first, first);
      else assert.match(seen.first, first);
      assert.deepEqual(seen.executed, executed);
      assert.deepEqual(seen.result.ledger, [fault]);
      assert.equal(describeFault(fault), words);
      // The way there and back takes 2 ms, or 4 where a connection is opened.
      assert.ok(seen.tookMs >= tookMs && seen.tookMs <= tookMs + 5, `${seen.tookMs} ms`);
    });
  }
}

for (const [name, make] of Object.entries(services)) {
  test(`names the request by the number with which it was sent (${name})`, async () => {
    const second: Fault = { kind: 'answer', ...ref, nth: 2, status: 500, executed: false };
    const scenario = scenarioOf({ hosts: { api: make() } }, (world) =>
      world.client('guest', async () => {
        const statuses: number[] = [];
        const methods = ['PUT', 'POST', 'PUT', 'PUT'];
        for (const method of methods)
          statuses.push((await fetch('http://api/x', { method, body: '' })).status);
        assert.deepEqual(statuses, [200, 200, 500, 200]);
      }),
    );
    const { verdict, violations } = await simulate(scenario, {
      seed: 1,
      plan: { ...calmPlan, faults: [second] },
    });
    assert.equal(verdict, 'ok', violations[0]?.message);
  });

  test(`keeps headers where it changes a body, but those of the body (${name})`, async () => {
    const { headers } = await asked(make, [{ kind: 'malformed', ...ref, body: 'html' }]);
    assert.equal(headers?.get('x-own'), 'yes');
    assert.equal(headers?.get('content-type'), 'text/html');
    const { headers: half } = await asked(make, [{ kind: 'malformed', ...ref, body: 'broken-json' }]);
    assert.equal(half?.get('content-type'), 'application/json');
    assert.equal(half?.get('content-length'), String(BYTES / 2));
  });

  test(`says when to come again (${name})`, async () => {
    const { headers } = await asked(make, [
      { kind: 'answer', ...ref, status: 429, executed: false, retryAfterMs: 1_500 },
    ]);
    assert.equal(headers?.get('retry-after'), '2');
  });

  test(`truncates to fewer bytes than there are, and says how many came (${name})`, async () => {
    const { first, result } = await asked(make, [
      { kind: 'truncate', ...ref, bytes: 9_999, ending: 'close' },
    ]);
    assert.equal(first, '200 UND_ERR_SOCKET');
    assert.deepEqual(result.ledger, [{ kind: 'truncate', ...ref, bytes: BYTES - 1, ending: 'close' }]);
  });
}

test('what does not change the answer is not in the ledger', async () => {
  const empty: () => HostDefinition = () =>
    handler((host) => {
      const seen: string[] = [];
      host.expose({ seen });
      return async (request) => {
        seen.push(await request.text());
        return new Response(seen.length === 1 ? null : BODY, { status: seen.length === 1 ? 204 : 200 });
      };
    });
  for (const fault of [
    { kind: 'truncate', ...ref, bytes: 0, ending: 'close' },
    { kind: 'malformed', ...ref, body: 'empty' },
    { kind: 'olderSchema', ...ref },
  ] satisfies Fault[]) {
    const { first, result } = await asked(empty, [fault]);
    assert.equal(first, '204 ');
    assert.deepEqual(result.ledger, [], fault.kind);
  }
});

test('a proxy sends only what it may send again', async () => {
  let executed = 0;
  const once = async (mayDuplicate: readonly string[]): Promise<number> => {
    executed = 0;
    const counting = handler(() => () => {
      executed++;
      return new Response('ok');
    });
    const scenario = scenarioOf({ hosts: { api: counting }, network: { mayDuplicate } }, (world) =>
      world.client('guest', async () => {
        await fetch('http://api/x', { method: 'POST', body: '' });
      }),
    );
    const fault: Fault = { kind: 'twice', ...ref, label: 'POST /x', afterMs: 1 };
    const { ledger } = await simulate(scenario, { seed: 1, plan: { ...calmPlan, faults: [fault] } });
    assert.equal(ledger.length, executed - 1);
    return executed;
  };
  assert.equal(await once(['PUT']), 1);
  assert.equal(await once(['POST']), 2);
});

test('what a host asks of itself passes nobody who could answer instead', async () => {
  const lonely = handler(() => async (request) => {
    if (new URL(request.url).pathname === '/own') return new Response('own');
    return new Response(String((await fetch('http://api/own')).status));
  });
  const scenario = scenarioOf({ hosts: { api: lonely } }, (world) =>
    world.client('guest', async () => {
      assert.equal(await (await fetch('http://api/')).text(), '200');
    }),
  );
  const plan: FaultPlan = {
    ...calmPlan,
    faults: [
      { kind: 'answer', from: 'api', to: 'api', label: 'GET /own', nth: 1, status: 500, executed: false },
    ],
  };
  const { verdict, ledger } = await simulate(scenario, { seed: 1, plan });
  assert.equal(verdict, 'ok');
  assert.deepEqual(ledger, []);
});
