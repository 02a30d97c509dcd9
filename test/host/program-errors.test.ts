import assert from 'node:assert/strict';
import { test } from 'node:test';
import { story } from './program-story.ts';

// Errors that nobody caught in a program: its own handlers, and the crash.

test('an error that a program handles does not crash it', async () => {
  const { log, violations } = await story(`
    process.on('uncaughtExceptionMonitor', (error, origin) => console.log('monitor', error.message, origin));
    process.on('uncaughtException', (error, origin) => console.log('handled', error.message, origin));
    setTimeout(() => { throw new Error('timer'); }, 1);
    setTimeout(() => process.nextTick(() => { throw new Error('tick'); }), 2);
    setTimeout(() => queueMicrotask(() => { throw new Error('microtask'); }), 3);
    setTimeout(() => void Promise.reject(new Error('rejection')), 4);
    setTimeout(() => void Promise.reject('reason'), 5);
    setTimeout(() => console.log('still here'), 6);
    throw new Error('boot');
  `);
  const tellings = ['boot', 'timer', 'tick', 'microtask'].flatMap((what, at) => [
    `${at}: monitor ${what} uncaughtException`,
    `${at}: handled ${what} uncaughtException`,
  ]);
  assert.deepEqual(log.filter((line) => !line.includes('(booted)')).slice(0, 10), [
    ...tellings,
    '4: monitor rejection unhandledRejection',
    '4: handled rejection unhandledRejection',
  ]);
  assert.match(log.find((line) => line.startsWith('5: handled')) ?? '', /rejected with the reason "reason"/);
  assert.ok(log.includes('6: still here'));
  assert.deepEqual(violations, []);
});

test('a rejection goes to its own handler first, a capture callback before the listeners', async () => {
  const { log, violations } = await story(`
    process.on('unhandledRejection', (reason, promise) => {
      console.log('rejection', reason, promise instanceof Promise);
      setTimeout(() => promise.catch(() => {}), 1);
    });
    process.on('rejectionHandled', (promise) => console.log('handled late', promise instanceof Promise));
    process.on('uncaughtException', () => console.log('never'));
    void Promise.reject('why');
    process.setUncaughtExceptionCaptureCallback((error) => console.log('captured', error.message));
    setTimeout(() => { throw new Error('timer'); }, 5);
    console.log(process.hasUncaughtExceptionCaptureCallback());
  `);
  assert.deepEqual(log.filter((line) => !line.includes('(booted)')).slice(0, 4), [
    '0: true',
    '0: rejection why true',
    '1: handled late true',
    '5: captured timer',
  ]);
  assert.deepEqual(violations, []);
  assert.equal(process.hasUncaughtExceptionCaptureCallback(), false);
});

test('an error without handlers, or of a handler, crashes the host; exit listeners learn of it', async () => {
  const thrown = await story(`
    process.on('uncaughtException', () => { throw new Error('from the handler'); });
    process.on('exit', (code) => console.log('exit', code));
    setTimeout(() => { throw new Error('first'); }, 1);
  `);
  assert.deepEqual(thrown.log.slice(1, 3), ['1: exit 1', '1: (crashed)']);
  assert.match(thrown.violations[0] ?? '', /crashed of an uncaught exception: Error: from the handler/);
  const plain = await story(`process.emitWarning('careful', { code: 'W1', detail: 'more' });
    process.on('warning', ({ name, message, code }) => console.log(name, message, code));
    setTimeout(() => new (require_('node:events'))().emit('error', new Error('nobody listens')), 1);
    import { createRequire } from 'node:module';
    const require_ = createRequire(import.meta.url);`);
  assert.deepEqual(plain.log.slice(0, 2), [
    '0: Warning careful W1',
    '0: ! (node:1001) [W1] Warning: careful\nmore',
  ]);
  assert.match(plain.violations[0] ?? '', /Error: nobody listens/);
});
