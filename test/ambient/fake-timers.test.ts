// Every way to fake a clock or a timer is refused, by name; what is no fake is not.

import assert from 'node:assert/strict';
import { afterEach, describe, mock, test } from 'node:test';
import { install, type FakeMethod } from '@sinonjs/fake-timers';
import { refuseFakeTimers } from '../../src/ambient/fake-timers.ts';
import { acquireAmbient, keepClocks } from '../../src/ambient/install.ts';
import { onHost } from './fake-host.ts';

const real = Object.getOwnPropertyDescriptors(globalThis);
afterEach(() => {
  for (const key of ['Date', 'setTimeout', 'performance'] as const)
    Object.defineProperty(globalThis, key, real[key]);
});

function refused(name: string): void {
  const error = { code: 'WT_ENVIRONMENT', message: new RegExp(`got fake ones: .*\`${name}\``) };
  assert.throws(() => refuseFakeTimers(), error);
}

describe('fake timers', { concurrency: false }, () => {
  for (const name of [
    ...['Date', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval'],
    ...['clearImmediate', 'queueMicrotask', 'nextTick', 'hrtime', 'performance'],
  ]) {
    test(`of fake-timers are refused: ${name}`, () => {
      const clock = install({ toFake: [name as FakeMethod] });
      try {
        refused(['nextTick', 'hrtime'].includes(name) ? `process.${name}` : name);
      } finally {
        clock.uninstall();
      }
      refuseFakeTimers();
    });
  }

  for (const name of ['Date', 'setTimeout', 'setInterval', 'setImmediate'] as const) {
    test(`of node:test are refused: ${name}`, () => {
      mock.timers.enable({ apis: [name] });
      try {
        refused(name);
      } finally {
        mock.timers.reset();
      }
      refuseFakeTimers();
    });
  }

  test('of Jest, as they were before, are refused', () => {
    globalThis.setTimeout = Object.assign(() => 0, { _isMockFunction: true }) as never;
    refused('setTimeout');
  });
  test('a class in the place of Date is refused', () => {
    globalThis.Date = class extends Date {} as never;
    refused('Date');
  });
  test('a function that watches a timer is none', () => {
    const { setTimeout: original } = globalThis;
    globalThis.setTimeout = ((...list: Parameters<typeof setTimeout>) => original(...list)) as never;
    refuseFakeTimers();
  });
});

describe('a clock that a test put back', { concurrency: false }, () => {
  test('is that of the hosts again in the next run, and in the next exploration', async () => {
    const RealDate = Date;
    const release = acquireAmbient();
    try {
      const yearOnHost = async (): Promise<unknown> =>
        (await onHost(() => new globalThis.Date().getTime())).value;
      const virtual = await yearOnHost();
      globalThis.Date = RealDate; // As `vi.useRealTimers()` does after `vi.setSystemTime()`.
      keepClocks();
      assert.notEqual(globalThis.Date, RealDate);
      assert.equal(await yearOnHost(), virtual);
      globalThis.Date = RealDate;
      acquireAmbient()();
      assert.notEqual(globalThis.Date, RealDate);
    } finally {
      release();
    }
    assert.equal(globalThis.Date, RealDate);
  });

  test('is left to whoever put something else there', () => {
    const release = acquireAmbient();
    const watched = ((): void => {}) as never;
    try {
      globalThis.setTimeout = watched;
      keepClocks();
      assert.equal(globalThis.setTimeout, watched);
    } finally {
      release();
    }
  });
});
