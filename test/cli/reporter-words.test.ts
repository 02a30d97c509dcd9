// What `--reporter` means.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { chosenReporters } from '../../src/cli/reporter-words.ts';

const chosen = (
  words?: readonly string[],
  env: Record<string, string> = {},
): [string, string | undefined][] =>
  chosenReporters({ reporter: words }, env).map(({ name, path }) => [name, path]);

describe('--reporter', () => {
  test('may be left out, and then annotates too in a job of GitHub Actions', () => {
    assert.deepEqual(chosen(), [['default', undefined]]);
    assert.deepEqual(chosen(undefined, { GITHUB_ACTIONS: 'true' }), [
      ['default', undefined],
      ['github', undefined],
    ]);
    assert.deepEqual(chosen(['default'], { GITHUB_ACTIONS: 'true' }), [['default', undefined]]);
    assert.deepEqual(chosen(undefined, { GITHUB_ACTIONS: 'false' }), [['default', undefined]]);
  });

  test('takes several, in one word or in many, each with its file', () => {
    assert.deepEqual(chosen(['dot,junit:out/junit.xml', 'json:r.json']), [
      ['dot', undefined],
      ['junit', 'out/junit.xml'],
      ['json', 'r.json'],
    ]);
    assert.deepEqual(chosen(['html', 'blob']), [
      ['html', join('.wavetank', 'report.html')],
      ['blob', join('.wavetank', 'report.blob')],
    ]);
    assert.deepEqual(chosen([String.raw`junit:C:\out\junit.xml`]), [['junit', String.raw`C:\out\junit.xml`]]);
    assert.deepEqual(chosen(['html:-']), [['html', undefined]]);
    assert.deepEqual(chosen(['json:a.json,json:b.json', 'agent, github']), [
      ['json', 'a.json'],
      ['json', 'b.json'],
      ['agent', undefined],
      ['github', undefined],
    ]);
  });

  const refused: [words: string[], message: RegExp][] = [
    [['jnuit'], /^Unknown reporter "jnuit": did you mean "junit"\?$/],
    [['verbose'], /^Unknown reporter "verbose"\. Known: "default", "dot", "agent", /],
    [['toString'], /^Unknown reporter "toString"/],
    [[''], /^Expected --reporter junit:junit\.xml or --reporter junit, got ""\.$/],
    [['default,'], /got ""\.$/],
    [['junit:'], /got "junit:"\.$/],
    [
      ['json', 'junit'],
      /^The reporters json and junit both print: give one of them a file, as in --reporter junit:/,
    ],
    [['default,dot'], /^The reporters default and dot both print/],
    [['default', 'default'], /^The reporters default and default both print/],
    [['github,json'], /^The reporters github and json both print/],
    [['html:-,agent'], /^The reporters html and agent both print/],
    [['json:a.x', 'junit:./a.x'], /^The reporters json and junit both write \.\/a\.x\.$/],
  ];
  for (const [words, message] of refused) {
    test(`refuses ${JSON.stringify(words.join(' '))}`, () => {
      assert.throws(() => chosenReporters({ reporter: words }, {}), { name: 'UsageError', message });
    });
  }
});
