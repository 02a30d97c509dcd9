// Pictures of evidence: what is drawn is what the evidence says, in words as well, with links into the run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { skip, withPage } from './chromium.ts';
import { failedScenario, reportOf, scenarioReport } from './documents.ts';
import { failuresWithEvidence } from './evidence.ts';

async function withEvidence(
  kind: keyof typeof failuresWithEvidence,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  await withPage(reportOf(failedScenario(failuresWithEvidence[kind])), {}, use);
}

/** Where an element is on the screen. */
function boxOf(page: Page, title: string): Promise<DOMRect> {
  return page.evaluate((wanted) => {
    const found = [...document.querySelectorAll('.picture-frame title')].find(({ textContent }) =>
      textContent?.startsWith(wanted),
    );
    const shape = found?.parentElement?.querySelector('rect, path, circle');
    return shape!.getBoundingClientRect().toJSON() as DOMRect;
  }, title);
}

test(
  'draws an order: bars of operations, and the points where they take effect, from left to right',
  { skip },
  () =>
    withEvidence('order', async (page) => {
      const bars = page.locator('.bar');
      assert.equal(await bars.count(), 8);
      assert.deepEqual(await page.locator('.bar-culprit text').allTextContents(), ['read 1']);
      assert.equal(await page.locator('.bar-culprit .cross').count(), 1);
      const circles = page.locator('.point circle');
      const xs = await circles.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().x));
      assert.equal(xs.length, 7);
      assert.deepEqual(
        xs,
        xs.toSorted((a, b) => a - b),
      );
      // Each point is in the bar of its operation: the second is that of a read.
      const [bar, point] = [await boxOf(page, 'read 1 (reader-0'), await boxOf(page, '2. read 1')];
      assert.ok(
        point.left > bar.left && point.right < bar.right && point.top > bar.top && point.bottom < bar.bottom,
      );
      // What never ended goes on to the edge.
      const [unknown, culprit] = [
        await boxOf(page, 'write 3 (writer-0'),
        await boxOf(page, 'read 1 (reader-1'),
      ];
      assert.ok(unknown.right >= culprit.right);
    }),
);

test('says an order in words, with the state after each operation and links to the steps', { skip }, () =>
  withEvidence('order', async (page) => {
    assert.deepEqual(await page.locator('.state text').allTextContents(), [
      'the value is 1',
      'the value is 2',
      'the value is 3',
    ]);
    await page.getByText('The order in words').click();
    const rows = page.locator('.order li');
    assert.equal(await rows.count(), 7);
    assert.equal(await rows.nth(5).innerText(), 'write 3 by writer-0: then the value is 3 step 50');
    assert.equal(await page.locator('.culprit').innerText(), 'Then nothing fits: read 1 by reader-1 step 80');
    await page.locator('.culprit a').click();
    assert.equal(await page.evaluate(() => location.hash), '#step-80');
  }),
);

test('keeps the scenario in links to steps', { skip }, async () => {
  const report = reportOf(scenarioReport(), failedScenario(failuresWithEvidence.order));
  await withPage(report, { hash: '#scenario-2' }, async (page) => {
    assert.equal(await page.locator('.culprit a').getAttribute('href'), '#scenario-2/step-80');
  });
});

test('draws a cycle: an arrow for each dependency, from one transaction to the next', { skip }, () =>
  withEvidence('cycle', async (page) => {
    assert.equal(await page.locator('.transaction').count(), 3);
    assert.deepEqual(await page.locator('.edge text').allTextContents(), [
      'wr: was read by',
      'realtime: ended before',
      'rw: read before',
    ]);
    const label = 'G-single: T1 wr T2, T2 realtime T3, T3 rw T1';
    assert.equal(await page.locator('.picture-frame svg').getAttribute('aria-label'), label);
    // The tip of the first arrow is at the box of T2.
    const tip = await page.locator('.edge-tip').first().boundingBox();
    const box = await boxOf(page, 'T2: ');
    assert.ok(
      tip !== null && tip.y < box.top && tip.y + 20 > box.top && tip.x > box.left && tip.x < box.right,
    );
    assert.match(await page.locator('.edges').innerText(), /T3 → T1 rw T3 read x before T1 appended to it/);
  }),
);

test('draws two arrows between the same two transactions apart from each other', { skip }, () =>
  withEvidence('skew', async (page) => {
    const [upper, lower] = await page
      .locator('.edge-label')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    assert.ok(upper!.bottom < lower!.top);
  }),
);

test('shows records with who wrote them, what is missing, and operations', { skip }, async () => {
  await withEvidence('records', async (page) => {
    const records = page.locator('.records > li');
    assert.match(await records.first().innerText(), /charges\/o-1\/1 on payments\s+{\s+"order": "o-1"/);
    assert.match(await records.first().innerText(), /handling POST \/charge #2 from orders.* step 20/);
    assert.match(await records.last().innerText(), /shipments\/o-1 on shipping\s+missing/);
  });
  await withEvidence('operations', async (page) => {
    const rows = await page.locator('.operations li').allInnerTexts();
    assert.equal(rows[1], 'read nothing, after it by reader-0 at 6 ms step 20');
  });
});
