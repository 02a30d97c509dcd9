// A run of 20,000 events on the page stays smooth: only what is in view is there, nothing is laid out while
// scrolling, and a frame costs little. Time is that of the processor, not that of a clock on the wall.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failedScenario, reportOf } from '../documents.ts';
import { skip, withPage } from '../chromium.ts';
import { longRun } from './built-run.ts';
import { frameCost } from './frame-cost.ts';

/** A frame may take this in bench/; a test on a busy machine allows three times as much. */
const FRAME_MS = 50;

describe('a run of 20,000 events', { skip }, () => {
  test('has in the page only what is in view, and frames that cost little while scrolling', () =>
    withPage(reportOf(failedScenario(longRun(20_000))), {}, async (page) => {
      await page.getByRole('button', { name: 'Everything' }).click();
      await page.waitForFunction(() =>
        /^1\d,\d+ events$/.test(document.querySelector('.status')?.textContent ?? ''),
      );
      const count = (): Promise<number> => page.locator('.picture *').count();
      const counts: number[] = [];
      const costs = await frameCost(page, 40, async (i) => {
        // Near, as with a wheel, and far, as with the bar.
        await page.$eval(
          '.picture',
          (picture, by) => void (picture.scrollTop += by),
          i < 20 ? -400 : -15_000,
        );
        if (i % 8 === 0) counts.push(await count());
      });
      const marks = await page.$$eval('.mark', (all) => all.map((mark) => mark.getAttribute('data-step')));
      assert.ok(marks.length > 10, 'something is in view');
      assert.ok(Math.max(...counts) < 1500, `elements: ${counts.join(', ')}`);
      const sorted = costs.toSorted((a, b) => a - b);
      assert.ok(
        (sorted[36] ?? Infinity) < 3 * FRAME_MS,
        `milliseconds: ${sorted.map(Math.round).join(', ')}`,
      );
    }));

  test('has a list with the rows in view, which knows how long it is', () =>
    withPage(reportOf(failedScenario(longRun(20_000))), {}, async (page) => {
      await page.getByRole('button', { name: 'Everything' }).click();
      const rows = page.locator('.events tbody tr:not(.spacer)');
      assert.ok((await rows.count()) < 150);
      assert.ok(Number(await page.getAttribute('.events', 'aria-rowcount')) > 10_000);
      await page.$eval('.event-list', (list) => void (list.scrollTop = list.scrollHeight / 2));
      await page.waitForFunction(
        () =>
          Number(document.querySelector('.events tbody tr[aria-rowindex]')?.getAttribute('aria-rowindex')) >
          5000,
      );
      const [row, list] = await page.evaluate(() => {
        const middle = [...document.querySelectorAll('.events tbody tr[aria-rowindex]')][25];
        return [
          middle?.getBoundingClientRect().top,
          document.querySelector('.event-list')?.getBoundingClientRect().top,
        ];
      });
      assert.ok(Math.abs((row ?? 0) - (list ?? 0)) < 600, 'the rows stand where the list is scrolled to');
    }));
});
