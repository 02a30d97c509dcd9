// The code of README.md and docs/ works: every TypeScript snippet runs, and is typed. That a wrong one is
// found is shown with planted documents, below.

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { documents } from './documents.ts';
import { snippetsOf, type Snippet } from './markdown.ts';
import { linesNotPrinted, placeOf, problemOf, typeErrors, writeSnippets } from './snippet-run.ts';

const LANGUAGES = ['ts', 'json', 'sh', 'text', 'yaml'];

const found = documents('README.md', 'docs').flatMap(snippetsOf);

const planted: readonly Snippet[] = snippetsOf({
  path: 'planted.md',
  text: `
\`\`\`ts
throw new Error('out of date');
\`\`\`

\`\`\`ts
import { defineScenario } from 'wavetank';
defineScenario({ name: 'renamed', hosts: {}, drive() {}, alwyas: {} });
\`\`\`

<!-- snippet: fragment -->

\`\`\`ts
always: { 'never closed':
\`\`\`

<!-- snippet: fails WT_INVARIANT -->

\`\`\`ts
export const fine = true;
\`\`\`

<!-- snippet: fails WT_INVARIANT -->

\`\`\`ts
import { swarm } from 'wavetank';
swarm({ drops: true } as object);
\`\`\`

\`\`\`ts
import { test } from 'node:test';
test('fails', () => Promise.reject(new Error('out of date')));
\`\`\`

\`\`\`ts
import { defineScenario, handler } from 'wavetank';
export default defineScenario({
  name: 'unkept',
  hosts: { shop: handler(() => () => new Response()) },
  drive() {},
  never: { 'it is up': (world) => world.host('shop').isUp },
});
\`\`\`
`,
});

const WRONG: readonly (readonly [what: string, said: RegExp])[] = [
  ['throws', /out of date/],
  ['does not fit the types', /alwyas/],
  ['is a fragment that does not parse', /Expected/],
  ['should fail and does not', /did not fail/],
  ['fails in another way than it should', /not with RangeError \[WT_OPTION\]/],
  ['is a test that fails', /out of date/],
  ['exports a scenario that fails', /WT_INVARIANT/],
];

const { written, remove } = writeSnippets([...found.filter(({ language }) => language === 'ts'), ...planted]);
after(remove);
const typed = typeErrors(written);

describe('the snippets', () => {
  test('are in languages that are checked or need no check', () => {
    const others = found.filter(({ language }) => !LANGUAGES.includes(language));
    assert.deepEqual(others.map(placeOf), []);
  });
  test('of data are JSON', () => {
    for (const { code } of found.filter(({ language }) => language === 'json')) JSON.parse(code);
  });
  for (const snippet of written.filter(({ path }) => path !== 'planted.md')) {
    const { expectation, file } = snippet;
    const how = expectation.kind === 'fails' ? `fails with ${expectation.code}` : expectation.kind;
    test(`${placeOf(snippet)} ${how === 'fragment' ? 'parses' : how}`, async () => {
      assert.deepEqual((await typed).get(file) ?? [], []);
      assert.equal(await problemOf(snippet), undefined);
    });
  }
});

describe('the output that is shown', () => {
  for (const block of found.filter(({ expectation }) => expectation.kind === 'printed')) {
    test(`${placeOf(block)} is printed by the snippet before it`, async () => {
      const [snippet] = written
        .filter(({ path, line }) => path === block.path && line < block.line)
        .slice(-1);
      assert.ok(snippet !== undefined);
      assert.deepEqual(await linesNotPrinted(snippet, block.code), []);
      assert.deepEqual(await linesNotPrinted(snippet, 'another line\n'), ['another line']);
    });
  }
});

describe('a snippet is refused that', () => {
  for (const [i, [what, said]] of WRONG.entries()) {
    test(what, async () => {
      const snippet = written[written.length - WRONG.length + i];
      assert.ok(snippet !== undefined && planted.length === WRONG.length);
      const problems = [...((await typed).get(snippet.file) ?? []), await problemOf(snippet)];
      assert.match(problems.join('\n'), said);
    });
  }
  test('has a marker that nobody knows, or no end', () => {
    const parse = (text: string) => (): unknown => snippetsOf({ path: 'planted.md', text });
    assert.throws(parse('<!-- snippet: skip -->\n\n```ts\n```\n'), /unknown marker "skip"/);
    assert.throws(parse('```ts\nlet x;\n'), /planted\.md:1: the code is not closed/);
  });
});
