// A real browser for tests of the page: Debian's Chromium by playwright-core, one for each test file. Pages
// are opened from disk with the network off; whatever they print, throw or ask for fails the test.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { ReportDocument } from '../../src/report/document.ts';
import { browserFile } from './browser-file.ts';
import { reportPage } from '../../src/report/page/page.ts';

/** Why tests of the page are left out; where `WAVETANK_BROWSER=required`, they are not. */
export const skip: string | false =
  browserFile === undefined && process.env['WAVETANK_BROWSER'] !== 'required'
    ? 'there is no Chromium: install it, or say where it is in CHROMIUM_PATH'
    : false;

/** How a page is opened. */
export interface PageOptions {
  /** What follows the `#`, with it. */
  readonly hash?: string;
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

let folder: string | undefined;
let browser: Promise<Browser> | undefined;
let written = 0;

after(async () => {
  await (await browser)?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/**
 * Writes a report, opens it, and hands the page over; then asserts that it was quiet all the time.
 *
 * @param use - Gets the page, and what it was not quiet about: a test that expects something takes it out.
 */
export async function withPage(
  document: ReportDocument,
  { hash = '', scheme = 'light', width = 1280, height = 800 }: PageOptions,
  use: (page: Page, problems: string[]) => Promise<void>,
): Promise<void> {
  const file = await writePage(document);
  browser ??= chromium.launch({ executablePath: browserFile ?? 'chromium', args: ['--no-sandbox'] });
  const context = await (
    await browser
  ).newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    offline: true,
  });
  try {
    const page = await context.newPage();
    const problems = listen(page);
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    await use(page, problems);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    assert.deepEqual(problems, [], 'the page was not quiet');
  } finally {
    await context.close();
  }
}

/** What the page prints, throws, asks for or opens; its own file is no news. */
function listen(page: Page): string[] {
  const problems: string[] = [];
  let isOpened = false;
  page.on('console', (message) => problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('popup', () => problems.push('a window was opened'));
  page.on('request', (request) => {
    if (isOpened) problems.push(`request: ${request.url()}`);
    isOpened = true;
  });
  return problems;
}

/** Writes a report into a folder that is removed after the tests. @returns its file. */
async function writePage(document: ReportDocument): Promise<string> {
  folder ??= mkdtempSync(join(tmpdir(), 'wavetank-page-'));
  written += 1;
  const file = join(folder, `report-${written}.html`);
  writeFileSync(file, await reportPage(document));
  return file;
}
