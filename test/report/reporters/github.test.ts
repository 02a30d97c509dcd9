// Annotations are workflow commands as GitHub's runner reads them; the summary is Markdown in which nothing
// that comes from outside is markup.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { githubReporter } from '../../../src/report/reporters/github.ts';
import { documentOf, failedScenario, fullDocument, sampleScenario } from '../sample-documents.ts';
import { reported } from './tools.ts';

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Reads a line as the runner does: by its first `::`, the properties split at commas, escapes undone. */
function commandOf(line: string): Command {
  const [, name = '', list = '', text = ''] = /^::([^ :]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
  const pairs = list.split(',').map((pair) => pair.split(/=(.*)/, 2) as [string, string]);
  const plain = (word: string): string =>
    word
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  return {
    name,
    properties: Object.fromEntries(pairs.map(([key, value]) => [key, plain(value)])),
    text: plain(text),
  };
}

describe('the reporter github', () => {
  test('annotates the line of each scenario that failed, and no other', async () => {
    const { printed } = await reported(githubReporter, fullDocument);
    const lines = printed.trimEnd().split('\n');
    assert.equal(lines.length, 10, printed);
    const [first] = lines.map(commandOf);
    assert.equal(first?.name, 'error');
    assert.deepEqual(first?.properties, {
      file: 'examples/checkout.sim.ts',
      line: '7',
      title: 'checkout: charged at most once',
    });
    assert.match(
      first?.text ?? '',
      /^CheckFailure \[WT_INVARIANT\]: `charged at most once` is illegal: .* charged 2 times\.\n {2}at 2/,
    );
    assert.match(first?.text ?? '', /\n {2}replay: npx wavetank replay \S+ wt1:abc\.def$/);
    assert.equal(commandOf(lines[6] ?? '').text, 'VacuousError [WT_VACUOUS]: it is vacuous.');
  });

  test('keeps to one line and to its own properties, whatever there is in names', async () => {
    const wild = 'a,line=9::b%0A\r\nc: 100% \u001b[31m::error::d';
    const { printed } = await reported(
      githubReporter,
      documentOf({ ...failedScenario({ name: wild, message: wild }), name: 'x', file: 'a,b:c%.sim.ts' }),
    );
    assert.match(printed, /^::error file=a%2Cb%3Ac%25\.sim\.ts,line=7,title=x%3A a%2Cline=9%3A%3Ab%250A%0Ac/);
    assert.equal(printed.trimEnd().split('\n').length, 1);
    const { properties, text } = commandOf(printed.trimEnd());
    assert.deepEqual(properties, {
      file: 'a,b:c%.sim.ts',
      line: '7',
      title: 'x: a,line=9::b%0A\nc: 100% \\u{1b}[31m::error::d',
    });
    assert.ok(text.startsWith('CheckFailure [WT_INVARIANT]: a,line=9::b%0A\nc: 100% \\x1b[31m::error::d\n'));
  });

  test('names files from the root of the repository', async () => {
    const { printed } = await reported(githubReporter, documentOf(failedScenario()), {
      folder: 'packages/shop',
    });
    assert.equal(commandOf(printed.trimEnd()).properties.file, 'packages/shop/examples/checkout.sim.ts');
    const { file: _, line: __, ...nowhere } = failedScenario();
    assert.match(
      (await reported(githubReporter, documentOf(nowhere))).printed,
      /^::error title=checkout%3A charged/,
    );
  });

  test('sums the job up: failures with their stories, then a table', async () => {
    const { summary } = await reported(
      githubReporter,
      documentOf(sampleScenario({ name: 'ok' }), failedScenario()),
    );
    assert.match(summary, /^## wavetank: 1 passed, 1 failed\n\n### checkout: /);
    assert.match(summary, /```text\nCheckFailure \[WT_INVARIANT\]: .*\n(.*\n)+ {2}replay: npx .*\n```\n/);
    assert.match(summary, /\| ok \| passed \| 100 \| 1 \|\n\| checkout \| failed \| 100 \| 1 \|\n$/);
  });

  test('shows names and messages in the summary as they are', async () => {
    const name = 'a|b`c`<img src=x>[d](http://e) #1 @team *f*';
    const message = 'no\n```\n# a heading\n````\n<script>alert(1)</script>';
    const document = documentOf({ ...failedScenario({ message, story: ['x'] }), name });
    const { summary } = await reported(githubReporter, document);
    const [fence = ''] = /^`{3,}(?=text$)/m.exec(summary) ?? [];
    assert.equal(fence, '`````', 'the fence is longer than any in the text');
    const outside = summary.replace(/^`{5}text\n[\s\S]*?\n`{5}$/m, '');
    assert.ok(!/[<>`@*[\]]/.test(outside.replaceAll('| --- ', '')), outside);
    assert.equal(
      outside
        .match(/^\|.*\|$/gm)
        ?.at(-1)
        ?.split('|').length,
      6,
      'a name adds no column',
    );
  });

  test('keeps the summary below what GitHub takes', async () => {
    const many = Array.from({ length: 200 }, () =>
      failedScenario({ story: Array.from({ length: 150 }, () => '→'.repeat(99)) }),
    );
    const { summary } = await reported(githubReporter, documentOf(...many));
    const bytes = Buffer.byteLength(summary);
    assert.ok(bytes > 900_000 && bytes < 1024 * 1024, `${bytes}`);
    assert.match(summary, /^## wavetank: 0 passed, 200 failed\n[\s\S]*\n\.\.\.\n$/);
  });
});
