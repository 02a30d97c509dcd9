import assert from 'node:assert/strict';
import { test } from 'node:test';
import { http, HttpResponse, type HttpHandler } from 'msw';
import { calmPlan } from '../../src/faults/fault.ts';
import { virtualService } from '../../src/services/virtual-service.ts';
import { asGuest, driven, outcomeOf } from '../scenario/driven.ts';

const BANK = 'https://api.bank.test';

function bank(...handlers: HttpHandler[]): { hosts: { 'api.bank.test': ReturnType<typeof virtualService> } } {
  return { hosts: { 'api.bank.test': virtualService(() => handlers) } };
}

async function answer(path: string, init?: RequestInit): Promise<string> {
  const response = await fetch(BANK + path, init);
  return `${response.status} ${await response.text()}`;
}

test('handlers of msw answer by method, path and parameters, and see the request', async () => {
  const options = bank(
    http.get(`${BANK}/accounts/:id`, ({ params }) => HttpResponse.json({ id: params.id })),
    http.post('*/charges', async ({ request }) => {
      const { amount } = (await request.json()) as { amount: number };
      return HttpResponse.json({ amount, key: request.headers.get('idempotency-key') }, { status: 201 });
    }),
  );
  const { value } = await asGuest(options, async () => [
    await answer('/accounts/7'),
    await answer('/charges', { method: 'POST', body: '{"amount":5}', headers: { 'Idempotency-Key': 'k' } }),
  ]);
  assert.deepEqual(value, ['200 {"id":"7"}', '201 {"amount":5,"key":"k"}']);
});

test('what handlers remember, once and generators included, is new at each boot', async () => {
  let boots = 0;
  const service = virtualService((host) => {
    boots++;
    let count = 0;
    return [
      http.get(`${BANK}/once`, () => HttpResponse.text('the first time'), { once: true }),
      http.get(`${BANK}/once`, () => HttpResponse.text('later')),
      http.get(`${BANK}/generator`, function* () {
        yield HttpResponse.text('one');
        yield HttpResponse.text('two');
        return HttpResponse.text('for ever');
      }),
      http.get(`${BANK}/count`, () => HttpResponse.text(`${host.incarnation}/${++count}`)),
    ];
  });
  const { value } = await asGuest({ hosts: { 'api.bank.test': service } }, async (world) => {
    const asked: string[][] = [];
    for (let life = 0; life < 2; life++) {
      const answers: string[] = [];
      for (const path of [
        '/once',
        '/once',
        '/generator',
        '/generator',
        '/generator',
        '/generator',
        '/count',
        '/count',
      ]) {
        answers.push((await answer(path)).slice(4));
      }
      asked.push(answers);
      await world.host('api.bank.test').restart();
    }
    return asked;
  });
  const same = ['the first time', 'later', 'one', 'two', 'for ever', 'for ever'];
  assert.deepEqual(value, [
    [...same, '1/1', '1/2'],
    [...same, '2/1', '2/2'],
  ]);
  assert.equal(boots, 3);
});

test('HttpResponse.error() is a broken connection', async () => {
  const { value } = await asGuest(bank(http.get(`${BANK}/`, () => HttpResponse.error())), () =>
    outcomeOf(answer('/')),
  );
  assert.equal(value, 'TypeError: fetch failed (ECONNRESET)');
});

test('a handler that throws a response answers with it, with anything else it answers 500', async () => {
  const options = bank(
    http.get(`${BANK}/response`, () => {
      // oxlint-disable-next-line typescript/only-throw-error -- msw has it so
      throw HttpResponse.text('thrown', { status: 409 });
    }),
    http.get(`${BANK}/error`, () => {
      throw new Error('boom');
    }),
  );
  const { value } = await asGuest(options, async () => [
    await answer('/response'),
    (await answer('/error')).slice(0, 3),
  ]);
  assert.deepEqual(value, ['409 thrown', '500']);
});

test('a request that no handler takes is loud: it fails the run and names the request', async () => {
  const { result } = await asGuest(
    bank(http.get(`${BANK}/known`, () => HttpResponse.text('x'))),
    () => answer('/unknown', { method: 'PUT' }),
    { mayFail: true },
  );
  const [violation] = result.violations;
  assert.equal(violation?.name, 'api.bank.test');
  assert.match(
    violation?.message ?? '',
    /the virtual service "api.bank.test" has no handler for PUT \/unknown/,
  );
});

test('the network and its faults come before a virtual service as before any host', async () => {
  let executed = 0;
  const options = bank(http.post(`${BANK}/charges`, () => HttpResponse.text(String(++executed))));
  const { value } = await asGuest(options, () => outcomeOf(answer('/charges', { method: 'POST' })), {
    plan: {
      ...calmPlan,
      faults: [
        {
          kind: 'reset',
          from: 'api.bank.test',
          to: 'guest',
          message: 'response',
          label: 'POST /charges',
          nth: 1,
        },
      ],
    },
  });
  assert.deepEqual([value, executed], ['TypeError: fetch failed (ECONNRESET)', 1]);
});

test('a virtual service exposes values to checks, and is the same run every time', async () => {
  const options = {
    hosts: {
      'api.bank.test': virtualService((host) => {
        const charges: string[] = [];
        host.expose({ charges });
        return [
          http.post(`${BANK}/charges`, () => {
            charges.push(crypto.randomUUID());
            return HttpResponse.json({ at: Date.now() });
          }),
        ];
      }),
    },
  };
  const run = () =>
    asGuest(options, async (world) => {
      await answer('/charges', { method: 'POST' });
      return world.host('api.bank.test').exports;
    });
  const [first, second] = [await run(), await run()];
  assert.deepEqual(first.value, second.value);
  assert.equal((first.value as { charges: string[] }).charges.length, 1);
  assert.equal(first.result.hash, second.result.hash);
});

test('what is no factory, or makes no list of handlers, is refused', async () => {
  assert.throws(() => virtualService([] as never), {
    code: 'WT_OPTION',
    message: /`virtualService\(factory\)` to be a function/,
  });
  const hosts = { 'api.bank.test': virtualService((() => http) as never) };
  const { result } = await driven({ hosts }, () => {}, { mayFail: true });
  assert.match(
    result.violations[0]?.message ?? '',
    /what the factory of virtualService\(\) returned` to be a list of handlers/,
  );
});
