// JUnit reports are what the schema that Jenkins publishes allows, and say what they should.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { validateXML } from 'xmllint-wasm';
import { junitReporter, junitXml } from '../../../src/report/reporters/junit.ts';
import { root } from '../../runner.ts';
import { documentOf, failedScenario, fullDocument, sampleScenario } from '../sample-documents.ts';
import { reported } from './tools.ts';

const schema = readFileSync(join(root, 'test/fixtures/junit/jenkins-junit.xsd'), 'utf8');

async function problems(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: { fileName: 'junit.xml', contents: xml }, schema });
  return errors.map(({ message }) => message);
}

/** Everything that XML cannot say, or says otherwise. */
const HOSTILE = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...['\u007f', '\ud800', '\udc00x', '\ufffe', '\uffff', '\u202e', '😀', ']]>', '<!-- --', '<![CDATA['],
  ...['"', "'", '&amp;', '&#0;', '<script>alert(1)</script>', '%', 'a\r\nb', ' \t '],
].join('|');

describe('a JUnit report', () => {
  test('is valid by the schema of Jenkins, whatever came of the scenarios', async () => {
    assert.deepEqual(await problems(junitXml(fullDocument)), []);
    assert.deepEqual(await problems(junitXml(documentOf())), []);
    assert.equal((await reported(junitReporter, fullDocument)).printed, junitXml(fullDocument));
    const broken = junitXml(fullDocument).replace('<testcase name=', '<testcase title=');
    assert.notDeepEqual(await problems(broken), []);
    assert.notDeepEqual(await problems(junitXml(fullDocument).replace('</testsuites>', '')), []);
  });

  test('is valid whatever the names and messages have in them', async () => {
    const { file: _, line: __, ...nowhere } = sampleScenario({ name: HOSTILE });
    const document = documentOf(
      failedScenario({ name: HOSTILE, message: HOSTILE, story: [HOSTILE], replayLine: HOSTILE }),
      sampleScenario({ outcome: 'vacuous', message: HOSTILE, name: HOSTILE, file: HOSTILE }),
      nowhere,
    );
    const xml = junitXml(document);
    assert.deepEqual(await problems(xml), []);
    assert.ok(xml.includes('\\x1b') && xml.includes('\\u{1b}'), 'what cannot be said is shown by its code');
    assert.ok(xml.includes('😀'));
    assert.ok(!xml.includes('<script>'));
  });

  test('has a suite for each file and a case for each scenario', () => {
    const xml = junitXml(
      documentOf(
        sampleScenario({ name: 'one' }),
        sampleScenario({ name: 'other', file: 'b.sim.ts', elapsedMs: 1_234_567 }),
        { ...failedScenario(), name: 'two' },
        sampleScenario({ name: 'three', outcome: 'diverged', message: 'they differ.\n  at step 3' }),
        sampleScenario({ name: 'four', outcome: 'interrupted' }),
      ),
    );
    assert.deepEqual(
      xml.match(/<test(suites|suite|case) .*/g)?.map((line) => line.replace(/\/?>$/, '')),
      [
        '<testsuites name="wavetank" tests="5" failures="1" errors="1" time="1242.567"',
        '<testsuite name="examples/checkout.sim.ts" ' +
          'tests="4" failures="1" errors="1" time="8.000" skipped="1"',
        ...['one', 'two', 'three', 'four'].map(
          (name) => `<testcase name="${name}" classname="examples/checkout.sim.ts" time="2.000"`,
        ),
        '<testsuite name="b.sim.ts" tests="1" failures="0" errors="0" time="1234.567" skipped="0"',
        '<testcase name="other" classname="b.sim.ts" time="1234.567"',
      ],
    );
    assert.match(
      xml,
      /<error type="DivergenceError \[WT_DIVERGED\]" message="they differ\.">Div.*\n {2}at step 3</,
    );
    assert.match(xml, /name="four".*\n {6}<skipped>interrupted<\/skipped>/);
  });

  test('tells the short story of a failure, and how to make its run again', () => {
    const xml = junitXml(documentOf(failedScenario()));
    const [, story = ''] = /<failure [^>]*>([^<]*)<\/failure>/.exec(xml) ?? [];
    assert.deepEqual(story.split('\n'), [
      'CheckFailure [WT_INVARIANT]: `charged at most once` is illegal: order o-1 was charged 2 times.',
      '  at 2,412 ms, step 1284, host `payments`',
      '  scenario `checkout`, seed 8417',
      '  shrunk 3 operations → 1, 30 faults → 1, in 14 runs',
      '  the same run: trace 0123456789abcdef',
      '  fault: dropped message (payments → orders)',
      '',
      '        0.0 ms  shopper → orders  POST /checkout',
      '     1107.0 ms  payments  ← it',
      '',
      '  replay: npx wavetank replay examples/checkout.sim.ts wt1:abc.def',
    ]);
    for (const property of [
      '<property name="checkout.seed" value="1"/>',
      '<property name="checkout.runs" value="100"/>',
      '<property name="checkout.replay" value="npx wavetank replay examples/checkout.sim.ts wt1:abc.def"/>',
    ]) {
      assert.ok(xml.includes(property), property);
    }
  });
});
