// Asynchronous WebAssembly on a host needs microtasks only, and gives what Node.js gives.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlike, rejectionOf } from './alike.ts';
import { onHost } from './fake-host.ts';

/** A module that imports `env.number` and exports `add`, which adds it to its argument. */
const bytes = Buffer.from(
  '0061736d0100000001060160017f017f020f0103656e76066e756d626572037f00' +
    '03020100070701036164640000' +
    '0a09010700200023006a0b',
  'hex',
);
const imports = { env: { number: 5 } };

type Compile = (source: unknown) => Promise<object>;
type Instantiate = (source: unknown, given?: object) => Promise<{ instance: { exports: object } }>;

// What Node.js' types do not declare. The functions are looked up when they are called.
const { WebAssembly: api } = globalThis as unknown as {
  WebAssembly: Record<'compile' | 'compileStreaming', Compile> &
    Record<'instantiate' | 'instantiateStreaming', Instantiate> & {
      Module: new (bytes: Uint8Array) => object;
    };
};

function served(type = 'application/wasm', status = 200): Response {
  return new Response(bytes, { status, headers: { 'content-type': type } });
}

function sum(instance: { exports: object }): unknown {
  return (instance.exports as { add(value: number): number }).add(37);
}

test('modules are compiled and instantiated as in Node.js', () =>
  isAlike(async () => {
    const module = await api.compile(bytes);
    const both = await api.instantiate(bytes, imports);
    const alone = (await api.instantiate(module, imports)) as unknown as { exports: object };
    const streamed = await api.instantiateStreaming(Promise.resolve(served()), imports);
    return [
      module instanceof api.Module,
      Object.keys(both),
      [sum(both.instance), sum(alone), sum(streamed.instance)],
      (await api.compileStreaming(served())) instanceof api.Module,
    ];
  }));

test('what is no module, or does not fit, is refused as by Node.js', () =>
  isAlike(() =>
    Promise.all([
      rejectionOf(api.compile(Buffer.from('no module'))),
      rejectionOf(api.compile(undefined)),
      rejectionOf(api.instantiate(Buffer.from('no module'))),
      rejectionOf(api.instantiate(bytes)),
      rejectionOf(api.instantiate(bytes, { env: {} })),
      rejectionOf(api.compileStreaming(served('text/plain'))),
      rejectionOf(api.compileStreaming(served('application/wasm', 404))),
    ]),
  ));

test('nothing but microtasks is needed', async () => {
  const { engine } = await onHost(() => api.instantiate(bytes, imports));
  assert.equal(engine.nowUs, 0);
});
