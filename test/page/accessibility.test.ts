// axe finds nothing serious in any state of the page, light or dark; and no page scrolls sideways on a phone.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { skip, withPage } from './chromium.ts';
import { states } from './states.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, as `serious color-contrast: .tick, ...`; minor things are left out. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    );
}

for (const [name, { document: report, hash = '' }] of Object.entries(states)) {
  for (const scheme of ['light', 'dark'] as const) {
    test(`${name}, ${scheme}: axe finds nothing serious`, { skip }, async () => {
      await withPage(report, { hash, scheme }, async (page) => {
        await page.locator('details').evaluateAll((all) => {
          for (const each of all) each.setAttribute('open', '');
        });
        assert.deepEqual(await findings(page), []);
      });
    });
  }

  test(`${name}: is read on a phone without scrolling sideways`, { skip }, async () => {
    await withPage(report, { hash, width: 390 }, async (page) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `the page is ${width} pixels wide`);
    });
  });
}

test('axe finds a text that is too faint, and a picture without words', { skip }, async () => {
  const [{ document: report } = assert.fail('there are no states')] = Object.values(states);
  await withPage(report, {}, async (page) => {
    await page.evaluate(() => {
      document.querySelector<HTMLElement>('h1')!.style.color = '#eeeeee';
      document.querySelector('svg[role=img]')!.removeAttribute('aria-label');
    });
    assert.deepEqual(
      (await findings(page)).map((finding) => finding.split(':')[0]),
      ['serious color-contrast', 'serious svg-img-alt'],
    );
  });
});
