import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { build, transform } from 'esbuild';
import { CheckFailure, defineScenario, explore, handler, program, simulate, swarm } from '../src/index.ts';
import { calmPlan, type FaultPlan } from '../src/faults/fault.ts';
import * as markers from '../src/markers.ts';
import * as removed from '../src/markers-removed.ts';
import type { Scenario } from '../src/scenario/scenario.ts';
import { programFiles } from './host/program-files.ts';
import { root } from './runner.ts';
import { driven, serving, sleep } from './scenario/driven.ts';

const { always, buggify, reachable, sometimes, unreachable } = markers;
const source = `${root}/src/markers.ts`;

describe('outside of a simulation', () => {
  test('markers do nothing', () => {
    sometimes('this');
    reachable('this');
    unreachable('that');
    always('something', false);
    for (let i = 0; i < 100; i++) assert.equal(buggify('anything', 1), false);
  });

  test('what stands for them in production has the same names', () => {
    assert.deepEqual(Object.keys(removed).toSorted(), Object.keys(markers).toSorted());
    for (const marker of Object.values(removed)) assert.equal((marker as () => unknown)(), undefined);
  });
});

/** Asks `buggify` a number of times on two hosts, and tells when it was true. */
function asking(names: readonly string[], probability?: number): Scenario<undefined> {
  const host = serving(() => {
    const fired = names.filter((name) => buggify(name, probability));
    return new Response(fired.join());
  });
  return defineScenario({
    name: 'asking',
    hosts: { left: host, right: host },
    faults: swarm({ buggify: true }),
    drive: (world) =>
      world.client('guest', async (client) => {
        for (let i = 0; i < 20; i++) {
          for (const name of ['left', 'right'])
            await client.operation(name, i, async () => (await fetch(`http://${name}/`)).text());
        }
      }),
  });
}

const points = ['one', 'two', 'three', 'four'];
const chance = (rate: number, hosts?: string[]): FaultPlan => ({
  ...calmPlan,
  buggify: hosts === undefined ? { rate } : { rate, hosts },
});

describe('buggify', () => {
  test('is true as often as it says where all points are active, each time as its own fault', async () => {
    let asked = 0;
    let fired = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { ledger } = await simulate(asking(points, 0.25), { seed, plan: chance(1) });
      assert.equal(new Set(ledger.map((fault) => JSON.stringify(fault))).size, ledger.length);
      asked += 160;
      fired += ledger.length;
    }
    assert.ok(Math.abs(fired / asked - 0.25) < 0.03, `${fired} of ${asked}`);
  });

  test('a point is active or not for a whole run, on all hosts', async () => {
    const runsWith = new Map<string, number>();
    for (let seed = 1; seed <= 100; seed++) {
      const { ledger } = await simulate(asking(points, 1), { seed, plan: chance(0.25) });
      for (const name of points) {
        const count = ledger.filter((fault) => fault.kind === 'buggify' && fault.name === name).length;
        assert.ok(count === 0 || count === 40, `seed ${seed}, ${name}: ${count} of 40`);
        if (count > 0) runsWith.set(name, (runsWith.get(name) ?? 0) + 1);
      }
    }
    for (const name of points) {
      const runs = runsWith.get(name) ?? 0;
      assert.ok(runs > 10 && runs < 45, `${name} was active in ${runs} of 100 runs`);
    }
  });

  test('is limited to the hosts of the chance, and never true without one', async () => {
    const { ledger } = await simulate(asking(points, 1), { plan: chance(1, ['left']) });
    assert.equal(ledger.length, 80);
    assert.ok(ledger.every((fault) => fault.kind === 'buggify' && fault.host === 'left'));
    assert.deepEqual((await simulate(asking(points, 1), { plan: calmPlan })).ledger, []);
  });

  test('the faults of the ledger, as a plan, make the same run', async () => {
    const drawn = await simulate(asking(points), { seed: 3, plan: chance(0.5) });
    assert.ok(drawn.ledger.length > 5);
    const again = await simulate(asking(points), { seed: 3, plan: { ...calmPlan, faults: drawn.ledger } });
    assert.equal(again.hash, drawn.hash);
    assert.deepEqual(again.ledger, drawn.ledger);
    const some = drawn.ledger.filter((_, i) => i % 2 === 0);
    const fewer = await simulate(asking(points), { seed: 3, plan: { ...calmPlan, faults: some } });
    assert.deepEqual(fewer.ledger, some);
  });

  test('adding a point does not change when the others fire', async () => {
    const ledgerOf = async (names: readonly string[]): Promise<string[]> =>
      (await simulate(asking(names), { seed: 5, plan: chance(1) })).ledger
        .filter((fault) => fault.kind === 'buggify' && fault.name !== 'zero')
        .map((fault) => JSON.stringify(fault));
    assert.deepEqual(await ledgerOf(['zero', ...points]), await ledgerOf(points));
  });

  test('is never true after the storm', async () => {
    const firedMs: number[] = [];
    const restless = handler((host) => {
      void (async () => {
        for (;;) {
          await sleep(10);
          if (buggify('now', 1)) firedMs.push(Date.now());
        }
      })();
      host.expose({ firedMs });
      return () => new Response('');
    });
    const { result } = await driven({ hosts: { server: restless }, calmMs: 100 }, () => sleep(45), {
      plan: chance(1),
    });
    assert.ok(result.virtualMs >= 140);
    assert.equal(firedMs.length, 4);
  });

  test('says what is wrong with a probability', async () => {
    const host = serving(() => {
      try {
        return new Response(String(buggify('it', 25)));
      } catch (error) {
        return new Response((error as Error).message);
      }
    });
    const { value } = await driven({ hosts: { server: host } }, (world) =>
      world.client('guest', async () => (await fetch('http://server/')).text()),
    );
    assert.match(value, /the probability of buggify\('it'\)` to be a number from 0 to 1, got `25`/);
  });
});

describe('promises in the code', () => {
  const failing = (body: () => void): Scenario<undefined> =>
    defineScenario({
      name: 'promising',
      hosts: {
        server: serving(() => {
          body();
          return new Response('goes on');
        }),
      },
      drive: (world) =>
        world.client('guest', async () => {
          assert.equal(await (await fetch('http://server/')).text(), 'goes on');
        }),
    });

  test('unreachable() fails the run where it is reached, with host and stack', async () => {
    const { violations } = await simulate(failing(() => unreachable('a job was taken twice')));
    const [violation] = violations;
    assert.equal(violation?.code, 'WT_UNREACHABLE');
    assert.equal(violation?.name, 'a job was taken twice');
    assert.equal(violation?.host, 'server');
    const [line, at] = violation?.message.split('\n') ?? [];
    assert.equal(line, '`a job was taken twice` must be unreachable, and was reached, on host `server`.');
    assert.match(at ?? '', /markers\.test\.ts:\d+:\d+/);
  });

  test('always() fails the run in which its condition does not hold', async () => {
    const { violations } = await simulate(failing(() => always('a balance is never negative', false)));
    assert.equal(violations[0]?.code, 'WT_INVARIANT');
    assert.equal(violations[0]?.name, 'a balance is never negative');
    assert.match(violations[0]?.message ?? '', /is illegal: .* on host `server`\.\n.*markers\.test\.ts/);
    const { verdict } = await simulate(failing(() => always('a balance is never negative', true)));
    assert.equal(verdict, 'ok');
  });

  test('reachable() and sometimes() count', async () => {
    const scenario = failing(() => {
      reachable('here');
      sometimes('here');
      sometimes('here', false);
    });
    assert.deepEqual((await simulate(scenario)).reached, { here: 2 });
  });
});

test('a counterexample keeps only the call of buggify without which the run passes', async () => {
  const scenario = defineScenario({
    name: 'misbehaving',
    hosts: {
      server: handler(() => {
        let served = 0;
        return () => {
          buggify('harmless');
          served += buggify('forgets to count') ? 0 : 1;
          return new Response(String(served));
        };
      }),
    },
    faults: swarm({ buggify: ['server'], delay: true }),
    drive: (world) =>
      world.client('guest', async () => {
        for (let i = 1; i <= 5; i++)
          assert.equal(await (await fetch('http://server/')).text(), String(i), 'every request is counted');
      }),
  });
  const failure = await explore(scenario).then(
    () => assert.fail('passed'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof CheckFailure);
  const only = [{ kind: 'buggify', host: 'server', name: 'forgets to count', nth: 1 }];
  assert.deepEqual(failure.result.plan.faults, only);
  assert.equal(failure.result.plan.buggify, undefined);
  assert.match(failure.message, /fault: buggify "forgets to count" on server, call #1/);
  assert.match(failure.message, /buggify: forgets to count/);
});

describe('markers work wherever they are loaded', () => {
  const body = `
    sometimes('served');
    always('one and one', true);
    response.end(buggify('says no', 1) ? 'no' : 'yes');
  `;
  const esm = `
    import { createServer } from 'node:http';
    import { always, buggify, sometimes } from 'wavetank/markers';
    createServer((request, response) => {${body}}).listen(80);
  `;
  const cjs = `
    const { createServer } = require('node:http');
    const { always, buggify, sometimes } = require('./markers-copy.cjs');
    createServer((request, response) => {${body}}).listen(80);
  `;

  async function commonCopy(): Promise<string> {
    const { outputFiles } = await build({ entryPoints: [source], format: 'cjs', write: false });
    return outputFiles[0]?.text ?? '';
  }

  for (const [form, file, text] of [
    ['an ES module', 'main.mjs', esm],
    ['CommonJS with a copy of its own', 'main.cjs', cjs],
  ] as const) {
    test(`in a program that is ${form}`, async () => {
      const files = programFiles({ [file]: text, 'markers-copy.cjs': await commonCopy() });
      files.link('node_modules/wavetank', '../../..');
      const scenario = defineScenario({
        name: 'program with markers',
        hosts: { server: program(files.path(file)) },
        drive: (world) =>
          world.client('guest', async (client) => {
            await client.operation('ask', null, async () => (await fetch('http://server/')).text());
          }),
      });
      const { history, reached, ledger, violations } = await simulate(scenario, { plan: chance(1) });
      assert.deepEqual(violations, []);
      assert.equal(history[0]?.value, 'no');
      assert.deepEqual(reached, { served: 1 });
      assert.deepEqual(ledger, [{ kind: 'buggify', host: 'server', name: 'says no', nth: 1 }]);
    });
  }

  test('in a package that was loaded before, as CommonJS', async () => {
    const files = programFiles({ 'copy.cjs': await commonCopy() });
    const copy = createRequire(import.meta.url)(files.path('copy.cjs')) as typeof markers;
    assert.notEqual(copy.sometimes, sometimes);
    const host = serving(() => {
      copy.sometimes('by the copy');
      sometimes('by the first');
      return new Response(`${copy.buggify('one', 1)} ${buggify('one', 1)}`);
    });
    const { result, value } = await driven(
      { hosts: { server: host } },
      (world) => world.client('guest', async () => (await fetch('http://server/')).text()),
      { plan: chance(1) },
    );
    assert.equal(value, 'true true');
    assert.deepEqual(result.reached, { 'by the copy': 1, 'by the first': 1 });
    assert.deepEqual(
      result.ledger.map((fault) => fault.kind === 'buggify' && fault.nth),
      [1, 2],
    );
  });
});

describe('a bundler', () => {
  const code = `
    import { always, buggify, reachable, sometimes, unreachable } from 'wavetank/markers';
    export function pageOf(rows) {
      sometimes('a page is empty', rows.length === 0);
      always('there are rows', Array.isArray(rows));
      reachable('here');
      if (rows === undefined) unreachable('no rows');
      if (buggify('slow path', 0.1)) console.log('the slow path');
      return rows.slice(0, buggify('a page holds one row') ? 1 : 1000);
    }
  `;
  const bundled = async (
    text: string,
    options: { production?: boolean; minify?: boolean },
  ): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: text, resolveDir: root },
      bundle: true,
      write: false,
      format: 'esm',
      minify: options.minify ?? true,
      ...(options.production === true
        ? { alias: { 'wavetank/markers': `${root}/src/markers-removed.ts` } }
        : { conditions: ['wavetank-source'] }),
    });
    return outputFiles[0]?.text ?? '';
  };

  test('leaves nothing of markers that nobody uses', async () => {
    assert.equal(
      await bundled(`import 'wavetank/markers'; export const one = 1;`, { minify: false }),
      await bundled('export const one = 1;', { minify: false }),
    );
    const unused = `import { buggify } from 'wavetank/markers'; export const one = 1;`;
    assert.ok(!(await bundled(unused, { minify: false })).includes('Symbol.for'));
  });

  test('takes them out in production', async () => {
    const text = await bundled(code, { production: true });
    for (const trace of ['a page is empty', 'there are rows', 'here', 'no rows', 'a page holds', 'Symbol'])
      assert.ok(!text.includes(trace), `${trace} in ${text}`);
    // esbuild folds the branch of an inlined function only when it looks again; others do so at once.
    const { code: again } = await transform(text, { minify: true });
    assert.ok(!again.includes('slow path'), again);
    const other = await bundled(code, {});
    for (const trace of ['a page is empty', 'slow path', 'wavetank.markers'])
      assert.ok(other.includes(trace));
  });
});
