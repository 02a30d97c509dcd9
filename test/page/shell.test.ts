// The page itself: it opens from disk without a network, quietly, and shows the scenario that is asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { skip, withPage } from './chromium.ts';
import { failedScenario, reportOf, scenarioReport } from './documents.ts';

test('opens from disk and says what failed, without a word on the console', { skip }, async () => {
  await withPage(reportOf(failedScenario()), {}, async (page) => {
    assert.equal(await page.title(), 'checkout: charged at most once');
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.equal(await page.locator('h1').innerText(), 'checkout failed');
    const failure = page.locator('section.failure');
    assert.match(await failure.innerText(), /order o-1 was charged 2 times/);
    assert.match(await failure.innerText(), /drops the response.*Without it: it passes/);
    assert.match(await failure.innerText(), /npx wavetank replay/);
    assert.equal(await page.getByRole('navigation').count(), 0, 'one scenario needs no list');
  });
});

test('opens the first scenario that did not pass, and others by their links', { skip }, async () => {
  const report = reportOf(
    scenarioReport({ name: 'first' }),
    failedScenario(),
    scenarioReport({ name: 'last' }),
  );
  await withPage(report, {}, async (page) => {
    assert.equal(await page.title(), '1 of 3 scenarios did not pass');
    assert.equal(await page.locator('h1').innerText(), 'checkout failed');
    const links = page.getByRole('navigation', { name: 'Scenarios' }).getByRole('link');
    assert.equal(await links.count(), 3);
    await links.last().click();
    assert.equal(await page.locator('h1').innerText(), 'last passed');
    assert.equal(await page.locator('a[aria-current]').innerText(), 'passed\nlast');
    await page.evaluate(() => location.assign('#step-2'));
    assert.equal(await page.locator('h1').innerText(), 'last passed', 'a step is one of the open scenario');
    await page.goBack();
    await page.goBack();
    await page.getByRole('heading', { name: 'checkout failed' }).waitFor({ timeout: 5000 });
  });
  await withPage(report, { hash: '#scenario-3/step-2' }, async (page) => {
    assert.equal(await page.locator('h1').innerText(), 'last passed');
  });
});

test('folds what is long in a message', { skip }, async () => {
  const message = Array.from({ length: 12 }, (_, i) => `line ${i}`).join('\n');
  await withPage(reportOf(failedScenario({ message })), {}, async (page) => {
    const failure = page.locator('section.failure');
    assert.deepEqual((await failure.innerText()).match(/line \d+/g), ['line 0', 'line 1', 'line 2']);
    await failure.getByText('9 more lines').click();
    assert.match(await failure.innerText(), /line 11/);
  });
});

test('says so where nothing was explored', { skip }, async () => {
  await withPage(reportOf(), {}, async (page) => {
    assert.match(await page.locator('main').innerText(), /Nothing was explored/);
  });
});
