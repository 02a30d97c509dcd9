import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const page = readFileSync(new URL('../../docs/internals/node-behaviour.md', import.meta.url), 'utf8');

/** The tests, or cases of a table, that the page names as `folder/file: name`. */
function namedTests(): { file: URL; name: string }[] {
  return [...page.matchAll(/`((?:[\w-]+\/)+[\w-]+): ([^`]+)`/g)].map(([, path, name]) => ({
    file: new URL(`../${path}${path?.endsWith('-table') === true ? '' : '.test'}.ts`, import.meta.url),
    name: (name ?? '').replaceAll(/\s+/g, ' '),
  }));
}

test('every entry about Node.js names a test that exists', () => {
  const entries = page.split(/^- /m).slice(1);
  assert.ok(entries.length > 20);
  for (const entry of entries) assert.match(entry, /`(?:[\w-]+\/)+[\w-]+: [^`]+`/, entry);
  for (const { file, name } of namedTests()) {
    assert.ok(existsSync(file), file.pathname);
    assert.ok(readFileSync(file, 'utf8').includes(name), `${file.pathname}: ${name}`);
  }
});
