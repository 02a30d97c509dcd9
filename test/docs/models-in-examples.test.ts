// The guide says which example uses which model, and is right: compared with what the examples import.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as models from '../../src/models.ts';
import { filesBelow, root } from '../runner.ts';

const guide = readFileSync(join(root, 'docs/guide/models.md'), 'utf8');

/** What a section of the guide has in its table: cells by row, without the head. */
function rowsOf(section: string): string[][] {
  const [, text = ''] = guide.split(`## ${section}\n`);
  const [own = ''] = text.split('\n## ');
  const lines = own.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => {
    const cells = line.split('|').slice(1, -1);
    return cells.map((cell) => cell.trim());
  });
}

const namesIn = (cell: string): string[] => [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name ?? '');

/** Every model, by the first table of the guide. */
const known = rowsOf('The models').flatMap(([cell = '']) => namesIn(cell));

/** The models that a file makes, by what it imports from `wavetank/models`. */
function modelsIn(text: string): string[] {
  const imported = [...text.matchAll(/import (?!type)([^;]*) from 'wavetank\/models'/g)].map(
    ([, what]) => what,
  );
  const names = imported.flatMap((what = '') => what.match(/\w+/g) ?? []);
  // `import * as models`: whatever is made of it.
  const space = imported.some((what = '') => what.includes('*'))
    ? [...text.matchAll(/models\.(\w+)[<(]/g)].map(([, name]) => name ?? '')
    : [];
  return known.filter((model) => names.includes(model) || space.includes(model));
}

/** The examples that use each model. */
function used(): Map<string, string[]> {
  const found = new Map<string, Set<string>>(known.map((model) => [model, new Set()]));
  for (const file of filesBelow(root, 'examples').filter((path) => path.endsWith('.ts'))) {
    const [, example = ''] = file.split('/');
    for (const model of modelsIn(readFileSync(join(root, file), 'utf8'))) found.get(model)?.add(example);
  }
  return new Map([...found].map(([model, examples]) => [model, [...examples].toSorted()]));
}

test('the first table names every model', () => {
  assert.ok(known.length > 15, 'no table was found: the test itself is broken');
  const exported = Object.keys(models);
  for (const model of known) assert.ok(exported.includes(model), model);
  // A model comes with an arbitrary of its operations.
  const arbitraries = exported.filter((name) => name.endsWith('Operations'));
  assert.equal(known.length, arbitraries.length);
});

test('the second table names the examples that use each model', () => {
  const told = rowsOf('Where to see them').map(([model = '', examples = '']): [string, string[]] => [
    namesIn(model)[0] ?? '',
    [...examples.matchAll(/examples\/([\w-]+)\/README\.md/g)].map(([, name]) => name ?? ''),
  ]);
  assert.deepEqual(
    Object.fromEntries(told),
    Object.fromEntries([...used()].filter(([, examples]) => examples.length > 0)),
  );
});

test('most models are used by two examples or more', () => {
  const few = [...used()].filter(([, examples]) => examples.length < 2).map(([model]) => model);
  assert.deepEqual(few.toSorted(), ['fifoQueue', 'listAppend', 'lock', 'priorityQueue', 'saga', 'semaphore']);
});
