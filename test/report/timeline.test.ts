// The timeline: what is worth a line, in which words, and where the violation stands.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TraceEntry } from '../../src/history/trace.ts';
import { messageKey } from '../../src/report/slice/trace-index.ts';
import { plainLine } from '../../src/report/story.ts';
import { timeline } from '../../src/report/timeline.ts';

type Sent = Extract<TraceEntry, { kind: 'sent' }>;

const at = (ms: number, step = 1): { atUs: number; step: number } => ({ atUs: ms * 1_000, step });
const sent = (ms: number, rest: Partial<Sent> = {}): Sent => ({
  kind: 'sent',
  ...at(ms),
  from: 'a',
  to: 'b',
  message: 'request',
  label: 'GET /',
  nth: 1,
  fate: 'delivered',
  ...rest,
});
const host = (ms: number, change: string): TraceEntry => ({ kind: 'host', ...at(ms), host: 'a', change });

/** The lines without the spaces that align them. */
const told = (trace: readonly TraceEntry[], options: Parameters<typeof timeline>[1] = {}): string[] =>
  timeline(trace, options).map((line) => plainLine(line).trim().replaceAll(/ {2,}/g, ' | '));

describe('the timeline', () => {
  test('aligns times, ends and notes', () => {
    const trace = [
      sent(0, { to: 'payments' }),
      sent(1_234.56, { label: 'POST /orders', nth: 12, fate: 'dropped' }),
    ];
    assert.deepEqual(timeline(trace).map(plainLine), [
      '     0.0 ms  a → payments  GET /',
      '  1234.6 ms  a ⇥ b         POST /orders #12  dropped',
    ]);
  });

  for (const [fate, words] of [
    ['delivered', 'a → b | GET /'],
    ['dropped', 'a ⇥ b | GET / | dropped'],
    ['lost', 'a ⇥ b | GET / | lost on the way'],
    ['cut off', 'a ⇥ b | GET / | lost in the partition'],
    ['reset', 'a ⇥ b | GET / | connection reset'],
    ['refused', 'a ⇥ b | GET / | connection refused'],
    ['failed', 'a ⇥ b | GET / | failed'],
    ['held', 'a → b | GET / | held back'],
    ['stalled', 'a → b | GET / | stalled by the partition'],
  ] as const) {
    test(`tells the fate of a message: ${fate}`, () => {
      assert.deepEqual(told([sent(1, { fate })]), [`1.0 ms | ${words}`]);
    });
  }

  for (const [rest, words] of [
    [{ message: 'response', status: 503 }, '503 to GET /'],
    [{ message: 'response', status: 200, nth: 2 }, '200 to GET / #2'],
    [{ message: 'chunk' }, 'more of GET /'],
    [{ message: 'datagram', label: 'beat', nth: 3 }, 'beat #3'],
    [{ message: 'signal', label: 'refusal GET /', nth: 4 }, 'refuses the connection: GET /'],
    [{ message: 'signal', label: 'reset GET /' }, 'resets the connection: GET /'],
    [{ message: 'signal', label: 'hang-up GET /' }, 'hangs up: GET /'],
  ] as const) {
    test(`says what is sent: ${words}`, () => {
      assert.deepEqual(told([sent(1, rest)]), [`1.0 ms | a → b | ${words}`]);
    });
  }

  test('tells of an arrival only where it is not when one would think', () => {
    const late = sent(1);
    const arrived = (ms: number, isCopy: boolean): TraceEntry => {
      const { fate: _, ...name } = late;
      return { ...name, kind: 'arrived', ...at(ms), isCopy };
    };
    assert.deepEqual(told([late, arrived(2, false)]), ['1.0 ms | a → b | GET /']);
    assert.deepEqual(told([late, arrived(2, false), arrived(9, true)]).slice(1), [
      '9.0 ms | a → b | GET / | arrives again',
    ]);
    assert.deepEqual(told([late, arrived(9, false)], { delays: new Map([[messageKey(late), 8]]) }), [
      '1.0 ms | a → b | GET / | delayed by 8 ms',
      '9.0 ms | a → b | GET / | arrives late',
    ]);
    assert.equal(
      told([sent(1, { fate: 'stalled' }), arrived(9, false)])[1],
      '9.0 ms | a → b | GET / | arrives late',
    );
  });

  test('tells what befalls a host, but for its first boot', () => {
    const trace = [host(0, 'booted'), host(1, 'crashed'), host(5, 'paused'), host(6, 'resumed')];
    const rest = [host(7, 'stopping'), host(8, 'stopped'), host(9, 'booted')];
    assert.deepEqual(told([...trace, ...rest]), [
      '1.0 ms | a | crashes',
      '5.0 ms | a | is paused',
      '6.0 ms | a | goes on',
      '7.0 ms | a | is asked to stop',
      '8.0 ms | a | has stopped',
      '9.0 ms | a | boots again',
    ]);
  });

  test('says in words how operations end', () => {
    const ended = (type: 'invoke' | 'ok' | 'fail' | 'info'): TraceEntry => ({
      kind: 'operation',
      ...at(3),
      id: 0,
      client: 'c',
      name: 'buy',
      type,
    });
    assert.deepEqual(told([ended('invoke'), ended('ok'), ended('fail'), ended('info')]), [
      '3.0 ms | c | `buy` ends: ok',
      '3.0 ms | c | `buy` ends: failed, without effect',
      '3.0 ms | c | `buy` ends: outcome unknown',
    ]);
  });

  test('shows the first line of what a host prints as an error, and nothing else that it prints', () => {
    const log = (stream: 'stdout' | 'stderr', text: string): TraceEntry => {
      return { kind: 'log', ...at(1), host: 'a', stream, text };
    };
    assert.deepEqual(told([log('stdout', 'hello'), log('stderr', `Error: no\n    at x`)]), [
      '1.0 ms | a | prints: Error: no',
    ]);
    assert.ok(told([log('stderr', 'x'.repeat(500))])[0]!.length < 130);
  });

  test('puts the violation at its place: after the step in which it was seen', () => {
    const ending = { atMs: 2, step: 2, host: 'b', text: '`all is well`' };
    const trace = [sent(1), sent(2, { ...at(2, 2), nth: 2 }), sent(2, { ...at(2, 2), nth: 3 })];
    const lines = told([...trace, sent(3, { ...at(3, 3), nth: 4 })], { ending });
    assert.deepEqual(lines.slice(-2), ['2.0 ms | b | ← `all is well`', '3.0 ms | a → b | GET / #4']);
    assert.equal(told(trace, { ending }).at(-1), '2.0 ms | b | ← `all is well`');
    assert.deepEqual(told([], { ending }), ['2.0 ms | b | ← `all is well`']);
  });

  test('leaves the end of the storm out where there was none', () => {
    const note: TraceEntry = { kind: 'note', ...at(1), text: 'faults stop, everything heals' };
    assert.deepEqual(told([note]), ['1.0 ms | faults stop, everything heals']);
    assert.deepEqual(told([note], { hasStorm: false }), []);
  });

  test('says where it is so that what is on its way arrives after the storm', () => {
    const note: TraceEntry = { kind: 'note', ...at(2), text: 'faults stop, everything heals' };
    const { fate: _fate, kind: _kind, ...name } = sent(1);
    const arrived = (ms: number): TraceEntry => ({ ...name, kind: 'arrived', ...at(ms), isCopy: true });
    const calm = 'faults stop, everything heals';
    const lines = told([sent(1, { isTwice: true }), note, arrived(3)]);
    assert.deepEqual(lines.slice(1, 3), [`2.0 ms | ${calm}; what is underway still`, 'arrives']);
    assert.deepEqual(told([arrived(1), note]).slice(-1), [`2.0 ms | ${calm}`]);
    const [, beside] = told([sent(1), note, arrived(3)], { slice: [0, 1] });
    assert.equal(beside, `2.0 ms | ${calm}`);
  });

  test('tells each change of state; of many, what the violation names', () => {
    const changes = (count: number): TraceEntry => ({
      ...{ kind: 'state', ...at(1), host: 'a', store: 'exports', cause: { kind: 'boot' } },
      patches: Array.from({ length: count }, (_, i) => ({ op: 'add', path: ['rows', i], value: `o-${i}` })),
    });
    assert.deepEqual(told([changes(2)]), ['1.0 ms | a | rows[0] = "o-0"', '1.0 ms | a | rows[1] = "o-1"']);
    assert.deepEqual(told([changes(9)], { about: 'order o-7 was lost, o-7!' }), [
      '1.0 ms | a | rows[0] = "o-0"',
      '1.0 ms | a | rows[1] = "o-1"',
      '1.0 ms | a | rows[7] = "o-7", and 6 more',
    ]);
  });

  test('folds a long story where nothing happens, and keeps what is around a deviation', () => {
    const trace = Array.from({ length: 200 }, (_, i) =>
      sent(i, { nth: i + 1, fate: i === 100 ? 'dropped' : 'delivered' }),
    );
    const lines = told(trace);
    assert.ok(lines.length < 48, `${lines.length} lines`);
    const folds = lines.filter((line) => line.startsWith('...'));
    assert.deepEqual(folds, ['... 92 more events, without a fault', '... 85 more events, without a fault']);
    assert.ok(lines.includes('100.0 ms | a ⇥ b | GET / #101 | dropped'));
    assert.ok(lines.includes('98.0 ms | a → b | GET / #99'));
    assert.equal(lines.at(-1), '199.0 ms | a → b | GET / #200');
    // Every message is told, or counted.
    const counted = folds.reduce((sum, line) => sum + Number(/\d+/.exec(line)?.[0]), 0);
    assert.equal(lines.length - folds.length + counted, 200);
  });
});
