// That an alteration does what it says, over messages and over sockets, to memory and to files; and that
// what is left is seen, whatever shape it is exposed in.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import { describe, test } from 'node:test';
import { defineScenario, handler, mutate, swarm } from '../../src/index.ts';
import type { Host, HostDefinition, MutationFamily, RequestAlteration, Scenario } from '../../src/index.ts';

/** Three clients each ask once, in turn. */
function asked(
  host: HostDefinition,
  more: object = {},
  method: 'POST' | 'GET' = 'POST',
): Scenario<undefined> {
  return defineScenario({
    name: 'asked',
    hosts: { server: host },
    async drive(world) {
      for (const name of ['ada', 'ben', 'eve']) {
        await world.client(name, (client) =>
          client.operation('ask', name, async () => {
            return (await fetch(`http://server:80/${name}`, { method })).text();
          }),
        );
      }
    },
    ...more,
  });
}

async function familyOf(
  scenario: Scenario<undefined>,
  of: MutationFamily['of'],
  kind: MutationFamily['kind'],
): Promise<MutationFamily | undefined> {
  const { families } = await mutate(scenario, { runs: 100 });
  return families.find((family) => family.of === of && family.kind === kind);
}

/** A service in memory that counts, and publishes its count as it is told to. */
function counting(publish: (count: () => number) => Record<string, unknown>): HostDefinition {
  return handler((host: Host) => {
    let count = 0;
    host.expose(publish(() => count));
    return () => {
      count++;
      return new Response('counted');
    };
  });
}

class Counter {
  readonly #count: () => number;
  constructor(count: () => number) {
    this.#count = count;
  }
  get now(): number {
    return this.#count();
  }
}

class Counts {
  readonly #count: () => number;
  constructor(count: () => number) {
    this.#count = count;
  }
  entries(): [string, number][] {
    return [['count', this.#count()]];
  }
}

const SHAPES: readonly (readonly [
  shape: string,
  publish: (count: () => number) => Record<string, unknown>,
])[] = [
  ['a view', (count) => ({ count: () => count() })],
  ['a getter', (count) => ({ counter: new Counter(count) })],
  ['entries', (count) => ({ counts: new Counts(count) })],
  ['a map in a list', (count) => ({ deep: () => [new Map([['count', { is: count() }]])] })],
];

describe('what is left of a run', () => {
  for (const [shape, publish] of SHAPES) {
    test(`is seen behind ${shape}`, async () => {
      const family = await familyOf(asked(counting(publish)), 'request', 'doubled');
      assert.ok(family !== undefined && family.survived === family.runs);
      assert.match(family.survivors[0]?.differences.join() ?? '', /^server exposes .*: 3 → 4$/);
    });
  }

  test('is not looked for where nothing can be read: servers, promises, functions of something', async () => {
    const publish = (count: () => number) => ({
      server: http.createServer(),
      at: (which: number) => which + count(),
      later: Promise.resolve(count()),
      Counter,
    });
    const family = await familyOf(asked(counting(publish)), 'request', 'doubled');
    assert.ok(family !== undefined && family.unseen === family.runs);
  });
});

describe('an altered request', () => {
  /** A listener of Node.js, which is reached over sockets, and numbers whom it answers. */
  const listener = handler((host: Host) => {
    const served: string[] = [];
    host.expose({ served });
    return (request: http.IncomingMessage, response: http.ServerResponse) => {
      served.push(request.url ?? '');
      response.end(`number ${served.length}`);
    };
  });

  for (const [kind, difference] of [
    ['dropped', /^ben ask "ben" gave|^server exposes served/m],
    ['doubled', /^server exposes served 3: nothing → "/m],
  ] as const) {
    test(`is ${kind} over sockets, and answered as ever`, async () => {
      const family = await familyOf(asked(listener), 'request', kind);
      assert.ok(family !== undefined && family.survived === family.runs, JSON.stringify(family));
      for (const { alteration, differences, noticedBy } of family.survivors) {
        assert.match(differences.join('\n'), difference);
        assert.deepEqual(noticedBy, []);
        // Whoever asked hears of the first time alone.
        const { from } = alteration as RequestAlteration;
        if (kind === 'doubled') assert.doesNotMatch(differences.join('\n'), new RegExp(`^${from} ask`, 'm'));
      }
    });
  }

  test('gets an answer of before, or that of another', async () => {
    const counter = handler(() => {
      let count = 0;
      return () => new Response(`number ${++count}`);
    });
    const sameLabel = asked(counter, {
      async drive(world: Parameters<Scenario<undefined>['drive']>[0]) {
        await world.client('ada', async (client) => {
          for (const nth of [1, 2, 3]) {
            await client.operation('ask', nth, async () => (await fetch('http://server/')).text());
          }
        });
      },
    });
    const stale = await familyOf(sameLabel, 'request', 'stale');
    assert.ok(stale !== undefined && stale.survived === stale.runs);
    // It is not executed either: whoever comes after gets that number.
    const told = stale.survivors.map(({ differences }) => differences.join('; '));
    assert.ok(
      told.includes('ada ask 2 gave: "number 2" → "number 1"; ada ask 3 gave: "number 3" → "number 2"'),
    );
    const swapped = await familyOf(sameLabel, 'request', 'swapped');
    const exchanged = swapped?.survivors.map(({ differences }) => differences.join('; '));
    assert.ok(
      exchanged?.includes('ada ask 1 gave: "number 1" → "number 2"; ada ask 2 gave: "number 2" → "number 1"'),
    );
  });

  test('that only reads is neither dropped nor doubled, nor missed in the history', async () => {
    const { families } = await mutate(
      asked(
        counting(() => ({})),
        {},
        'GET',
      ),
      { runs: 50 },
    );
    assert.deepEqual(
      families.map(({ of, kind }) => `${of} ${kind}`),
      [],
    );
  });
});

test('an altered write of a file is lost, and nothing else', async () => {
  const keeper = handler((host: Host) => {
    const read = (): string => (fs.existsSync('/tmp/kept') ? fs.readFileSync('/tmp/kept', 'utf8') : '');
    host.expose({ atBoot: read() });
    return (request: Request) => {
      fs.appendFileSync('/tmp/kept', new URL(request.url).pathname);
      return new Response('kept');
    };
  });
  const scenario = asked(keeper, { faults: swarm({ crash: ['server'] }) });
  const lost = await familyOf(scenario, 'disk write', 'dropped');
  assert.equal(lost?.what, 'server: the write of `/tmp/kept` is lost');
  assert.ok(lost.survived > 0, JSON.stringify(lost));
  assert.match(lost.survivors[0]?.differences[0] ?? '', /^server exposes atBoot: ".*" → ".*"$/);
});
