// Takes pictures of report pages at a fixed size, with a browser that has no network.

import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserFile } from '../page/browser-file.ts';
import { indexedPng, type Pixels } from './indexed-png.ts';

/** What a picture shows, and how. */
export interface PictureOptions {
  readonly scheme: 'light' | 'dark';
  readonly hash?: string;
  readonly width?: number;
  /** Default 1000. */
  readonly height?: number;
  /** The part of the page to show, whole: a selector. Default: what is seen first. */
  readonly part?: string;
}

/** Around a part of a page. */
const MARGIN = 20;

/** Starts a browser. @throws {Error} Where there is none. */
export async function startBrowser(): Promise<Browser> {
  if (browserFile === undefined) throw new Error('There is no Chromium: install it, or set CHROMIUM_PATH.');
  return chromium.launch({ executablePath: browserFile, args: ['--no-sandbox'] });
}

/** Takes a picture of a page on disk, as a small PNG. */
export async function pictureOf(browser: Browser, file: string, options: PictureOptions): Promise<Buffer> {
  const { scheme, hash = '', width = 1280, height = 1000, part } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    offline: true,
  });
  try {
    const page = await context.newPage();
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    const box = part === undefined ? null : await page.locator(part).boundingBox();
    const clip = { x: 0, y: (box?.y ?? 0) - MARGIN, width, height: (box?.height ?? 0) + 2 * MARGIN };
    const shot = await page.screenshot(box === null ? {} : { clip, fullPage: true });
    return indexedPng(await pixelsOf(await context.newPage(), shot));
  } finally {
    await context.close();
  }
}

/** Has the browser decode a picture. */
async function pixelsOf(blank: Page, png: Buffer): Promise<Pixels> {
  const { width, height, base64 } = await blank.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (context === null) throw new Error('there is no canvas');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width: bitmap.width, height: bitmap.height, base64: btoa(text) };
  }, png.toString('base64'));
  return { width, height, rgba: Buffer.from(base64, 'base64') };
}
