// Stretches of time in which a service does not answer as usual, at one that is reached by messages and at
// one on a socket.

import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { handler, simulate, type Fault, type HostDefinition, type RunResult } from '../../../src/index.ts';
import { describeFault } from '../../../src/faults/describe.ts';
import { calmPlan } from '../../../src/faults/fault.ts';
import { scenarioOf } from '../../scenario/driven.ts';

const services: Readonly<Record<string, () => HostDefinition>> = {
  messages: () => handler(() => () => new Response('ok')),
  sockets: () =>
    handler(() => (request: IncomingMessage, response: ServerResponse) => {
      request.resume();
      response.end('ok');
    }),
};

/** Asks every 100 ms. @returns what came, and when, to the tenth of a second. */
async function asking(
  make: () => HostDefinition,
  fault: Fault,
  stormMs = 10_000,
): Promise<{ seen: string[]; result: RunResult }> {
  const seen: string[] = [];
  const began = Date.UTC(2024, 0);
  const scenario = scenarioOf({ hosts: { api: make() }, stormMs }, async (world) => {
    await world.client('guest', async () => {
      const asked: Promise<void>[] = [];
      for (let i = 0; i < 6; i++) {
        const ask = async (): Promise<void> => {
          const what = await fetch('http://api/', { signal: AbortSignal.timeout(1_000) }).then(
            ({ status }) => String(status),
            (error: unknown) => {
              const { name, cause } = error as Error & { cause?: { code: string } };
              return cause?.code ?? name;
            },
          );
          seen[i] = `${what} ${Math.floor((Date.now() - began) / 100)}`;
        };
        asked.push(ask());
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await Promise.all(asked);
    });
  });
  const result = await simulate(scenario, { seed: 1, plan: { ...calmPlan, faults: [fault] } });
  assert.equal(result.verdict, 'ok', result.violations[0]?.message);
  return { seen, result };
}

const window = { host: 'api', atMs: 150, forMs: 200 } as const;
const outages: readonly {
  readonly fault: Fault;
  readonly seen: readonly string[];
  readonly words: string;
}[] = [
  {
    fault: { kind: 'outage', ...window, form: 'refuse' },
    seen: ['200 0', '200 1', 'REFUSED 2', 'REFUSED 3', '200 4', '200 5'],
    words: 'outage of api at 150 ms for 200 ms: connections are refused',
  },
  {
    fault: { kind: 'outage', ...window, form: 'unavailable' },
    seen: ['200 0', '200 1', '503 2', '503 3', '200 4', '200 5'],
    words: 'outage of api at 150 ms for 200 ms: requests are answered 503 without being executed',
  },
  {
    fault: { kind: 'outage', ...window, form: 'hang' },
    seen: ['200 0', '200 1', 'TimeoutError 12', 'TimeoutError 13', '200 4', '200 5'],
    words: 'outage of api at 150 ms for 200 ms: requests are never answered',
  },
  {
    fault: { kind: 'outage', ...window, form: 'hold' },
    seen: ['200 0', '200 1', '200 3', '200 3', '200 4', '200 5'],
    words: 'outage of api at 150 ms for 200 ms: requests wait, and arrive all at once afterwards',
  },
  {
    fault: { kind: 'brownout', ...window, share: 1 },
    seen: ['200 0', '200 1', '503 2', '503 3', '200 4', '200 5'],
    words:
      'brownout of api at 150 ms for 200 ms: 100 % of the requests are answered 503 without being executed',
  },
  {
    fault: { kind: 'brownout', ...window, share: 1, byMs: 300 },
    seen: ['200 0', '200 1', '200 5', '200 6', '200 4', '200 5'],
    words: 'brownout of api at 150 ms for 200 ms: 100 % of the requests wait 300 ms',
  },
];

for (const { fault, seen, words } of outages) {
  for (const [name, make] of Object.entries(services)) {
    test(`${words} (${name})`, async () => {
      const { seen: what, result } = await asking(make, fault);
      // A connection that is open is reset, the next one is refused.
      const isOpen = name === 'sockets' && fault.kind === 'outage' && fault.form === 'refuse';
      const shown = what.map((each) => each.replace('ECONN', ''));
      if (isOpen) assert.equal(shown.splice(2, 1, String(seen[2]))[0], 'RESET 2');
      assert.deepEqual(shown, seen);
      assert.deepEqual(result.ledger, [fault]);
      assert.equal(describeFault(fault), words);
    });
  }
}

for (const [name, make] of Object.entries(services)) {
  test(`an outage that no request meets is not in the ledger (${name})`, async () => {
    const { result } = await asking(make, {
      kind: 'outage',
      host: 'api',
      atMs: 5_000,
      forMs: 1,
      form: 'hang',
    });
    assert.deepEqual(result.ledger, []);
  });

  test(`what waits goes on when the storm is over (${name})`, async () => {
    for (const fault of [
      { kind: 'outage', ...window, forMs: 60_000, form: 'hold' },
      { kind: 'brownout', ...window, forMs: 60_000, share: 1, byMs: 60_000 },
      { kind: 'slowAnswer', from: 'guest', to: 'api', label: 'GET /', nth: 3, byMs: 60_000, executed: false },
    ] satisfies Fault[]) {
      const { seen } = await asking(make, fault, 400);
      assert.equal(seen[2], '200 4', fault.kind);
      assert.equal(seen[5], '200 5', fault.kind);
    }
  });
}

test('a brownout hits a share of the requests, and the same ones again', async () => {
  const fault: Fault = { kind: 'brownout', host: 'api', atMs: 0, forMs: 60_000, share: 0.3 };
  const counted = async (): Promise<number[]> => {
    const failed: number[] = [];
    const scenario = scenarioOf(
      { hosts: { api: (services['messages'] as () => HostDefinition)() } },
      (world) =>
        world.client('guest', async () => {
          for (let i = 0; i < 200; i++) if ((await fetch('http://api/')).status === 503) failed.push(i);
        }),
    );
    await simulate(scenario, { seed: 5, plan: { ...calmPlan, faults: [fault] } });
    return failed;
  };
  const failed = await counted();
  assert.ok(failed.length > 40 && failed.length < 80, `${failed.length}`);
  assert.deepEqual(await counted(), failed);
});
