// What the documents say of the repository is so: the failure they open with, links, paths, layers, codes and
// usage. That a wrong claim is found is shown beside each.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CheckFailure, replay } from '../../src/index.ts';
import { checkPlan } from '../../src/faults/plan.ts';
import faulty from '../../examples/checkout/checkout.sim.ts';
import { filesBelow, nodeArguments, root } from '../runner.ts';
import { layers } from '../tidy/layers.ts';
import { printedFailure, shownFailure, tokenIn, withoutToken } from './demo.ts';
import { documents } from './documents.ts';
import { anchorsOf, codeWordsOf, linksOf, snippetsOf, type Document } from './markdown.ts';

const all = documents('README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'docs', 'examples');

function documentAt(path: string): Document {
  return all.find((document) => document.path === path) ?? assert.fail(`there is no ${path}`);
}

/** Relative links that lead nowhere: to no file, or to no heading of it. */
function deadLinks(document: Document): string[] {
  return linksOf(document).flatMap(({ line, target }) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? document.path : posix.join(posix.dirname(document.path), file);
    const goal = all.find((each) => each.path === path);
    const isDead =
      anchor === undefined
        ? !existsSync(join(root, path))
        : goal === undefined || !anchorsOf(goal).includes(anchor);
    return isDead ? [`${document.path}:${line}: ${target}`] : [];
  });
}

/** Paths between backticks that do not exist. */
function deadPaths(document: Document): string[] {
  return codeWordsOf(document).flatMap(({ line, word }) => {
    const path = /^((?:src|test|docs|bench|examples)\/[\w./-]+)$/.exec(word)?.[1];
    return path === undefined || existsSync(join(root, path)) ? [] : [`${document.path}:${line}: ${word}`];
  });
}

/** Folder by folder, what the table of ARCHITECTURE.md says that it may import. */
function layersIn({ text }: Document): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [, folder = '', cell = ''] of text.matchAll(/^\| `([a-z]+)\/` +\|[^|]*\| ([^|]*?) +\|$/gm)) {
    found[folder] = cell === 'all above' ? Object.keys(found) : cell === '–' ? [] : cell.split(', ');
  }
  return found;
}

/** The codes that the sources can give to an error, in the order of the alphabet. */
function codesInSources(): string[] {
  const texts = filesBelow(root, 'src').map((path) => readFileSync(join(root, path), 'utf8'));
  return [...new Set(texts.flatMap((text) => text.match(/(?<=')WT_[A-Z_]+(?=')/g) ?? []))].toSorted();
}

/** The codes that have a row in a table. */
function codesIn({ text }: Document): string[] {
  return [...text.matchAll(/^\| `(WT_[A-Z_]+)` /gm)].map((match) => match[1] ?? '').toSorted();
}

test('the failure that README.md opens with is what the demo prints', async () => {
  const shown = withoutToken(shownFailure(documentAt('README.md')));
  const printed = withoutToken(await printedFailure());
  const script = fileURLToPath(new URL('update-demo.ts', import.meta.url));
  const hint = `If this is what it shall print: node ${nodeArguments.join(' ')} ${relative(root, script)}`;
  assert.equal(shown, printed, hint);
  assert.notEqual(shown.replace('charged 2 times', 'charged 3 times'), printed);
});

test('the replay line of README.md makes the very run that it shows', async () => {
  const token = tokenIn(shownFailure(documentAt('README.md')));
  const [outcome] = await Promise.allSettled([replay(faulty, token)]);
  const failure: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  assert.ok(failure instanceof CheckFailure, String(failure));
  assert.match(failure.message, /the same run: trace/);
});

test('every relative link leads somewhere', () => {
  assert.deepEqual(all.flatMap(deadLinks), []);
  const text = '# One\n\n[a](#one) [b](#two) [c](README.md) [d](REDAME.md) [e](https://nodejs.org/)\n';
  assert.deepEqual(
    deadLinks({ path: 'planted.md', text }).length,
    3,
    'a document that is unknown has no headings',
  );
  assert.deepEqual(deadLinks({ path: 'README.md', text }), [
    'README.md:3: #one',
    'README.md:3: #two',
    'README.md:3: REDAME.md',
  ]);
});

test('every path exists', () => {
  assert.deepEqual(all.flatMap(deadPaths), []);
  const text = 'In `src/index.ts`, not in `src/main.ts`; `src` alone is a word.\n';
  assert.deepEqual(deadPaths({ path: 'planted.md', text }), ['planted.md:1: src/main.ts']);
});

test('ARCHITECTURE.md has the folders and imports of test/tidy/layers.ts', () => {
  const expected = Object.entries(layers).map(([folder, { imports, types = [] }]) => [
    folder,
    [...imports, ...types.map((name) => `${name} (types)`)],
  ]);
  const sorted = (each: object): unknown[] =>
    Object.entries(each).map(([name, list]) => [name, list.toSorted()]);
  assert.deepEqual(sorted(layersIn(documentAt('ARCHITECTURE.md'))), sorted(Object.fromEntries(expected)));
  const text =
    '| `random/` | draws | – |\n| `engine/` | loop | random, host |\n| `cli/` | words | all above |\n';
  const wrong = layersIn({ path: 'planted.md', text });
  assert.deepEqual(wrong, { random: [], engine: ['random', 'host'], cli: ['random', 'engine'] });
});

test('errors.md has every code that there is, and no other', () => {
  assert.deepEqual(codesIn(documentAt('docs/guide/errors.md')), codesInSources());
  assert.ok(codesInSources().length > 10, 'the sources were read');
});

test('README.md shows what `wavetank --help` prints', () => {
  const { stdout } = spawnSync(process.execPath, [...nodeArguments, 'src/cli/main.ts', '--help'], {
    cwd: root,
    encoding: 'utf8',
  });
  const usage = stdout.split('\n\n').slice(1, 3).join('\n\n');
  const shown = snippetsOf(documentAt('README.md')).map(({ code }) => code);
  assert.ok(usage.includes('replay') && shown.includes(usage), `expected a block with:\n${usage}`);
});

test('the plans in docs/guide/faults.md are plans', () => {
  const plans = snippetsOf(documentAt('docs/guide/faults.md')).filter(({ language }) => language === 'json');
  assert.ok(plans.length > 0);
  for (const { code } of plans) checkPlan(JSON.parse(code), ['orders', 'payments']);
});
