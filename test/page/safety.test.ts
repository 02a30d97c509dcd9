// Whatever the system under test says is text in the page: nothing of it runs, asks for anything, or breaks
// the page; and what cannot be seen is written out.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { TraceEntry } from '../../src/history/trace.ts';
import type { ReportDocument } from '../../src/report/document.ts';
import { reportPage } from '../../src/report/page/page.ts';
import { shownText } from '../../src/report/page/viewer/shown-text.ts';
import { skip, withPage } from './chromium.ts';
import { failedScenario, failureReport, reportOf, runReport, scenarioReport } from './documents.ts';
import { failuresWithEvidence } from './evidence.ts';
import { statistics } from './statistics.ts';

const HOSTILE: Readonly<Record<string, string>> = {
  'the end of the script': '</script><img src=x onerror="window.ran=1;alert(1)">',
  'a comment with a script in it': '<!--<script>window.ran=1</script>',
  'the end of an attribute': `"'><svg onload="window.ran=1"><a href="javascript:window.ran=1">x</a>`,
  'the end of the title': '</title></style></noscript><script>window.ran=1</script>',
  'the address of a script': 'javascript:window.ran=1',
  'a template': '${window.ran=1}`{{constructor.constructor("window.ran=1")()}}',
  'marks that turn the text around': 'abc\u202Efdp.exe\u2066x\u200F',
  'half a character and lines that are none': '\ud800 \udfff \u2028\u2029 \0 \u001b[31m',
  'the name of a prototype': '__proto__',
};

/** Words that are no text of the system under test, but say how to read it. */
const STRUCTURE = new Set([
  'kind',
  'type',
  'fate',
  'format',
  'outcome',
  'op',
  'dependency',
  'change',
  'message',
]);

/** A copy of a value in which every text is another, but for those that say how it is to be read. */
function withText<Value>(value: Value, text: string, key = ''): Value {
  if (typeof value === 'string') {
    const isMessage = key === 'message' && value.includes(' ');
    return (STRUCTURE.has(key) && !isMessage ? value : text) as Value;
  }
  if (Array.isArray(value)) return value.map((each: unknown) => withText(each, text)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withText(each, text, name)]),
  ) as Value;
}

function hostileReport(text: string): ReportDocument {
  const [first, ...others] = Object.values(failuresWithEvidence).map((failure) => ({
    ...failedScenario(failure),
    statistics: statistics(),
    reached: Object.fromEntries([[text, 0]]),
    struck: Object.fromEntries([[text, 3]]),
    undecided: Object.fromEntries([[text, 3]]),
  }));
  assert.ok(first !== undefined);
  return withText(reportOf(first, ...others, scenarioReport()), text);
}

/** What would be in the page if some text had become more than text. */
async function strangers(page: Page): Promise<string[]> {
  return page.evaluate(() => [
    ...('ran' in window ? ['a script ran'] : []),
    ...[
      ...document.querySelectorAll('img, iframe, object, embed, link, base, form, [onerror], [onload]'),
    ].map(({ outerHTML }) => outerHTML),
    ...[...document.querySelectorAll('a:not([href^="#"])')].map(({ outerHTML }) => outerHTML),
    ...[...document.querySelectorAll('script')].slice(2).map(({ outerHTML }) => outerHTML),
  ]);
}

describe('a page in which every text is hostile', { skip }, () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    test(`shows ${name} as text, and has in it exactly what it was given`, async () => {
      const report = hostileReport(text);
      await withPage(report, {}, async (page) => {
        const data = await page.evaluate(() => document.getElementById('report-data')?.textContent ?? '');
        assert.deepEqual(JSON.parse(data), JSON.parse(JSON.stringify(report)));
        assert.doesNotMatch(data, /[<\u2028\u2029]/);
        const links = page.getByRole('navigation').getByRole('link');
        assert.equal(await links.count(), report.scenarios.length);
        for (let i = 0; i < report.scenarios.length; i++) {
          await links.nth(i).click();
          assert.deepEqual(await strangers(page), []);
          const heading = await page.locator('h1 bdi').textContent();
          assert.equal(heading, shownText(text));
        }
      });
    });
  }
});

test('nothing can make markup, run a program or ask for anything in an open page', { skip }, async () => {
  await withPage(reportOf(failedScenario()), {}, async (page, problems) => {
    // Functions without names: what compiles this test would name them by a function of its own.
    const outcomes = await page.evaluate(() =>
      Promise.all(
        [
          () => (document.body.innerHTML = '<img src=x onerror="window.ran=1">'),
          async () => {
            // Later: what a debugger calls may evaluate.
            await new Promise((resolve) => setTimeout(resolve));
            return Reflect.apply(Reflect.get(globalThis, 'eval') as () => void, null, ['1']);
          },
          async () => (await fetch('http://localhost:9/')).status,
          () => document.body.appendChild(document.createElement('script')).append('window.ran = 1'),
          () => document.body.setAttribute('style', 'display: none'),
          () => `${getComputedStyle(document.body).display}, ${'ran' in window ? 'ran' : 'nothing ran'}`,
        ].map(async (attempt) => {
          try {
            return String(await attempt());
          } catch (error) {
            return error instanceof Error ? error.name : 'failed';
          }
        }),
      ),
    );
    assert.deepEqual(outcomes, [
      'TypeError',
      'EvalError',
      'TypeError',
      'undefined',
      'undefined',
      'block, nothing ran',
    ]);
    assert.ok(problems.splice(0).length >= 4, 'the browser says what it refused');
  });
});

test('opens with 5 MB of log, 600 hosts and bodies of bytes', { skip }, async () => {
  const hosts = Array.from({ length: 600 }, (_, i) => (i === 0 ? '__proto__' : `host-${i}`));
  const line = `${'</script>'.repeat(10)}${'log '.repeat(250)}`;
  const at = { atUs: 1000, step: 4 };
  const logs = Array.from({ length: Math.ceil(5_000_000 / line.length) }, (_, i): TraceEntry => ({
    kind: 'log',
    host: hosts[i % 600] ?? '',
    stream: 'stdout',
    text: line,
    ...at,
  }));
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const sent: TraceEntry = {
    kind: 'sent',
    from: '__proto__',
    to: 'host-1',
    message: 'request',
    label: 'POST /upload',
    nth: 1,
    fate: 'delivered',
    delayUs: 1000,
    content: { headers: [['__proto__', 'x']], body: { base64: bytes.toString('base64'), byteLength: 256 } },
    ...at,
  };
  const workload = JSON.parse('{"__proto__":{"polluted":true}}') as unknown;
  const run = runReport({ hosts, trace: [...runReport().trace, sent, ...logs], workload });
  const report = reportOf(failedScenario(failureReport({ run })));
  const [page, empty] = await Promise.all([reportPage(report), reportPage(reportOf())]);
  // `<` is written as six characters; nothing else grows.
  const data = JSON.stringify(report);
  assert.ok(
    Buffer.byteLength(page) <= Buffer.byteLength(empty) + data.length + 5 * (data.split('<').length - 1),
  );
  assert.ok(Buffer.byteLength(empty) < 250_000, `an empty page has ${Buffer.byteLength(empty)} bytes`);
  await withPage(report, {}, async (opened) => {
    assert.deepEqual(await strangers(opened), []);
    assert.equal(await opened.locator('h2').first().textContent(), 'charged at most once');
    assert.equal(await opened.evaluate(() => 'polluted' in {}), false);
  });
});
