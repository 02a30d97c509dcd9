// `wavetank replay --until`, `--break-on` and `--inspect`, as processes of their own; the last with a real
// client of the inspector.

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { folderWith, run, wavetank, wordsOf, type Finished } from './command.ts';
import { debugged, type Frame, type Paused } from './inspector-client.ts';

const markers = new URL('../../src/markers.ts', import.meta.url).href;

const FILES = {
  'package.json': '{ "type": "module" }',
  'services/prices.ts': `
interface Price { readonly cents: number }

export function priceOf(item: string): Price {
  const cents: number = item.length * 100;
  return { cents };
}
`,
  'services/shop.ts': `
import { createServer } from 'node:http';
import { priceOf } from './prices.ts';

interface Order { readonly item: string }

export const orders: Order[] = [];

const server = createServer((request, response) => {
  const item: string = (request.url ?? '/').slice(1);
  orders.push({ item });
  console.log('ordered ' + item);
  response.end(JSON.stringify(priceOf(item)));
});
server.listen(80);
`,
  'services/till.cts': `
interface Unused { readonly nothing: true }
import http = require('node:http');

http.createServer((request: unknown, response: { end(): void }) => {
  const shown: string = 'till';
  response.end();
}).listen(80);
`,
  'shop.sim.ts': `
import { defineScenario, handler, program } from ${JSON.stringify(wavetank)};
import { reachable } from ${JSON.stringify(markers)};

interface Unused { readonly nothing: true }

export default defineScenario({
  name: 'shop',
  hosts: {
    shop: program('./services/shop.ts'),
    till: program('./services/till.cts'),
    stock: handler(() => (request: Request) => {
      const path: string = new URL(request.url).pathname;
      reachable('stock was asked');
      return new Response(path);
    }),
  },
  async drive(world) {
    await world.client('guest', async (client) => {
      await client.operation('order', 'tea', () => fetch('http://shop/tea'));
      await client.operation('look', 'tea', () => fetch('http://stock/tea'));
      await client.operation('pay', 'tea', () => fetch('http://till/tea', { method: 'POST' }));
      await client.operation('order', 'milk', () => fetch('http://shop/milk'));
    });
  },
  always: {
    'nobody orders milk': (world) =>
      !((world.host('shop').exports?.orders ?? []) as { item: string }[]).some(({ item }) => item === 'milk'),
  },
});
`,
};

/** The line of a file that contains a text, counted from 1. */
function lineOf(file: keyof typeof FILES, text: string): Frame {
  const line = FILES[file].split('\n').findIndex((each) => each.includes(text)) + 1;
  assert.notEqual(line, 0);
  return { file: file.split('/').at(-1) as string, line };
}

describe('wavetank replay, up to a moment', { concurrency: 2 }, () => {
  const folder = folderWith(FILES);
  let token = '';
  let failedAt = 0;

  before(async () => {
    const { stdout } = await run(folder, ['explore', '--runs', '1', '.']);
    token = /replay shop\.sim\.ts (wt1:\S+)/.exec(stdout)?.[1] ?? '';
    failedAt = Number(/step (\d+), host `shop`/.exec(stdout)?.[1]);
    assert.ok(token !== '' && failedAt > 0, stdout);
  });

  const replay = (...words: string[]): Promise<Finished> =>
    run(folder, ['replay', 'shop.sim.ts', token, ...words]);

  test('--until tells the story so far with the state of hosts, and judges nothing after it', async () => {
    const { code, stdout, stderr } = await replay('--until', String(failedAt - 1));
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(stdout.startsWith(`scenario \`shop\`, seed `), stdout);
    assert.match(stdout, new RegExp(`: stopped after step ${failedAt - 1}$`, 'm'));
    assert.match(stdout, /← stopped here$/m);
    assert.match(stdout, /^ {4}shop up\n {6}orders = \[\{item: "tea"\}\]$/m);
    assert.match(stdout, /^ {2}operations that have not ended:\n {4}`order` of guest, since [\d.]+ ms$/m);
    assert.doesNotMatch(stdout, /nobody orders milk|injected fault/);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  });

  test('--until the step that fails says so, and exits with 1', async () => {
    const { code, stdout } = await replay('--until', String(failedAt));
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}`nobody orders milk` is illegal\.$/m);
    assert.match(stdout, /^ {6}orders = \[\{item: "tea"\},\{item: "milk"\}\]$/m);
  });

  const names: [name: string, where: RegExp, last: RegExp][] = [
    ['stock was asked', /host `stock`: GET \/tea/, /stock +reached: stock was asked/],
    ['pay', /host `guest`/, /`pay` "tea" begins/],
    ['order #2', /host `guest`/, /`order` "milk" begins/],
    ['POST /tea', /host `till`: POST \/tea/, /guest → till +POST \/tea/],
    ['200 to GET /tea #2', /host `guest`: response to GET \/tea #1 from stock/, /`look` "tea" ends: ok/],
    ['nobody orders milk', /host `shop`: GET \/milk/, /broken: `nobody orders milk`/],
    ['till booted', /host `till`: boot/, /stopped here/],
    ['red milk', /host `shop`: GET \/milk/, /broken/],
  ];
  for (const [name, where, last] of names) {
    test(`--break-on finds ${JSON.stringify(name)}`, async () => {
      const { stdout, stderr } = await replay('--break-on', name);
      assert.equal(stderr, '');
      assert.match(stdout.split('\n')[1] ?? '', where);
      assert.match(stdout, last);
    });
  }

  test('refuses words that do not go together, and moments that do not come', async () => {
    const cases: [words: string[], message: RegExp][] = [
      [['--until', '1', '--break-on', 'pay'], /^UsageError: Expected --until or --break-on, got both/],
      [['--until', '0'], /^RangeError \[WT_OPTION\]: Expected `--until` to be a step, .* got `0`/],
      [['--until', 'x'], /^RangeError \[WT_OPTION\]: Expected `--until` to be a step, .* got `"x"`/],
      [
        ['--until', '9999'],
        /^RangeError \[WT_OPTION\]: Expected `--until` to be a step of the run, which has \d+/,
      ],
      [['--break-on', ''], /^UsageError: Expected --break-on to name what happens/],
      [['--break-on', 'stock was aksed'], /got "stock was aksed": did you mean "stock was asked"\?/],
      [['--break-on', 'pay #2'], /Expected `--break-on` to name what happens in this run, got "pay #2"/],
      [['--inspect=x:y'], /^UsageError: Expected --inspect, --inspect=PORT or --inspect=HOST:PORT/],
      [['--inspect=99999'], /^UsageError: Expected --inspect/],
      [['--until', '1', '--reporter', 'json'], /^UsageError: --reporter is about a whole run/],
    ];
    for (const [words, message] of cases) {
      const { code, stderr } = await replay(...words);
      assert.equal(code, 2, words.join(' '));
      assert.match(stderr, message);
    }
  });

  async function inspect(...words: string[]): Promise<{ stops: Paused[]; finished: Finished }> {
    const stops: Paused[] = [];
    const all = ['replay', 'shop.sim.ts', token, '--inspect=0', ...words];
    const finished = await debugged(wordsOf(all), folder, async (paused) => {
      stops.push(paused);
      if (paused.frames[0]?.file === 'shop.ts') assert.equal(await paused.evaluate('request.url'), '/milk');
    });
    return { stops, finished };
  }

  const places: [words: string[], frame: Frame, code: number][] = [
    [['--until', 'the step that fails'], lineOf('services/shop.ts', 'const item'), 1],
    [[], lineOf('services/shop.ts', 'const item'), 1],
    [['--break-on', 'POST /tea'], lineOf('services/till.cts', 'const shown'), 1],
    [['--break-on', 'GET /tea #2'], lineOf('shop.sim.ts', 'const path'), 1],
  ];
  for (const [words, frame, code] of places) {
    test(`--inspect ${words.join(' ')} stops at the first line of the host`, async () => {
      const given = words.map((word) => (word === 'the step that fails' ? String(failedAt) : word));
      const { stops, finished } = await inspect(...given);
      assert.equal(stops.length, 1, finished.stderr);
      assert.deepEqual(stops[0]?.frames[0], frame);
      // What guards against endless loops would end the run while somebody looks at it.
      assert.ok(!stops[0]?.frames.some(({ file }) => file === 'wavetank-guard'));
      assert.equal(finished.code, code);
      assert.match(finished.stderr, /^Stops at step \d+, host `\w+`: /m);
      assert.match(finished.stdout, /^ {2}`nobody orders milk` is illegal\.$/m);
      assert.doesNotMatch(finished.stdout, /Another run/);
    });
  }

  test('--inspect --break-on a marker stops below the line that reaches it', async () => {
    const { stops, finished } = await inspect('--break-on', 'stock was asked');
    assert.equal(stops.length, 1, finished.stderr);
    const { frames = [] } = stops[0] ?? {};
    assert.match(frames[0]?.file ?? '', /^step-\d+\.js$/);
    const line = lineOf('shop.sim.ts', "reachable('stock was asked')");
    assert.deepEqual(
      frames.filter(({ file }) => file === 'shop.sim.ts'),
      [line],
    );
    assert.equal(finished.code, 1);
  });

  test('says so where the debugger made it another run', async () => {
    const words = ['replay', 'shop.sim.ts', token, '--inspect=0'];
    const finished = await debugged(wordsOf(words), folder, async ({ evaluate }) => {
      await evaluate("request.url = '/tea'");
    });
    assert.equal(finished.code, 0, finished.stdout);
    assert.match(finished.stdout, /^Another run than without the debugger/m);
    assert.doesNotMatch(finished.stdout, /is illegal/);
  });
});
