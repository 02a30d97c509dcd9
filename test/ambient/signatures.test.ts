// Signatures of a host: those with a random nonce are a function of key and message, and valid.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { derSignature, signDeterministically } from '../../src/ambient/crypto/ecdsa.ts';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

const curves = ['P-256', 'P-384', 'P-521', 'secp256k1'];
const keys = new Map(curves.map((curve) => [curve, crypto.generateKeyPairSync('ec', { namedCurve: curve })]));
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
const message = Buffer.from('a message');

function pairOf(curve: string): crypto.KeyPairKeyObjectResult {
  return keys.get(curve) as crypto.KeyPairKeyObjectResult;
}

test('a signature is the one of the standard', () => {
  // RFC 6979, A.2.5 (P-256 with SHA-256) and A.2.7 (P-521 with SHA-512), message "sample".
  const known = [
    [
      'P-256',
      'sha256',
      'C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721',
      'EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716' +
        'F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8',
    ],
  ] as const;
  for (const [curve, hash, secret, signature] of known) {
    const ecdh = crypto.createECDH('prime256v1');
    ecdh.setPrivateKey(secret, 'hex');
    const [x, y] = [ecdh.getPublicKey().subarray(1, 33), ecdh.getPublicKey().subarray(33)];
    const [d] = [Buffer.from(secret, 'hex')];
    const text = (bytes: Buffer): string => bytes.toString('base64url');
    const jwk = { kty: 'EC', crv: curve, d: text(d), x: text(x), y: text(y) };
    const key = crypto.createPrivateKey({ key: jwk, format: 'jwk' });
    const signed = signDeterministically(key, hash, Buffer.from('sample'));
    assert.equal(signed?.toString('hex').toUpperCase(), signature);
  }
});

for (const curve of curves) {
  test(`signatures over ${curve} are valid and always the same, in every form`, async () => {
    const { privateKey, publicKey } = pairOf(curve);
    for (const hash of ['sha1', 'sha256', 'sha512']) {
      for (let i = 0; i < 10; i++) {
        const text = Buffer.from(`message ${i}`);
        const halves = signDeterministically(privateKey, hash, text) as Buffer;
        const raw = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
        assert.ok(crypto.verify(hash, text, raw, halves));
        assert.ok(crypto.verify(hash, text, publicKey, derSignature(halves)));
      }
    }
    const sign = async (): Promise<Buffer[]> =>
      (
        await onHost(async () => {
          const pem = privateKey.export({ format: 'pem', type: 'pkcs8' });
          const signer = crypto.createSign('RSA-SHA256').update('a ').update('message', 'utf8');
          return [
            crypto.sign('sha256', message, privateKey),
            crypto.sign('SHA256', message, pem),
            signer.sign(pem),
            Buffer.from(crypto.createSign('sha256').update(message).sign(privateKey, 'base64'), 'base64'),
            await new Promise<Buffer>((resolve, reject) => {
              crypto.sign('sha256', message, privateKey, (error, signature) =>
                error === null ? resolve(signature) : reject(error),
              );
            }),
          ];
        })
      ).value;
    const signatures = await sign();
    assert.deepEqual(await sign(), signatures);
    for (const signature of signatures) assert.deepEqual(signature, signatures[0]);
    assert.ok(crypto.verify('sha256', message, publicKey, signatures[0] as Buffer));
  });
}

test('signatures without randomness are those of Node.js', () =>
  isAlike(() => [
    crypto.sign('sha256', message, rsa.privateKey),
    crypto.createSign('sha256').update(message).sign(rsa.privateKey, 'hex'),
    crypto.privateEncrypt(rsa.privateKey, message),
  ]));

test('what is no key is refused as by Node.js', () =>
  isAlike(() => [
    thrownBy(() => crypto.sign('sha256', message, 'no key')),
    thrownBy(() => crypto.createSign('sha256').sign({} as never)),
    thrownBy(() => crypto.sign('no hash', message, pairOf('P-256').privateKey)),
    thrownBy(() => crypto.createSign('no hash')),
  ]));

test('what a host may not sign or encrypt is stopped, and noted', async () => {
  const calls: [string, () => unknown][] = [
    [
      'crypto.sign',
      () =>
        crypto.sign('sha256', message, {
          key: rsa.privateKey,
          padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
        }),
    ],
    [
      'crypto.Sign.sign',
      () =>
        crypto.createSign('sha256').sign({
          key: rsa.privateKey,
          padding: crypto.constants.RSA_PKCS1_PSS_PADDING,
        }),
    ],
    ['crypto.publicEncrypt', () => crypto.publicEncrypt(rsa.publicKey, message)],
    ['crypto.generateKeyPairSync', () => crypto.generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['crypto.generatePrimeSync', () => crypto.generatePrimeSync(32)],
  ];
  for (const [api, call] of calls) {
    const { host } = await onHost(call, { mayFail: true });
    assert.deepEqual(
      host.escapes.map((escape) => [escape.code, escape.api]),
      [['WT_ESCAPE', api]],
    );
  }
});
