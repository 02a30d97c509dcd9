// The page of an exploration: every number of its statistics is there, and what needs an eye stands out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import type { ScenarioReport } from '../../src/report/document.ts';
import { skip, withPage } from './chromium.ts';
import { reportOf, scenarioReport } from './documents.ts';
import { sampleExtent } from '../report/sample-documents.ts';
import { statistics } from './statistics.ts';

/** The cells of a table, row by row. */
function rowsOf(table: Locator): Promise<string[][]> {
  return table
    .locator('tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
}

/** Opens the page of one scenario, and gives its cards by their titles. */
async function withCards(
  scenario: Partial<ScenarioReport>,
  use: (card: (title: string) => Locator) => Promise<void>,
): Promise<void> {
  await withPage(reportOf(scenarioReport(scenario)), {}, async (page) => {
    await use((title) =>
      page.locator('section.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) }),
    );
  });
}

test('lists failures by how many runs they failed, with the first seed', { skip }, async () => {
  await withCards({ runs: 300, statistics: statistics() }, async (card) => {
    assert.deepEqual(await rowsOf(card('Failures')), [
      ['Signature', 'Runs', 'First seed', ''],
      ['charged at most once', '9', '8417', ''],
      ['every order settles', '2', '8466', ''],
    ]);
  });
});

test('says how far a walk through all runs came, and within which bound', { skip }, async () => {
  const extent = { ...sampleExtent, text: 'complete within this bound: <b>33</b> orders' };
  await withPage(reportOf(scenarioReport({ extent })), {}, async (page) => {
    assert.deepEqual(await page.locator('section.exploration > p.note').allTextContents(), [
      '300 runs; 6 made twice and found the same, 2 beyond what the budget says is survivable.',
      'complete within this bound: <b>33</b> orders; the bound: every order of events; ' +
        'up to 1 fault (drop, crash for 100 ms); not tried: pause',
    ]);
  });
  await withPage(reportOf(scenarioReport({})), {}, async (page) => {
    assert.equal(await page.locator('section.exploration > p.note').count(), 1);
  });
});

test('puts what was never reached, and never struck, first and in words', { skip }, async () => {
  const reached = { 'a lease expired': 7, 'a retry helped': 0, 'a charge timed out': 41 };
  await withCards({ reached, struck: { delay: 12, crash: 0 }, crashed: { orders: 2 } }, async (card) => {
    assert.deepEqual(await rowsOf(card('Reached')), [
      ['Marker', 'Count', ''],
      ['a retry helped', '0', 'never reached'],
      ['a charge timed out', '41', ''],
      ['a lease expired', '7', ''],
    ]);
    assert.deepEqual((await rowsOf(card('Faults'))).slice(1, 3), [
      ['crash', '0', 'never struck'],
      ['delay', '12', ''],
    ]);
    assert.deepEqual(await rowsOf(card('Faults').locator('table').last()), [
      ['Crashed', 'Count', ''],
      ['orders', '2', ''],
    ]);
  });
});

test('shows latency by route, the slowest first, with its distribution in words', { skip }, async () => {
  const routes = [
    {
      requests: 10,
      errors: 0,
      p50Ms: 1,
      p95Ms: 2,
      p99Ms: 2,
      maxMs: 2,
      route: 'GET /a',
      host: 'a',
      histogram: [],
    },
    {
      ...{ requests: 4000, errors: 50, p50Ms: 12.4, p95Ms: 80, p99Ms: 812, maxMs: 61_000 },
      route: 'POST /b',
      host: 'b',
      histogram: [
        { upToMs: 20, count: 3800 },
        { upToMs: 100, count: 0 },
        { upToMs: 100_000, count: 200 },
      ],
    },
  ];
  await withCards({ statistics: statistics({ routes }) }, async (card) => {
    assert.deepEqual(await rowsOf(card('Latency')), [
      ['Route', 'Requests', 'Errors', 'p50', 'p95', 'p99', 'max', 'Distribution'],
      ['POST /b b', '4,000', '1.3 %', '12.4 ms', '80 ms', '812 ms', '1 min 1 s', ''],
      ['GET /a a', '10', '0', '1 ms', '2 ms', '2 ms', '2 ms', ''],
    ]);
    const pictures = card('Latency').getByRole('img');
    assert.deepEqual(
      await pictures.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label'))),
      ['POST /b: 3,800 up to 20 ms, 200 up to 1 min 40 s', 'GET /a: no requests'],
    );
    // The high bin is the higher bar, and one without requests has none.
    const heights = await pictures
      .first()
      .locator('.bin')
      .evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute('height'))));
    assert.equal(heights.length, 3);
    assert.ok(heights[0]! > heights[2]! && heights[2]! > 0 && heights[1] === 0, heights.join());
  });
});

test('draws the discovery curve up to the last run, and says when it went flat', { skip }, async () => {
  const discovery = [
    { runs: 10, behaviours: 6 },
    { runs: 20, behaviours: 9 },
    { runs: 300, behaviours: 9 },
  ];
  await withCards({ statistics: statistics({ discovery }) }, async (card) => {
    const summary = '9 behaviours in 300 runs; none was new after run 20.';
    assert.equal(await card('Discovery').getByRole('img').getAttribute('aria-label'), summary);
    assert.equal(await card('Discovery').locator('figcaption').textContent(), summary);
    const points = (await card('Discovery').locator('.curve').getAttribute('points'))?.split(' ') ?? [];
    assert.equal(points.length, 4);
    const places = points.map((point) => point.split(',').map(Number));
    assert.equal(places[2]?.[1], places[3]?.[1], 'it is flat at its end');
    assert.ok(places[0]![1]! > places[1]![1]! && places[1]![1]! > places[2]![1]!, 'and rises before');
    await card('Discovery').getByText('The numbers').click();
    assert.deepEqual((await rowsOf(card('Discovery'))).slice(1), [
      ['10', '6'],
      ['20', '9'],
      ['300', '9'],
    ]);
  });
});

test('shows how often the last explorations failed', { skip }, async () => {
  const past = [0, 3, 0, 1].map((failures, i) => ({ at: `day ${i}`, runs: 300, failures }));
  await withCards({ statistics: statistics({ past }) }, async (card) => {
    const chart = card('The last explorations');
    assert.equal(await chart.locator('figcaption').textContent(), '2 of the last 4 explorations failed.');
    assert.equal(await chart.locator('.column').count(), 4);
    assert.equal(await chart.locator('.column-failed').count(), 2);
    assert.deepEqual((await rowsOf(chart))[2], ['day 1', '300', '3', '1 %']);
  });
});

test('shows queue depths and undecided checks, and leaves out what there is not', { skip }, async () => {
  await withCards({ undecided: { linearizable: 14 }, statistics: statistics() }, async (card) => {
    assert.deepEqual((await rowsOf(card('Queues')))[1], ['orders', '1', '6', '9', '']);
    assert.deepEqual((await rowsOf(card('Undecided')))[1], ['linearizable', '14', '']);
  });
  await withCards({ reached: {}, struck: {} }, async (card) => {
    for (const title of ['Queues', 'Undecided', 'Latency', 'Discovery', 'Failures', 'Reached', 'Faults']) {
      assert.equal(await card(title).count(), 0, title);
    }
  });
});
