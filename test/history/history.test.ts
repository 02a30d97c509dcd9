import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../../src/history/history.ts';

test('an operation is pending until it ends', () => {
  const time = { nowUs: 1_500 };
  const history = new History(time);
  const { id } = history.invoke('guest', 'ask', { a: 1 });
  assert.deepEqual(history.operations(), [
    { id: 0, client: 'guest', name: 'ask', input: { a: 1 }, invokedMs: 1.5, type: 'pending' },
  ]);
  time.nowUs = 4_000;
  history.end(id, { type: 'ok', value: 'yes' });
  assert.deepEqual(history.operations(), [
    {
      id: 0,
      client: 'guest',
      name: 'ask',
      input: { a: 1 },
      invokedMs: 1.5,
      type: 'ok',
      endedMs: 4,
      value: 'yes',
    },
  ]);
});

test('operations are listed in the order of their invocation, whichever ends first', () => {
  const history = new History({ nowUs: 0 });
  const ids = ['a', 'b', 'c'].map((name) => history.invoke('guest', name, null).id);
  for (const id of ids.toReversed()) history.end(id, { type: 'fail', error: new Error('no') });
  assert.deepEqual(
    history.operations().map(({ id, name }) => [id, name]),
    [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ],
  );
});

test('a list of operations does not change under its reader', () => {
  const history = new History({ nowUs: 0 });
  const before = history.operations();
  history.invoke('guest', 'ask', null);
  assert.equal(before.length, 0);
});

test('what is recorded is a copy, and plain data', () => {
  const history = new History({ nowUs: 0 });
  const input = { items: [1] };
  const recorded = (value: unknown): unknown => {
    const { id } = history.invoke('guest', 'ask', input);
    return history.end(id, { type: 'ok', value }).value;
  };
  const value = { items: [1] };
  const copy = recorded(value);
  value.items.push(2);
  input.items.push(2);
  assert.deepEqual([copy, history.operations()[0]?.input], [{ items: [1] }, { items: [1] }]);
  assert.deepEqual(recorded(new Response('x', { status: 201 })), { status: 201 });
  assert.equal(
    recorded(() => {}),
    undefined,
  );
  assert.match(String(recorded({ run: () => {} })), /cannot be copied/);
  assert.deepEqual(recorded(new Map([[1, 2n]])), new Map([[1, 2n]]));
});

test('an error is recorded by its name, its message and its cause', () => {
  const history = new History({ nowUs: 0 });
  const recorded = (error: unknown): string | undefined =>
    history.end(history.invoke('guest', 'ask', null).id, { type: 'info', error }).error;
  assert.equal(
    recorded(new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })),
    'TypeError: fetch failed (read ECONNRESET)',
  );
  assert.equal(recorded(new Error('no')), 'Error: no');
  assert.equal(recorded('a word'), 'a word');
});
