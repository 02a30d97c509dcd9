// Statistics in the terminal.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statisticsText } from '../../src/report/statistics-text.ts';
import type { RouteStatistics, Statistics } from '../../src/report/document.ts';

const route = (name: string, p99Ms: number): RouteStatistics => ({
  route: name,
  host: 'orders',
  requests: 1_234,
  errors: 5,
  p50Ms: 12.345,
  p95Ms: 80,
  p99Ms,
  maxMs: 30_000,
  histogram: [],
});

const statistics: Statistics = {
  routes: [route('POST /checkout', 812.04), route('GET /health', 2)],
  queues: [],
  discovery: [{ runs: 300, behaviours: 42 }],
  chanceOfNew: 0.0333,
  failures: [],
};

test('the slowest routes are a table, and what is left to see a sentence', () => {
  assert.equal(
    statisticsText(statistics),
    [
      '  slowest routes         requests  errors  p50 ms  p99 ms  max ms',
      '  POST /checkout → orders    1234       5    12.3   812.0   30000',
      '  GET /health → orders       1234       5    12.3     2.0   30000',
      '  42 behaviours seen, chance that another run shows a new one: 3.3 %',
      '',
    ].join('\n'),
  );
});

test('where some runs were chosen, it says over which ones the chance is counted', () => {
  const sentence = (drawnRuns: number): string =>
    statisticsText({ ...statistics, routes: [], drawnRuns }).trimEnd();
  assert.equal(
    sentence(201),
    '  42 behaviours seen, chance that another run shows a new one: 3.3 %\n' +
      '  (counted over the 201 of 300 runs that were drawn, not chosen)',
  );
  assert.doesNotMatch(sentence(300), /counted/);
  assert.equal(sentence(0), '  42 behaviours seen, in runs none of which was drawn');
});

test('levels say how they came out', () => {
  const level = {
    title: 'POST /checkout: p99 at most 800.0 ms, in calm',
    during: 'calm',
    verdict: 'ok',
    message: '',
    samples: 90,
    beyond: 0,
    worst: [],
  } as const;
  const levels = [level, { ...level, verdict: 'unknown', message: '3 of 100 were there.\nmore' } as const];
  const text = statisticsText({ ...statistics, routes: [], levels });
  assert.match(text, /^ {2}level ok: POST \/checkout: p99 at most 800\.0 ms, in calm: 0 of 90 beyond\n/);
  assert.match(text, /level unknown: .*: 3 of 100 were there\.\n {2}42/);
});

test('no line is wider than 80 columns, and nothing in a name reaches the terminal', () => {
  const routes = Array.from({ length: 9 }, (_, i) =>
    route(`GET /${'long/'.repeat(i * 4)}\u001b[2J\u202E`, 1),
  );
  const text = statisticsText({ ...statistics, routes });
  assert.ok(text.split('\n').every((line) => line.length <= 80));
  assert.match(text, /slowest of 9 routes/);
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{C}/u);
});

test('with nothing to show it shows nothing', () => {
  assert.equal(statisticsText({ routes: [], queues: [], discovery: [], failures: [] }), '');
});
