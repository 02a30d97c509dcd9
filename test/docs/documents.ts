// Finds the documents that this folder's tests are about.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow, root } from '../runner.ts';
import type { Document } from './markdown.ts';

/** The Markdown files that the words mean: files, and all files below folders. */
export function documents(...words: readonly string[]): Document[] {
  return words
    .flatMap((word) => (statSync(join(root, word)).isDirectory() ? filesBelow(root, word) : [word]))
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
