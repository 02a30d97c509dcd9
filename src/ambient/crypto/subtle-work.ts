// What `crypto.subtle` does to data, by the synchronous functions of node:crypto: hashes, signatures,
// derivations and ciphers.

import crypto from 'node:crypto';
import { signDeterministically } from './ecdsa.ts';
import { type Key, type Params, bytesOf, hashName, invalidAccess, keyObjectOf } from './subtle-keys.ts';
import { operationFailed, secretOf } from './subtle-keys.ts';

const { RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = crypto.constants;

/** Signs; undefined where the signature would have randomness of OpenSSL in it. */
export function signed(params: Params, key: Key, data: Buffer): Buffer | undefined {
  const keyHash = hashName(key.algorithm.hash);
  switch (params.name) {
    case 'HMAC':
      return crypto.createHmac(keyHash, secretOf(key)).update(data).digest();
    case 'RSASSA-PKCS1-v1_5':
      return crypto.sign(keyHash, data, { key: keyObjectOf(key), padding: RSA_PKCS1_PADDING });
    case 'Ed25519':
      return crypto.sign(null, data, keyObjectOf(key));
    case 'ECDSA':
      return signDeterministically(keyObjectOf(key), hashName(params['hash']), data);
    default:
      return undefined;
  }
}

/** Verifies a signature. */
export function verified(params: Params, key: Key, signature: Buffer, data: Buffer): boolean {
  const keyHash = hashName(key.algorithm.hash);
  if (params.name === 'HMAC') {
    const own = crypto.createHmac(keyHash, secretOf(key)).update(data).digest();
    return own.length === signature.length && crypto.timingSafeEqual(own, signature);
  }
  const object = { key: keyObjectOf(key) };
  switch (params.name) {
    case 'RSASSA-PKCS1-v1_5':
      return crypto.verify(keyHash, data, { ...object, padding: RSA_PKCS1_PADDING }, signature);
    case 'RSA-PSS': {
      const pss = { padding: RSA_PKCS1_PSS_PADDING, saltLength: Number(params['saltLength']) };
      return crypto.verify(keyHash, data, { ...object, ...pss }, signature);
    }
    case 'Ed25519':
      return crypto.verify(null, data, object, signature);
    default: {
      const halves = { ...object, dsaEncoding: 'ieee-p1363' as const };
      return crypto.verify(hashName(params['hash']), data, halves, signature);
    }
  }
}

/** Derives bits; all there are where `length` is null. */
export function derived(params: Params, key: Key, length: number | null): Buffer {
  if (params.name === 'PBKDF2' || params.name === 'HKDF') {
    if (length === null) throw new DOMException('length cannot be null', 'OperationError');
    if (length % 8 !== 0) throw new DOMException('length must be a multiple of 8', 'OperationError');
    const hash = hashName(params['hash']);
    const [salt, size] = [bytesOf(params['salt']), length / 8];
    if (size === 0) return Buffer.alloc(0);
    if (params.name === 'PBKDF2')
      return crypto.pbkdf2Sync(secretOf(key), salt, Number(params['iterations']), size, hash);
    return Buffer.from(crypto.hkdfSync(hash, secretOf(key), salt, bytesOf(params['info']), size));
  }
  const publicKey = params['public'] as Key;
  if (publicKey.algorithm.name !== key.algorithm.name)
    throw invalidAccess('The public and private keys must be of the same type');
  if (publicKey.algorithm.namedCurve !== key.algorithm.namedCurve)
    throw invalidAccess('Named curve mismatch');
  const pair = { privateKey: keyObjectOf(key), publicKey: keyObjectOf(publicKey) };
  const bits = crypto.diffieHellman(pair);
  if (length === null) return bits;
  if (bits.length * 8 < length) throw new DOMException('derived bit length is too small', 'OperationError');
  const cut = Buffer.from(bits.subarray(0, Math.ceil(length / 8)));
  const excess = cut.length * 8 - length;
  if (excess > 0) cut[cut.length - 1] = (cut.at(-1) as number) & (0xff << excess);
  return cut;
}

/** Encrypts; undefined where the padding would be OpenSSL's randomness. */
export function encrypted(params: Params, key: Key, data: Buffer): Buffer | undefined {
  if (!params.name.startsWith('AES-')) return undefined;
  return attempt(() => {
    const { name, iv, tagBytes } = cipherOf(params, key);
    const cipher = crypto.createCipheriv(name, secretOf(key), iv, { authTagLength: tagBytes } as never);
    if (params['additionalData'] !== undefined) asGcm(cipher).setAAD(bytesOf(params['additionalData']));
    const parts = [cipher.update(data), cipher.final()];
    return Buffer.concat(params.name === 'AES-GCM' ? [...parts, asGcm(cipher).getAuthTag()] : parts);
  });
}

/** Decrypts. */
export function decrypted(params: Params, key: Key, data: Buffer): Buffer {
  return attempt(() => {
    if (params.name === 'RSA-OAEP') {
      const label = params['label'] === undefined ? {} : { oaepLabel: bytesOf(params['label']) };
      const oaep = { padding: RSA_PKCS1_OAEP_PADDING, oaepHash: hashName(key.algorithm.hash), ...label };
      return crypto.privateDecrypt({ key: keyObjectOf(key), ...oaep }, data);
    }
    const { name, iv, tagBytes } = cipherOf(params, key);
    const body = params.name === 'AES-GCM' ? data.subarray(0, data.length - tagBytes) : data;
    const decipher = crypto.createDecipheriv(name, secretOf(key), iv, { authTagLength: tagBytes } as never);
    if (params['additionalData'] !== undefined) asGcm(decipher).setAAD(bytesOf(params['additionalData']));
    if (params.name === 'AES-GCM') (decipher as crypto.DecipherGCM).setAuthTag(data.subarray(body.length));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  });
}

function cipherOf(params: Params, key: Key): { name: string; iv: Buffer; tagBytes: number } {
  const bits = key.algorithm.length ?? 0;
  const tagBytes = Number(params['tagLength'] ?? 128) / 8;
  if (params.name === 'AES-KW') return { name: `id-aes${bits}-wrap`, iv: Buffer.alloc(8, 0xa6), tagBytes };
  const iv = bytesOf(params[params.name === 'AES-CTR' ? 'counter' : 'iv']);
  return { name: `aes-${bits}-${params.name.slice(4).toLowerCase()}`, iv, tagBytes };
}

function asGcm(cipher: crypto.Cipher | crypto.Decipher): crypto.CipherGCM {
  return cipher as unknown as crypto.CipherGCM;
}

function attempt<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    throw operationFailed(error);
  }
}
