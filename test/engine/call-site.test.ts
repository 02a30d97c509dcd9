// Where code is, for people: the innermost frame of their own, and who called the package that it is in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longStack, userSiteOf } from '../../src/engine/call-site.ts';

const ours = new URL('../../src/ambient/traps/trap.ts', import.meta.url).pathname;
const stack = (...frames: string[]): string =>
  ['Error: here', ...frames.map((each) => `    at ${each}`)].join('\n');

test('frames of Node.js and of wavetank are passed over', () => {
  const text = stack(`escape (${ours}:1:2)`, 'exec (node:child_process:3:4)', 'run (/app/src/a.ts:12:9)');
  assert.deepEqual(userSiteOf(text, '/app'), { site: 'src/a.ts:12:9' });
});

test('a package is named, with the code that called it', () => {
  const text = stack(
    'spawn (node:child_process:3:4)',
    'Object.<anonymous> (/app/node_modules/git/index.js:5:6)',
    'call (/app/node_modules/other/index.js:7:8)',
    'async file:///app/src/a.ts:12:9',
  );
  assert.deepEqual(userSiteOf(text, '/app'), {
    site: 'node_modules/git/index.js:5:6',
    caller: 'src/a.ts:12:9',
  });
});

test('a file elsewhere keeps its whole path', () => {
  assert.deepEqual(userSiteOf(stack('/elsewhere/a.ts:1:2'), '/app'), { site: '/elsewhere/a.ts:1:2' });
  assert.deepEqual(userSiteOf(stack('/application/a.ts:1:2'), '/app'), { site: '/application/a.ts:1:2' });
});

test('a stack that leads through nobody’s code has no site', () => {
  assert.equal(userSiteOf(stack('node:internal/timers:5:5'), '/app'), undefined);
  assert.equal(userSiteOf(undefined, '/app'), undefined);
});

test('code that prepares stacks in its own way does no harm', () => {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_error, frames) => frames;
  try {
    assert.equal(longStack(), undefined);
  } finally {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Object.defineProperty(Error, 'prepareStackTrace', before);
  }
  assert.match(longStack() ?? '', /call-site\.test\.ts/);
});
