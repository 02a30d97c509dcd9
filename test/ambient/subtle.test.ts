// Web Crypto on a host: the results and rejections of Node.js, in virtual time.

import assert from 'node:assert/strict';
import nodeCrypto from 'node:crypto';
import { test } from 'node:test';
import { isAlike, rejectionOf } from './alike.ts';
import { onHost } from './fake-host.ts';

const { subtle } = nodeCrypto.webcrypto;
const data = Buffer.from('some data to work on');
const iv = Buffer.alloc(16, 7);
const bytes = (value: unknown): string => Buffer.from(value as ArrayBuffer).toString('hex');

const secret = (
  name: string,
  usages: string[],
  extra: object = {},
): Promise<nodeCrypto.webcrypto.CryptoKey> =>
  subtle.importKey('raw', Buffer.alloc(32, 3), { name, ...extra }, true, usages as never);
const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const rsa = await subtle.generateKey(
  { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
  true,
  ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey'],
);
const rsaSign = await subtle.generateKey(
  { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-384' },
  true,
  ['sign', 'verify'],
);
const ecdh = await Promise.all(
  [1, 2].map(() =>
    subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits', 'deriveKey']),
  ),
);
const sealed = await subtle.encrypt({ name: 'RSA-OAEP' }, rsa.publicKey, data);
const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, data);

const works: Record<string, () => Promise<unknown>> = {
  digest: () =>
    Promise.all(
      ['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512'].map((name) =>
        subtle.digest(name, data).then(bytes),
      ),
    ),
  HMAC: async () => {
    const key = await secret('HMAC', ['sign', 'verify'], { hash: 'SHA-512' });
    const signed = await subtle.sign('HMAC', key, data);
    const bad = Buffer.from(signed);
    bad[0] = (bad[0] as number) ^ 1;
    return [
      bytes(signed),
      await subtle.verify('HMAC', key, signed, data),
      await subtle.verify('HMAC', key, bad, data),
    ];
  },
  'RSA signatures': async () => {
    const signed = await subtle.sign('RSASSA-PKCS1-v1_5', rsaSign.privateKey, data);
    return [bytes(signed), await subtle.verify('RSASSA-PKCS1-v1_5', rsaSign.publicKey, signed, data)];
  },
  'ECDSA verification': () =>
    Promise.all(
      [data, Buffer.from('other')].map((each) =>
        subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, pair.publicKey, signature, each),
      ),
    ),
  'AES-CBC, AES-CTR and AES-GCM': async () => {
    const all = [
      { name: 'AES-CBC', iv },
      { name: 'AES-CTR', counter: iv, length: 64 },
      { name: 'AES-GCM', iv },
      { name: 'AES-GCM', iv, additionalData: data, tagLength: 96 },
    ];
    return Promise.all(
      all.map(async (params) => {
        const key = await secret(params.name, ['encrypt', 'decrypt']);
        const encrypted = await subtle.encrypt(params, key, data);
        return [bytes(encrypted), bytes(await subtle.decrypt(params, key, encrypted))];
      }),
    );
  },
  'RSA-OAEP decryption': async () =>
    bytes(await subtle.decrypt({ name: 'RSA-OAEP' }, rsa.privateKey, sealed)),
  'PBKDF2 and HKDF': async () => {
    const pbkdf2 = { name: 'PBKDF2', salt: data, iterations: 1000, hash: 'SHA-256' };
    const hkdf = { name: 'HKDF', salt: data, info: iv, hash: 'SHA-512' };
    return Promise.all(
      [pbkdf2, hkdf].map(async (params) => {
        const key = await subtle.importKey('raw', data, params.name, false, ['deriveBits', 'deriveKey']);
        const aes = { name: 'AES-GCM', length: 256 };
        const derived = await subtle.deriveKey(params, key, aes, true, ['encrypt']);
        const hmac = await subtle.deriveKey(params, key, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign']);
        return [
          bytes(await subtle.deriveBits(params, key, 256)),
          bytes(await subtle.exportKey('raw', derived)),
          [derived.algorithm, derived.usages, derived.extractable],
          bytes(await subtle.exportKey('raw', hmac)),
        ];
      }),
    );
  },
  ECDH: async () => {
    const [alice, bob] = ecdh as [(typeof ecdh)[0], (typeof ecdh)[0]];
    const bits = (own: typeof alice, other: typeof alice, length: number | null): Promise<string> =>
      subtle
        .deriveBits({ name: 'ECDH', public: other.publicKey }, own.privateKey, length as number)
        .then(bytes);
    return [await bits(alice, bob, 256), await bits(bob, alice, 128), await bits(bob, alice, null)];
  },
  'wrapping and unwrapping': async () => {
    const wrapping = await secret('AES-KW', ['wrapKey', 'unwrapKey']);
    const gcm = await secret('AES-GCM', ['wrapKey', 'unwrapKey']);
    const key = await secret('AES-CBC', ['encrypt']);
    const wrapped = await subtle.wrapKey('raw', key, wrapping, 'AES-KW');
    const asJson = await subtle.wrapKey('jwk', key, gcm, { name: 'AES-GCM', iv });
    const back = await subtle.unwrapKey('raw', wrapped, wrapping, 'AES-KW', 'AES-CBC', true, ['encrypt']);
    const json = await subtle.unwrapKey('jwk', asJson, gcm, { name: 'AES-GCM', iv }, 'AES-CBC', true, [
      'encrypt',
    ]);
    return [
      bytes(wrapped),
      bytes(await subtle.exportKey('raw', back)),
      bytes(await subtle.exportKey('raw', json)),
    ];
  },
  'exporting keys': async () => [
    bytes(await subtle.exportKey('spki', rsa.publicKey)),
    bytes(await subtle.exportKey('pkcs8', rsa.privateKey)),
    bytes(await subtle.exportKey('raw', pair.publicKey)),
    await subtle.exportKey('jwk', pair.publicKey),
    bytes(await subtle.exportKey('spki', pair.publicKey)),
  ],
  'what does not fit': async () => {
    const hmac = await secret('HMAC', ['sign'], { hash: 'SHA-1' });
    const gcm = await secret('AES-GCM', ['encrypt', 'decrypt']);
    const shape = async (promise: Promise<unknown>): Promise<unknown> => {
      const { name, className } = (await rejectionOf(promise)) as { name: string; className: string };
      return [name, className];
    };
    const closed = await subtle.importKey('raw', data.subarray(0, 16), 'AES-CBC', false, ['encrypt']);
    return Promise.all(
      [
        subtle.digest('MD5', data),
        subtle.sign('HMAC', gcm, data),
        subtle.verify('HMAC', hmac, iv, data),
        subtle.decrypt({ name: 'AES-GCM', iv }, gcm, Buffer.alloc(40)),
        subtle.exportKey('raw', closed),
        subtle.generateKey({ name: 'AES-CBC', length: 100 }, true, ['encrypt']),
        subtle.generateKey({ name: 'AES-CBC', length: 128 }, true, ['sign']),
      ].map(shape),
    );
  },
};

for (const [name, work] of Object.entries(works)) {
  test(`${name}: as in Node.js`, () => isAlike(work));
}

test('each operation takes virtual time', async () => {
  const { engine } = await onHost(() => subtle.digest('SHA-256', data));
  assert.equal(engine.nowUs, 1_000); // A fake host completes on its timers.
});

const generators: Record<string, () => Promise<unknown>> = {
  'AES key': async () => {
    const key = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
    return bytes(await subtle.exportKey('raw', key));
  },
  'HMAC key': async () => {
    const key = await subtle.generateKey({ name: 'HMAC', hash: 'SHA-384' }, true, ['sign']);
    return bytes(await subtle.exportKey('raw', key));
  },
  'ECDSA pair and signature': async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
    const made = await subtle.generateKey(algorithm, false, ['sign', 'verify']);
    assert.deepEqual([made.privateKey.extractable, made.publicKey.extractable], [false, true]);
    const signed = await subtle.sign(algorithm, made.privateKey, data);
    assert.ok(await subtle.verify(algorithm, made.publicKey, signed, data));
    return bytes(signed);
  },
  'Ed25519 pair': async () => {
    const made = (await subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as typeof pair;
    return subtle.exportKey('jwk', made.privateKey);
  },
  'ECDH pair': async () => {
    const made = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    return bytes(await subtle.exportKey('raw', made.publicKey));
  },
};

for (const [name, generate] of Object.entries(generators)) {
  test(`a generated ${name} is a function of the seed`, async () => {
    const made = async (seed: number): Promise<unknown> => (await onHost(generate, { seed })).value;
    const first = await made(7);
    assert.deepEqual(await made(7), first);
    assert.notDeepEqual(await made(8), first);
    assert.notDeepEqual(await generate(), first);
  });
}

test('what has randomness of OpenSSL in it is stopped, and noted', async () => {
  const parameters = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
  const calls: Record<string, () => Promise<unknown>> = {
    'crypto.subtle.generateKey("RSA-PSS")': () =>
      subtle.generateKey({ name: 'RSA-PSS', ...parameters }, true, ['sign']),
    'crypto.subtle.encrypt("RSA-OAEP")': () => subtle.encrypt({ name: 'RSA-OAEP' }, rsa.publicKey, data),
  };
  for (const [call, make] of Object.entries(calls)) {
    const { host } = await onHost(() => rejectionOf(make()), { mayFail: true });
    assert.equal(host.escapes.length, 1);
    const said = `host \`alpha\` called \`${call}\`, which wavetank cannot make deterministic.`;
    assert.equal(host.escapes[0]?.message.split('\n')[0], said);
  }
});
