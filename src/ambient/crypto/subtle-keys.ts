// Keys of Web Crypto as those of node:crypto, the checks that Web Crypto makes before it uses one, and the
// names of algorithms.

import crypto, { type KeyObject } from 'node:crypto';

/** A key, with what Node.js' types leave open. */
export type Key = crypto.webcrypto.CryptoKey & {
  readonly algorithm: { readonly name: string; readonly length?: number; readonly namedCurve?: string } & {
    readonly hash?: { readonly name: string };
  };
};

/** The parameters of an algorithm, with its name as the standard writes it. */
export type Params = { readonly name: string } & Readonly<Record<string, unknown>>;

export type Bytes = NodeJS.ArrayBufferView | ArrayBuffer;

const { CryptoKey: RealCryptoKey } = globalThis as unknown as { CryptoKey: new () => object };

const names = new Map(
  [
    ...['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'],
    ...['HMAC', 'ECDSA', 'Ed25519', 'RSASSA-PKCS1-v1_5', 'RSA-PSS', 'RSA-OAEP'],
    ...['PBKDF2', 'HKDF', 'ECDH', 'X25519', 'AES-CBC', 'AES-CTR', 'AES-GCM', 'AES-KW'],
  ].map((name) => [name.toLowerCase(), name]),
);

/** The standard's name and the parameters of an algorithm; undefined where the twins here do not know it. */
export function paramsOf(algorithm: unknown): Params | undefined {
  const given: unknown = typeof algorithm === 'string' ? { name: algorithm } : algorithm;
  if (typeof given !== 'object' || given === null) return undefined;
  const name = names.get(String((given as { name?: unknown }).name).toLowerCase());
  return name === undefined ? undefined : { ...given, name };
}

/** OpenSSL's name of a hash: `sha256` for `SHA-256`, in any of the forms that parameters have it in. */
export function hashName(hash: unknown): string {
  const name = typeof hash === 'string' ? hash : String((hash as { name?: unknown } | undefined)?.name);
  return name.toLowerCase().replace(/^sha-/, 'sha');
}

/** The key below a key of Web Crypto. */
export function keyObjectOf(key: Key): KeyObject {
  return crypto.KeyObject.from(key);
}

/** Whether a value is a key of Web Crypto. */
export function isCryptoKey(value: unknown): value is Key {
  return value instanceof RealCryptoKey;
}

/** The bytes of a secret. */
export function secretOf(key: Key): Buffer {
  return keyObjectOf(key).export();
}

/** A copy of the bytes of any view. */
export function bytesOf(data: unknown): Buffer {
  const view = data as Bytes;
  return ArrayBuffer.isView(view)
    ? Buffer.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    : Buffer.from(new Uint8Array(view));
}

/** Web Crypto answers with buffers that nobody else has a part of. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** @throws {DOMException} If the key is of another algorithm, or not meant for this. */
export function checkUse(key: Key, params: Params, usage: string, verb: string): void {
  if (key.algorithm.name !== params.name) throw invalidAccess('Key algorithm mismatch');
  if (!(key.usages as string[]).includes(usage)) throw invalidAccess(`Unable to use this key to ${verb}`);
}

/** What Web Crypto rejects with when a key does not fit. */
export function invalidAccess(message: string): DOMException {
  return new DOMException(message, 'InvalidAccessError');
}

/** What Web Crypto rejects with when the data does not fit. */
export function operationFailed(cause: unknown): DOMException {
  const failure = new DOMException('The operation failed for an operation-specific reason', 'OperationError');
  return Object.defineProperty(failure, 'cause', { value: cause, configurable: true });
}
