import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOfError, outcomeOfValue } from '../../src/history/operation.ts';
import { asGuest } from '../scenario/driven.ts';

function typeOf(error: unknown): string | undefined {
  return outcomeOfError(error)?.type;
}

function fetchError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

test('a response counts by its status, every other value is a success', () => {
  const types = [200, 204, 302, 399, 400, 404, 499, 500, 503, 599].map((status) => {
    const response = new Response(null, { status });
    const outcome = outcomeOfValue(response);
    assert.equal(outcome.value, response);
    return outcome.type;
  });
  assert.deepEqual(types, ['ok', 'ok', 'ok', 'ok', 'fail', 'fail', 'fail', 'info', 'info', 'info']);
  for (const value of [undefined, null, 0, false, 'error', new Error('returned'), { status: 500 }]) {
    assert.deepEqual(outcomeOfValue(value), { type: 'ok', value });
  }
});

test('an error after which the request was certainly never received is a failure', () => {
  for (const code of [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'UND_ERR_CONNECT_TIMEOUT',
  ]) {
    assert.equal(typeOf(fetchError(code)), 'fail', code);
    assert.equal(typeOf(Object.assign(new Error(code), { code })), 'fail', code);
  }
});

test('an error that leaves open what happened is an unknown outcome', () => {
  const codes = [
    'ECONNRESET',
    'ETIMEDOUT',
    'EPIPE',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_SOCKET',
  ];
  for (const code of codes) assert.equal(typeOf(fetchError(code)), 'info', code);
  const unknown = [
    new DOMException('aborted', 'AbortError'),
    new DOMException('too late', 'TimeoutError'),
    new TypeError('terminated', { cause: new Error('other side closed') }),
    new SyntaxError('Unexpected end of JSON input'),
    new Error('anything'),
    'a word',
    undefined,
    null,
  ];
  for (const error of unknown) assert.deepEqual(outcomeOfError(error), { type: 'info', error });
});

test('a bug of the caller is no outcome', () => {
  const bugs = [
    new assert.AssertionError({ message: 'no' }),
    Object.assign(new Error('of another library'), { name: 'AssertionError' }),
    new TypeError("Cannot read properties of undefined (reading 'id')"),
    new ReferenceError('x is not defined'),
    new RangeError('Invalid time value'),
    // A URL that is none: nothing was sent.
    new TypeError('Failed to parse URL from x', {
      cause: Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL' }),
    }),
  ];
  for (const error of bugs) assert.equal(outcomeOfError(error), undefined, error.message);
});

test('what fetch really throws is classified so', async () => {
  const { value } = await asGuest({}, async (world) => {
    const errors: unknown[] = [];
    const note = (error: unknown): void => void errors.push(typeOf(error));
    await fetch('http://nowhere/').catch(note);
    world.host('server').crash();
    await fetch('http://server/').catch(note);
    await fetch('http://server/', { signal: AbortSignal.abort() }).catch(note);
    await fetch('not an address').catch(note);
    return errors;
  });
  assert.deepEqual(value, ['fail', 'fail', 'info', undefined]);
});
