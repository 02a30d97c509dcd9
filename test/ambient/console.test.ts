/* oxlint-disable no-console -- the console is what is tested. */

import assert from 'node:assert/strict';
import { log as namedLog } from 'node:console';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { onHost } from './fake-host.ts';

/** What a body prints on a real console of Node.js. */
async function printedBy(body: () => unknown): Promise<[string, string][]> {
  const printed: [string, string][] = [];
  const sink = (stream: string): Writable =>
    new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        printed.push([stream, chunk.slice(0, -1)]);
        done();
      },
    });
  const own = new console.Console({ stdout: sink('stdout'), stderr: sink('stderr'), colorMode: false });
  const real = globalThis.console;
  globalThis.console = own;
  try {
    await body();
  } finally {
    globalThis.console = real;
  }
  return printed;
}

test('each method prints what the real console prints', async () => {
  const body = (): void => {
    console.log('%s is %d', 'a', 5, { nested: { deep: [1, 2] } });
    console.info('info');
    console.debug('debug');
    console.warn('warn %o', []);
    console.error(new RangeError('shown').message);
    console.group('group');
    console.log('indented\ntwice');
    console.groupEnd();
    console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 });
    console.dirxml(1, 2);
    console.table([{ a: 1 }, { b: 2 }]);
    console.count();
    console.count('x');
    console.countReset('x');
    console.count('x');
    console.assert(true, 'not shown');
    console.assert(false, 'shown %s', 'too');
    console.clear();
    console.log();
  };
  const real = await printedBy(body);
  const { host } = await onHost(body);
  assert.deepEqual(host.printed, real);
  assert.equal(host.printed.length, 15);
});

test('timers of the console measure virtual time', async () => {
  const { host } = await onHost(async () => {
    console.time('t');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    console.timeLog('t', 'extra');
    await new Promise((resolve) => setTimeout(resolve, 500));
    console.timeEnd('t');
  });
  assert.deepEqual(host.printed, [
    ['stdout', 't: 1.500s extra'],
    ['stdout', 't: 2.000s'],
  ]);
});

test('trace prints the stack to stderr', async () => {
  const { host } = await onHost(() => console.trace('here'));
  assert.equal(host.printed[0]?.[0], 'stderr');
  assert.match(host.printed[0]?.[1] ?? '', /^Trace: here\n {4}at .*console\.test/s);
});

test('named imports and captured methods print for the host', async () => {
  const { host } = await onHost(() => {
    namedLog('named');
    const { error } = console;
    error('captured');
  });
  assert.deepEqual(host.printed, [
    ['stdout', 'named'],
    ['stderr', 'captured'],
  ]);
});

test('the standard streams take text, bytes, encodings and callbacks, and print whole lines', async () => {
  const { host, value } = await onHost(async (own) => {
    const results = [process.stdout.write('text\n'), process.stderr.write(Buffer.from('bytes\n'))];
    process.stdout.write('68690a', 'hex');
    await new Promise<void>((resolve) => process.stdout.write('called back, ', () => resolve()));
    await new Promise<void>((resolve) =>
      process.stdout.write(new Uint8Array([104, 10, 105]), 'utf8', () => resolve()),
    );
    results.push(own.printed.length === 4);
    own.process.flush();
    return results;
  });
  assert.deepEqual(value, [true, true, true]);
  assert.deepEqual(host.printed, [
    ['stdout', 'text'],
    ['stderr', 'bytes'],
    ['stdout', 'hi'],
    ['stdout', 'called back, h'],
    ['stdout', 'i'],
  ]);
});

test('code that took the real stream prints on the host that calls, and elsewhere as ever', async () => {
  const release = acquireAmbient();
  const { stdout } = process;
  const { host } = await onHost(() => {
    assert.notEqual(process.stdout, stdout);
    stdout.write('by the real one\n');
  });
  assert.equal(process.stdout, stdout);
  release();
  assert.deepEqual(host.printed, [['stdout', 'by the real one']]);
});

test('each host has its own groups and counters', async () => {
  const body = (): void => {
    console.group();
    console.count('n');
  };
  const [first, second] = [await onHost(body), await onHost(body)];
  assert.deepEqual(first.host.printed, [['stdout', '  n: 1']]);
  assert.deepEqual(second.host.printed, first.host.printed);
});
