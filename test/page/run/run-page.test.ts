// The run in a real browser: moving through it by keyboard, filters, folds, deep links, the run beside it,
// the state at a step; and what screen readers get.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { FailureReport } from '../../../src/report/document.ts';
import { failedScenario, reportOf } from '../documents.ts';
import { skip, withPage } from '../chromium.ts';
import type { PageOptions } from '../chromium.ts';
import { doubleChargeFailure } from './built-run.ts';

const failure = doubleChargeFailure();
const { trace } = failure.run;

const shown = (
  use: (page: Page) => Promise<void>,
  options: PageOptions = {},
  of: FailureReport = failure,
): Promise<void> =>
  withPage(reportOf(failedScenario(of)), options, async (page) => {
    await page.waitForSelector('.picture-svg .mark');
    await use(page);
  });

const stepOf = (text: string): number =>
  trace.find((entry) => JSON.stringify(entry).includes(text))?.step ?? -1;

/** The step that is selected, as its details say. */
async function selectedStep(page: Page): Promise<number> {
  return Number(/step (\d+)/.exec((await page.textContent('.details .where')) ?? '')?.[1]);
}

const inPicture = (page: Page): Promise<string> =>
  page.$$eval('.picture-svg text', (texts) => texts.map((text) => text.textContent).join('\n'));

const listed = (page: Page): Promise<string[]> =>
  page.$$eval('.events tbody tr .what', (cells) => cells.map((cell) => cell.textContent ?? ''));

async function press(page: Page, ...keys: string[]): Promise<void> {
  await page.focus('.picture');
  for (const key of keys) await page.keyboard.press(key);
}

describe('the run on the page', { skip }, () => {
  test('opens at the violation, and shows the story alone', () =>
    shown(async (page) => {
      assert.equal(await selectedStep(page), failure.step);
      assert.match((await page.textContent('.details .violated')) ?? '', /was charged 2 times/);
      const picture = await inPicture(page);
      assert.match(picture, /charged at most once/);
      assert.doesNotMatch(picture, /inventory|crashes|PUT \/reservations/);
      assert.match((await page.textContent('.toolbar .status')) ?? '', /^16 of 24 events$/);
    }));

  test('is walked by keyboard from the violation back to the first fault', () =>
    shown(async (page) => {
      const dropped = stepOf('"fate":"dropped"');
      await page.focus('.picture');
      const walked: number[] = [];
      for (let i = 0; i < 20 && walked.at(-1) !== dropped; i++) {
        await page.keyboard.press('ArrowLeft');
        walked.push(await selectedStep(page));
      }
      assert.deepEqual(
        walked,
        [
          '"what":"POST /charges #2',
          'timer of 90 ms',
          '"what":"POST /charges #1 from payments',
          'timer of 1000 ms',
          '"fate":"dropped"',
        ].map(stepOf),
      );
      assert.match((await page.textContent('.details .message-card.fate-lost')) ?? '', /dropped/);
      assert.match(
        (await page.textContent('.stepper [aria-live]')) ?? '',
        /201 to POST \/v1\/charges.*dropped/,
      );
      await page.keyboard.press('ArrowRight');
      assert.equal(await selectedStep(page), stepOf('timer of 1000 ms'));
      await page.keyboard.press('v');
      assert.equal(await selectedStep(page), failure.step);
      await page.keyboard.press('Shift+F');
      assert.equal(await selectedStep(page), dropped);
    }));

  test('is stepped through by arrow keys and by the slider', () =>
    shown(async (page) => {
      await press(page, 'Home');
      const first = await selectedStep(page);
      await press(page, 'ArrowDown', 'ArrowDown', 'ArrowUp');
      assert.equal(await selectedStep(page), stepOf('"what":"POST /checkout #1'));
      assert.ok(first < (await selectedStep(page)));
      const slider = page.getByRole('slider', { name: 'Moment of the run' });
      assert.match(
        (await slider.getAttribute('aria-valuetext')) ?? '',
        /^2\.5 ms, step \d+: POST \/checkout from shopper arrives/,
      );
      await slider.focus();
      await page.keyboard.press('End');
      assert.equal(await selectedStep(page), failure.step);
    }));

  test('shows everything on demand, and what a fold of the story hides', () =>
    shown(async (page) => {
      const before = (await listed(page)).length;
      await page.locator('.fold-hides').nth(1).click();
      const opened = await listed(page);
      assert.ok(opened.length > before);
      await page.getByRole('button', { name: 'Everything' }).click();
      const all = await listed(page);
      assert.ok(all.length > opened.length);
      assert.ok(all.some((text) => text.includes('inventory: crashes')));
      assert.ok((await page.locator('.span-down').count()) > 0);
    }));

  test('folds long silences, and unfolds them', () =>
    shown(
      async (page) => {
        assert.match(await inPicture(page), /89.5 ms in which nothing happens/);
        const height = (): Promise<number> => page.$eval('.picture-canvas', (canvas) => canvas.clientHeight);
        const folded = await height();
        await page.getByLabel('Fold silences').uncheck();
        assert.doesNotMatch(await inPicture(page), /in which nothing happens/);
        assert.ok((await height()) > folded);
        await page.getByLabel('Fold silences').check();
        const folds = await page.locator('.fold').count();
        await page.locator('.fold', { hasText: '89.5 ms in which nothing happens' }).click();
        assert.doesNotMatch(await inPicture(page), /89.5 ms in which nothing happens/);
        assert.equal(await page.locator('.fold').count(), folds - 1, 'no other');
      },
      { height: 1600 },
    ));

  test('is filtered by host, kind and text', () =>
    shown(async (page) => {
      await page.getByRole('button', { name: 'Everything' }).click();
      await page.getByText('Filters').click();
      await page.getByLabel('inventory').uncheck();
      const others = (await listed(page)).filter((text) => text.includes('inventory'));
      // What befell others as well stays.
      assert.deepEqual(
        others.filter((text) => !text.startsWith('fault: partition: orders')),
        [],
      );
      assert.ok(
        !(await page.$$eval('.lane-head', (heads) => heads.map((head) => head.textContent))).includes(
          'inventory',
        ),
      );
      await page.getByLabel('messages').uncheck();
      assert.ok(!(await listed(page)).some((text) => text.includes(' sends ')));
      await page.getByLabel('messages').check();
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').fill('visa');
      assert.deepEqual(await listed(page), ['payments sends POST /v1/charges to cards', failure.message]);
    }));
});

describe('a deep link', { skip }, () => {
  const crash = stepOf('"change":"crashed"');

  test('opens a step, also one that the story leaves out', () =>
    shown(
      async (page) => {
        assert.equal(await selectedStep(page), crash);
        assert.match(await inPicture(page), /crashes/);
        await page.evaluate((step) => void (location.hash = `#step-${step}`), stepOf('timer of 90 ms'));
        await page.waitForFunction(() =>
          document.querySelector('.details h3')?.textContent?.includes('90 ms'),
        );
      },
      { hash: `#step-${crash}` },
    ));

  test('is what the address becomes, and every line of the list is one', () =>
    shown(async (page) => {
      await press(page, 'ArrowLeft');
      const step = await selectedStep(page);
      await page.waitForFunction((wanted) => location.hash.endsWith(`step-${wanted}`), step);
      await page.getByRole('link', { name: 'payments: timer of 1000 ms' }).click();
      assert.equal(await selectedStep(page), stepOf('timer of 1000 ms'));
      assert.equal(await page.locator('tr[aria-current="step"]').count(), 3);
    }));

  test('to a step that there is not leaves the violation', () =>
    shown(async (page) => {
      await page.evaluate(() => void (location.hash = '#step-99999'));
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      assert.equal(await selectedStep(page), failure.step);
    }));
});

describe('the step that is selected', { skip }, () => {
  test('shows its message in full, and the state of every host with what changed', () =>
    shown(
      async (page) => {
        const details = (await page.textContent('.details')) ?? '';
        assert.match(details, /content-typeapplication\/json/);
        assert.match(details, /"order": "o-1"/);
        assert.match(details, /an order came in/);
        const changes = page.getByRole('table', { name: 'What changed' });
        assert.match((await changes.textContent()) ?? '', /orders · diskorders\/o-1–{"status":"placed"}/);
        assert.equal(await page.locator('.state[open]').count(), 1);
        assert.equal(await page.locator('.state').count(), failure.run.hosts.length);
        await page.locator('.state', { hasText: 'cards' }).locator('summary').click();
        assert.match(
          (await page.locator('.state', { hasText: 'cards' }).textContent()) ?? '',
          /keeps nothing|^cards$/,
        );
        await press(page, 'End');
        assert.match(
          (await page.locator('.state', { hasText: 'cards' }).textContent()) ?? '',
          /charges\/ch-1.*charges\/ch-2.*changed/,
        );
      },
      { hash: `#step-${stepOf('"what":"POST /checkout #1')}` },
    ));

  test('leads to its causes and effects', () =>
    shown(async (page) => {
      await page.getByRole('button', { name: 'payments sends POST /v1/charges #2 to cards' }).click();
      assert.equal(await selectedStep(page), stepOf('"what":"POST /charges #2'));
      await page.locator('.details').getByRole('button', { name: 'cards: POST /v1/charges #2' }).click();
      assert.equal(await selectedStep(page), failure.step);
    }));
});

describe('the run that passes', { skip }, () => {
  test('stands beside, scrolls along, and the first difference is marked', () =>
    shown(
      async (page) => {
        const button = page.getByRole('button', { name: 'Beside a run that passes' });
        await button.click();
        assert.equal(await button.getAttribute('aria-pressed'), 'true');
        const titles = await page.$$eval('.pane-title', (all) => all.map((title) => title.textContent));
        assert.equal(titles[0], 'This run fails');
        assert.match(titles[1] ?? '', /^Passes, without: dropped message/);
        await press(page, 'Home');
        await page.locator('.difference').waitFor();
        const topOf = (selector: string): Promise<number> =>
          page.$$eval(selector, (found) => found.at(-1)?.getBoundingClientRect().top ?? -1);
        const difference = await topOf('.difference rect');
        const dropped = await topOf('.arrow.ends-cross .shaft');
        const step = stepOf('"fate":"dropped"');
        const answered = await topOf(`.arrow[data-pane="1"][data-step="${step}"] .shaft`);
        assert.equal(dropped, answered, 'the same event stands on one line');
        assert.ok(Math.abs(difference - dropped) < 40);
        assert.match(await inPicture(page), /checkout: ok/);
        await button.click();
        assert.doesNotMatch(await inPicture(page), /checkout: ok/);
      },
      { height: 1400 },
    ));

  test('is not offered where there is none', () => {
    const { neighbour: _, ...alone } = failure;
    return shown(async (page) => assert.equal(await page.locator('.beside').count(), 0), {}, alone);
  });
});

describe('the looks of a run', { skip }, () => {
  test('follow the system, and the switch', () =>
    shown(
      async (page) => {
        const paper = (): Promise<string> =>
          page.$eval('html', (html) => getComputedStyle(html).backgroundColor);
        const dark = await paper();
        await page.getByRole('button', { name: 'Show light colours' }).click();
        const light = await paper();
        assert.notEqual(light, dark);
        await page.emulateMedia({ colorScheme: 'light' });
        assert.equal(await paper(), light);
        await page.getByRole('button', { name: 'Show dark colours' }).click();
        assert.equal(await paper(), dark);
        await page.emulateMedia({ media: 'print' });
        assert.equal(await paper(), 'rgb(255, 255, 255)', 'paper stays white');
      },
      { scheme: 'dark' },
    ));

  test('have on paper the whole picture and list, and nothing to press', () =>
    shown(async (page) => {
      await page.emulateMedia({ media: 'print' });
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      assert.equal(await page.locator('.toolbar').isVisible(), false);
      const [below, width] = await page.$eval('.picture', (picture) => [
        picture.scrollHeight - picture.clientHeight,
        picture.querySelector('svg')?.getBoundingClientRect().width ?? Infinity,
      ]);
      assert.ok((below ?? Infinity) <= 2, 'nothing is cut off below');
      assert.ok((width ?? Infinity) <= 720, `fits on a page: ${width}`);
      assert.match(await inPicture(page), /checkout \{[^]*charged at most once/);
      await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    }));

  test('have no serious fault for axe, in any state', () =>
    shown(async (page) => {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const faults = async (): Promise<unknown> =>
        page.evaluate(async () => {
          type Result = { violations: { id: string; impact: string; nodes: { html: string }[] }[] };
          const { violations } = await (
            globalThis as unknown as { axe: { run(): Promise<Result> } }
          ).axe.run();
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          return serious.map(({ id, impact, nodes }) => [id, impact, nodes[0]?.html]);
        });
      await page.evaluate(axe);
      assert.deepEqual(await faults(), []);
      await page.getByRole('button', { name: 'Everything' }).click();
      await page.getByRole('button', { name: 'Beside a run that passes' }).click();
      await page.getByText('Filters').click();
      await press(page, 'Home', 'ArrowDown', 'ArrowDown');
      assert.deepEqual(await faults(), []);
    }));
});
