// `crypto.subtle` on a host: Node.js gives all of it to the thread pool; here it is done at once, and its
// promises settle in virtual time. Importing keys is Node.js' own: it needs microtasks only.

import crypto from 'node:crypto';
import type { HostContext } from '../context.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod } from '../patch.ts';
import { drawBytes } from '../random-values.ts';
import { escape } from '../traps/trap.ts';
import { completed, JOB_US } from './completed.ts';
import { drawKeyPair } from './key-pairs.ts';
import { bufferOf, bytesOf, checkUse, hashName, keyObjectOf, paramsOf } from './subtle-keys.ts';
import { isCryptoKey, type Key, type Params } from './subtle-keys.ts';
import { decrypted, derived, encrypted, signed, verified } from './subtle-work.ts';

const WAY_OUT =
  'It has randomness of OpenSSL in it, or no synchronous twin. Replace the module that calls it in the ' +
  'scenario (`program(..., { replace: ... })`), or use another algorithm.';

/** Algorithms that some Node.js knows and the twins do not; any other name is refused by Node.js. */
const BEYOND = /^(?:cSHAKE|KMAC|ML-|Argon2|ChaCha20|AES-OCB|Ed448|X448|TurboSHAKE|KT)/i;

type Work = (host: HostContext, args: unknown[], original: AnyFunction, self: unknown) => unknown;
type Format = 'raw' | 'pkcs8' | 'spki' | 'jwk';

/** One call of a method of `SubtleCrypto`. */
interface Call {
  readonly host: HostContext;
  readonly api: string;
  readonly args: readonly unknown[];
}

/** Patches the methods of `SubtleCrypto` that go to the thread pool. */
export function subtlePatches(): Patch[] {
  const prototype = Object.getPrototypeOf(crypto.subtle) as object;
  const method = (key: string, work: (call: Call, params: Params) => unknown, at = 0): Patch[] => {
    if (!(key in prototype)) return [];
    const api = `crypto.subtle.${key}`;
    const virtual: Work = async (host, args, original, self) => {
      const params = paramsOf(args[at]);
      if (params !== undefined) return work({ host, api, args }, params);
      const name = (args[at] as { name?: unknown } | undefined)?.name ?? args[at];
      if (BEYOND.test(String(name))) return escape(host, api, [name], WAY_OUT);
      return Reflect.apply(original, self, args);
    };
    return [
      patchMethod(api, prototype, key, (original) =>
        dispatch(original, (host, args, self) =>
          // What is called on the wrong object, or with too little, Node.js refuses.
          self === crypto.subtle && args.length >= original.length
            ? virtual(host, args, original, self)
            : Reflect.apply(original, self, args),
        ),
      ),
    ];
  };
  const trapped = (key: string): Patch[] => method(key, ({ host, api, args }) => stop(host, api, args));
  return [
    ...method('digest', digest),
    ...method('sign', sign),
    ...method('verify', verify),
    ...method('deriveBits', deriveBits),
    ...method('deriveKey', deriveKey),
    ...method('encrypt', encrypt),
    ...method('decrypt', decrypt),
    ...method('generateKey', generateKey),
    ...method('wrapKey', wrapKey, 3),
    ...method('unwrapKey', unwrapKey, 3),
    ...exportPatches(prototype),
    ...['encapsulateBits', 'encapsulateKey', 'decapsulateBits', 'decapsulateKey'].flatMap(trapped),
  ];
}

function digest({ host, api, args }: Call, params: Params): unknown {
  const data = bytesOf(args[1]);
  return completed(host, api, () => bufferOf(crypto.createHash(hashName(params)).update(data).digest()));
}

function sign({ host, api, args }: Call, params: Params): unknown {
  const [, key, data] = args as [unknown, Key, unknown];
  checkUse(key, params, 'sign', 'sign');
  const signature = signed(params, key, bytesOf(data));
  return signature === undefined
    ? stop(host, api, [params.name])
    : completed(host, api, () => bufferOf(signature));
}

function verify({ host, api, args }: Call, params: Params): unknown {
  const [, key, signature, data] = args as [unknown, Key, unknown, unknown];
  checkUse(key, params, 'verify', 'verify');
  return completed(host, api, () => verified(params, key, bytesOf(signature), bytesOf(data)));
}

function deriveBits({ host, api, args }: Call, params: Params): unknown {
  const [, key, length = null] = args as [unknown, Key, number | null | undefined];
  checkUse(key, params, 'deriveBits', 'derive bits');
  return completed(host, api, () => bufferOf(derived(params, key, length)), derivationUs(params));
}

async function deriveKey({ host, api, args }: Call, params: Params): Promise<unknown> {
  const [, key, algorithm, isExtractable, usages] = args as [unknown, Key, unknown, boolean, KeyUsages];
  checkUse(key, params, 'deriveKey', 'derive a key');
  const length = keyLength(algorithm);
  const bits = await completed(host, api, () => derived(params, key, length), derivationUs(params));
  return crypto.subtle.importKey('raw', bits, algorithm as 'HKDF', isExtractable, usages);
}

function encrypt({ host, api, args }: Call, params: Params): unknown {
  const [, key, data] = args as [unknown, Key, unknown];
  checkUse(key, params, 'encrypt', 'encrypt');
  const result = encrypted(params, key, bytesOf(data));
  return result === undefined ? stop(host, api, [params.name]) : completed(host, api, () => bufferOf(result));
}

function decrypt({ host, api, args }: Call, params: Params): unknown {
  const [, key, data] = args as [unknown, Key, unknown];
  checkUse(key, params, 'decrypt', 'decrypt');
  return completed(host, api, () => bufferOf(decrypted(params, key, bytesOf(data))));
}

/** Determinism: one draw for each 4 bytes of a key. */
async function generateKey({ host, api, args }: Call, params: Params): Promise<unknown> {
  const [algorithm, isExtractable, usages] = args as [unknown, boolean, KeyUsages];
  if (params.name.startsWith('AES-') || params.name === 'HMAC') {
    const bytes = Buffer.alloc((keyLength(algorithm) ?? 0) / 8);
    drawBytes(host, bytes);
    await completed(host, api, () => undefined);
    return crypto.subtle.importKey('raw', bytes, algorithm as 'HKDF', isExtractable, usages);
  }
  const type = params.name.startsWith('EC') ? 'ec' : params.name.toLowerCase();
  const pair = drawKeyPair(host, type, params['namedCurve']);
  if (pair === undefined) return stop(host, api, [params.name]);
  await completed(host, api, () => undefined);
  const of = (names: string[]): KeyUsages => usages.filter((usage) => names.includes(usage));
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const rights = of(['sign', 'deriveKey', 'deriveBits']);
  const [publicKey, privateKey] = await Promise.all([
    crypto.subtle.importKey('spki', spki, algorithm as 'HKDF', true, of(['verify'])),
    crypto.subtle.importKey('pkcs8', pkcs8, algorithm as 'HKDF', isExtractable, rights),
  ]);
  return { publicKey, privateKey };
}

async function wrapKey({ host, api, args }: Call, params: Params): Promise<unknown> {
  const [format, key, wrapping] = args as [Format, Key, Key];
  checkUse(wrapping, params, 'wrapKey', 'wrap');
  const exported: unknown = await crypto.subtle.exportKey(format as 'jwk', key);
  const bytes = format === 'jwk' ? Buffer.from(JSON.stringify(exported)) : bytesOf(exported);
  const result = encrypted(params, wrapping, bytes);
  return result === undefined
    ? stop(host, api, [format, params.name])
    : completed(host, api, () => bufferOf(result));
}

async function unwrapKey({ host, api, args }: Call, params: Params): Promise<unknown> {
  const [format, data, unwrapping, , algorithm, ...rest] = args as Unwrapping;
  checkUse(unwrapping, params, 'unwrapKey', 'unwrap');
  const bytes = await completed(host, api, () => decrypted(params, unwrapping, bytesOf(data)));
  const key: unknown = format === 'jwk' ? JSON.parse(bytes.toString()) : bytes;
  return crypto.subtle.importKey(format as 'raw', key as Buffer, algorithm, ...rest);
}

/** The forms that Node.js exports in the thread pool. */
function exportPatches(prototype: object): Patch[] {
  const api = 'crypto.subtle.exportKey';
  const exported = (format: unknown, key: Key): Buffer | undefined => {
    if (!isCryptoKey(key) || !key.extractable) return undefined;
    const object = keyObjectOf(key);
    if (format === 'spki' && key.type === 'public') return object.export({ format: 'der', type: 'spki' });
    if (format === 'pkcs8' && key.type === 'private') return object.export({ format: 'der', type: 'pkcs8' });
    if (format !== 'raw' || key.type !== 'public') return undefined;
    const { x = '', y = '' } = object.export({ format: 'jwk' });
    const point = [x, y].map((part) => Buffer.from(part, 'base64url'));
    return Buffer.concat(y === '' ? point : [Buffer.of(4), ...point]);
  };
  return [
    patchMethod(api, prototype, 'exportKey', (original) =>
      dispatch(original, (host, args, self) => {
        const bytes = self === crypto.subtle ? exported(args[0], args[1] as Key) : undefined;
        if (bytes === undefined) return Reflect.apply(original, self, args);
        return completed(host, api, () => bufferOf(bytes));
      }),
    ),
  ];
}

type KeyUsages = crypto.webcrypto.KeyUsage[];
type Unwrapping = [Format, unknown, Key, unknown, 'HKDF', boolean, KeyUsages];

/** The bits of a new secret; null where its algorithm takes any number. */
function keyLength(algorithm: unknown): number | null {
  const params = paramsOf(algorithm);
  if (params === undefined) throw new DOMException('Unrecognized algorithm name', 'NotSupportedError');
  if (params.name === 'PBKDF2' || params.name === 'HKDF') return null;
  const { length } = params as { length?: number };
  if (length !== undefined && params.name === 'HMAC') return length;
  if (params.name === 'HMAC') return /384|512/.test(hashName(params['hash'])) ? 1024 : 512;
  if (length === 128 || length === 192 || length === 256) return length;
  throw new DOMException('Invalid key length', 'OperationError');
}

function derivationUs(params: Params): number {
  return JOB_US + (params.name === 'PBKDF2' ? Math.ceil(Number(params['iterations']) / 2) : 0);
}

function stop(host: HostContext, api: string, args: readonly unknown[]): never {
  return escape(host, api, args, WAY_OUT);
}
