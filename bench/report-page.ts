// What a frame costs while one scrolls through the page of a long run, beside that of a short one, in
// processor time of the page's main thread.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { reportPage } from '../src/report/page/page.ts';
import { failedScenario, reportOf } from '../test/page/documents.ts';
import { longRun } from '../test/page/run/built-run.ts';
import { compare } from './ratio.ts';
import type { Ratio } from './ratio.ts';

const FRAMES = 40;
const TURNS = 3;

/** Frames of a run of 20,000 events against those of one of 1,000: less is better. */
export async function reportPageRatio(): Promise<Ratio> {
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-bench-'));
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const [ours = '', theirs = ''] = await Promise.all(
      [20_000, 1000].map((events) => written(folder, events)),
    );
    const name = `page: the slowest of ${FRAMES} frames of 20,000 events : of 1,000 (less is better)`;
    const measures = { ours: () => slowestFrame(browser, ours), theirs: () => slowestFrame(browser, theirs) };
    return await compare(name, 'ms', measures, TURNS);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function written(folder: string, events: number): Promise<string> {
  const file = join(folder, `${events}.html`);
  writeFileSync(file, await reportPage(reportOf(failedScenario(longRun(events)))));
  return pathToFileURL(file).href;
}

/** Scrolls through everything, near and far. @returns milliseconds of the frame that cost most. */
async function slowestFrame(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.getByRole('button', { name: 'Everything' }).click();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spentMs = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const frame = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))';
  await page.evaluate(frame);
  let slowest = 0;
  for (let i = 0; i < FRAMES; i++) {
    const before = await spentMs();
    const by = i < FRAMES / 2 ? '-400' : '-picture.scrollHeight / 40';
    await page.evaluate(
      `{ const picture = document.querySelector('.picture'); picture.scrollTop += ${by}; ${frame} }`,
    );
    slowest = Math.max(slowest, (await spentMs()) - before);
  }
  await page.close();
  return slowest;
}
