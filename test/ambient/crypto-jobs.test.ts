// The thread pool of node:crypto on a host: the results of Node.js, in virtual time, and as functions of the
// seed where they are random.

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
const ed = crypto.generateKeyPairSync('ed25519');
const x = [crypto.generateKeyPairSync('x25519'), crypto.generateKeyPairSync('x25519')] as const;
const message = Buffer.from('a message');
const functions = crypto as unknown as Record<string, (...args: unknown[]) => unknown>;

/** Calls a function with a callback, and waits for what it gives. */
function called(key: string, ...args: unknown[]): Promise<unknown> {
  const promising = promisify(functions[key] as never) as unknown as (...args: unknown[]) => Promise<unknown>;
  return promising(...args);
}

const jobs: Record<string, () => Promise<unknown>> = {
  pbkdf2: () => called('pbkdf2', 'secret', 'salt', 1000, 32, 'sha512'),
  scrypt: () => called('scrypt', 'secret', 'salt', 32),
  'scrypt with options': () => called('scrypt', 'secret', 'salt', 32, { N: 1024, r: 4 }),
  hkdf: () => called('hkdf', 'sha256', 'key', 'salt', 'info', 32),
  checkPrime: () => called('checkPrime', 13n),
  'sign with RSA': () => called('sign', 'sha256', message, rsa.privateKey),
  'sign with Ed25519': () => called('sign', null, message, ed.privateKey),
  verify: () => called('verify', null, message, ed.publicKey, crypto.sign(null, message, ed.privateKey)),
};

for (const [name, job] of Object.entries(jobs)) {
  test(`${name} calls back with what Node.js gives, in virtual time`, async () => {
    await isAlike(job);
    const { engine } = await onHost(job);
    assert.ok(engine.nowUs >= 50, `${engine.nowUs} µs`);
  });
}

test('what costs more takes longer', async () => {
  const us = async (iterations: number): Promise<number> =>
    (await onHost(() => called('pbkdf2', 'secret', 'salt', iterations, 32, 'sha1'))).engine.nowUs;
  assert.ok((await us(20_000)) > 5 * (await us(2_000)));
});

test('wrong arguments are refused as by Node.js, at the call', () =>
  isAlike(() => {
    const wrong: [string, ...unknown[]][] = [
      ['pbkdf2', 'secret', 'salt', 0, 32, 'sha512', () => {}],
      ['pbkdf2', 'secret', 'salt', 1, 32, 'none', () => {}],
      ['pbkdf2', 'secret', 'salt', 1, 32, 'sha512'],
      ['scrypt', 'secret', 'salt', 32, { N: 3 }, () => {}],
      ['scrypt', 'secret', 'salt', 32],
      ['hkdf', 'sha256', 'key', 'salt', 'info', 1e6, () => {}],
      ['sign', 'sha256', message, 'no key', () => {}],
      ['generateKeyPair', 'none', {}, () => {}],
      ['generateKey', 'hmac', { length: 1 }, () => {}],
      ['checkPrime', 'x', () => {}],
    ];
    return wrong.map(([key, ...args]) => thrownBy(() => functions[key]?.(...args)));
  }));

test('a callback keeps the context of the call, and does not come to a host that ended', async () => {
  const storage = new AsyncLocalStorage<string>();
  const { value } = await onHost(() =>
    storage.run('user', async () => {
      await called('hkdf', 'sha256', 'key', 'salt', 'info', 8);
      return storage.getStore();
    }),
  );
  assert.equal(value, 'user');
});

test(
  'diffieHellman with a callback gives what it gives without',
  {
    skip: !/^v2[4-9]/.test(process.version) && 'diffieHellman takes no callback here',
  },
  () => isAlike(() => called('diffieHellman', { privateKey: x[0].privateKey, publicKey: x[1].publicKey })),
);

const generators: Record<string, () => unknown> = {
  'generateKeySync hmac': () => crypto.generateKeySync('hmac', { length: 128 }).export(),
  'generateKey aes': async () =>
    ((await called('generateKey', 'aes', { length: 256 })) as crypto.KeyObject).export(),
  ...Object.fromEntries(
    ['ed25519', 'x25519', 'ed448', 'x448'].map((type) => [
      `generateKeyPairSync ${type}`,
      () => Object.values(crypto.generateKeyPairSync(type as 'ed25519')).map(pem),
    ]),
  ),
  ...Object.fromEntries(
    ['prime256v1', 'secp384r1', 'P-521', 'secp256k1'].map((namedCurve) => [
      `generateKeyPairSync ${namedCurve}`,
      () => Object.values(crypto.generateKeyPairSync('ec', { namedCurve })).map(pem),
    ]),
  ),
  'generateKeyPair with encodings': async () => {
    const encodings = {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    };
    const pair = (await called('generateKeyPair', 'ec', encodings)) as Record<string, string>;
    return [pair['publicKey'], pair['privateKey']];
  },
  'ECDH.generateKeys': () => {
    const ecdh = crypto.createECDH('secp521r1');
    return [ecdh.generateKeys('hex', 'compressed'), ecdh.getPrivateKey('hex')];
  },
};

function pem(key: crypto.KeyObject): string | Buffer {
  return key.export({ format: 'pem', type: key.type === 'public' ? 'spki' : 'pkcs8' });
}

for (const [name, generate] of Object.entries(generators)) {
  test(`${name} is a function of the seed`, async () => {
    const made = async (seed: number): Promise<unknown> => (await onHost(generate, { seed })).value;
    const first = await made(7);
    assert.deepEqual(await made(7), first);
    assert.notDeepEqual(await made(8), first);
    assert.notDeepEqual(await generate(), first);
  });
}

test('the keys of a pair belong together', async () => {
  const { value } = await onHost(() =>
    (['ed25519', 'ec'] as const).map((type) => {
      const { publicKey, privateKey } = crypto.generateKeyPairSync(type as 'ec', { namedCurve: 'P-256' });
      return crypto.verify(null, message, publicKey, crypto.sign(null, message, privateKey));
    }),
  );
  assert.deepEqual(value, [true, true]);
});

test('two hosts that exchange keys get one secret', async () => {
  const { value } = await onHost(() => {
    const [alice, bob] = [crypto.createECDH('prime256v1'), crypto.createECDH('prime256v1')];
    const [forBob, forAlice] = [alice.generateKeys(), bob.generateKeys()];
    return alice.computeSecret(forAlice).equals(bob.computeSecret(forBob));
  });
  assert.ok(value);
});

test('generated keys of a wrong kind are refused as by Node.js', () =>
  isAlike(() => {
    const wrong = { namedCurve: 'P-256', publicKeyEncoding: 5 } as never;
    return [
      thrownBy(() => crypto.generateKeySync('hmac', { length: 0 })),
      thrownBy(() => crypto.generateKeySync('aes', { length: 100 })),
      thrownBy(() => crypto.generateKeyPairSync('ec', wrong)),
    ];
  }));
