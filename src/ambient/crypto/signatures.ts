// Signatures and encryptions that draw on the randomness of OpenSSL: ECDSA gets a nonce that is a function of
// key and message; what is salted or padded at random is stopped.

import crypto, { type KeyObject } from 'node:crypto';
import type { HostContext } from '../context.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod } from '../patch.ts';
import { escape } from '../traps/trap.ts';
import { derSignature, signDeterministically } from './ecdsa.ts';
import { isCryptoKey, keyObjectOf } from './subtle-keys.ts';

const SIGNING =
  'The signature has randomness of OpenSSL in it. Use an algorithm that has none (HMAC, Ed25519, ' +
  'RSA with PKCS #1 v1.5, ECDSA over P-256, P-384, P-521 or secp256k1).';
const ENCRYPTING =
  'The padding has randomness of OpenSSL in it. Replace the module that calls it in the scenario ' +
  '(`program(..., { replace: ... })`).';

/** What a `Sign` has been told, to be signed in another way than its own. */
interface Told {
  readonly algorithm: string;
  readonly chunks: Buffer[];
}

type SignOptions = crypto.SignKeyObjectInput & { readonly key: unknown };

/** Patches `sign`, `createSign`, the methods of `Sign`, and `publicEncrypt`. */
export function signaturePatches(): Patch[] {
  const told = new WeakMap<object, Told>();
  const { prototype } = crypto.Sign;
  return [
    patchMethod('crypto.createSign', crypto, 'createSign', (original) =>
      dispatch(original, (_host, args) => {
        const sign = Reflect.apply(original, crypto, args) as object;
        told.set(sign, { algorithm: String(args[0]), chunks: [] });
        return sign;
      }),
    ),
    ...(['update', '_write'] as const).map((key) =>
      patchMethod(`crypto.Sign.${key}`, prototype, key, (original) =>
        dispatch(original, (_host, args, self) => {
          const given = Reflect.apply(original, self, args);
          told.get(self as object)?.chunks.push(chunkOf(args));
          return given;
        }),
      ),
    ),
    patchMethod('crypto.Sign.sign', prototype, 'sign', (original) =>
      dispatch(original, (host, args, self) => {
        if (!isRandomized(args[0])) return Reflect.apply(original, self, args);
        const { algorithm, chunks } = told.get(self as object) ?? {};
        const signature = chunks && signedWith(args[0], hashOf(algorithm), Buffer.concat(chunks));
        if (signature === undefined) return escape(host, 'crypto.Sign.sign', ['...'], SIGNING);
        // Spends it, as Node.js does: a second signature is refused.
        Reflect.apply(original, self, args);
        const [, encoding] = args as [unknown, BufferEncoding | 'buffer' | undefined];
        return encoding === undefined || encoding === 'buffer' ? signature : signature.toString(encoding);
      }),
    ),
    patchMethod('crypto.sign', crypto, 'sign', (original) => dispatch(original, signing(original))),
    patchMethod('crypto.publicEncrypt', crypto, 'publicEncrypt', (original) =>
      dispatch(original, (host, args) => {
        const { padding } = (args[0] ?? {}) as { padding?: number };
        if (padding === crypto.constants.RSA_NO_PADDING) return Reflect.apply(original, crypto, args);
        return escape(host, 'crypto.publicEncrypt', ['...'], ENCRYPTING);
      }),
    ),
  ];
}

function signing(original: AnyFunction) {
  return (host: HostContext, args: unknown[]): unknown => {
    const [algorithm, data, key] = args as [string | null | undefined, Uint8Array, unknown];
    if (!isRandomized(key)) return Reflect.apply(original, crypto, args);
    Reflect.apply(original, crypto, args); // Refuses what is not valid.
    const signature = signedWith(key, hashOf(algorithm), bytesOf(data));
    return signature ?? escape(host, 'crypto.sign', [algorithm, '...'], SIGNING);
  };
}

/** Signs with a key of a curve; undefined for any other key. */
function signedWith(key: unknown, hash: string, message: Uint8Array): Buffer | undefined {
  const privateKey = privateKeyOf(key);
  if (privateKey?.asymmetricKeyType !== 'ec') return undefined;
  const halves = signDeterministically(privateKey, hash, message);
  if (halves === undefined) return undefined;
  return (key as SignOptions).dsaEncoding === 'ieee-p1363' ? halves : derSignature(halves);
}

/** Whether a signature with that key, and those options, is different each time. */
function isRandomized(key: unknown): boolean {
  const type = privateKeyOf(key)?.asymmetricKeyType;
  if (type === undefined || type === 'ed25519' || type === 'ed448') return false;
  const { padding } = (key ?? {}) as { padding?: number };
  return type !== 'rsa' || padding === crypto.constants.RSA_PKCS1_PSS_PADDING;
}

/** The key in any form that Node.js takes; undefined for what it will refuse. */
function privateKeyOf(key: unknown): KeyObject | undefined {
  const bare = (key as { key?: unknown } | undefined)?.key ?? key;
  if (bare instanceof crypto.KeyObject) return bare;
  try {
    if (isCryptoKey(bare)) return keyObjectOf(bare);
    return crypto.createPrivateKey(key as crypto.PrivateKeyInput);
  } catch {
    return undefined;
  }
}

/** `RSA-SHA256`, `ecdsa-with-SHA256` and `SHA256` are one hash. */
function hashOf(algorithm: string | null | undefined): string {
  return (algorithm ?? 'sha256').replace(/^(?:rsa-|ecdsa-with-)/i, '');
}

function chunkOf([data, encoding]: readonly unknown[]): Buffer {
  const isNamed = typeof encoding === 'string' && encoding !== 'buffer';
  if (typeof data === 'string') return Buffer.from(data, isNamed ? (encoding as BufferEncoding) : 'utf8');
  return Buffer.from(bytesOf(data as Uint8Array));
}

function bytesOf(data: NodeJS.ArrayBufferView | ArrayBuffer): Uint8Array {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
