// ECDSA with the nonce drawn from the key and the message, so that a signature is a function of both.
// Thomas Pornin, "Deterministic Usage of the Digital Signature Algorithm (DSA) and ECDSA", RFC 6979, 2013.

import crypto, { type KeyObject } from 'node:crypto';

/** The curves of which keys can be told in JSON: their names there and in OpenSSL, and their orders. */
const curves: Readonly<Record<string, { readonly name: string; readonly order: bigint }>> = {
  'P-256': {
    name: 'prime256v1',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    name: 'secp384r1',
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  'P-521': {
    name: 'secp521r1',
    order: BigInt(
      '0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa' +
        '51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    ),
  },
  secp256k1: {
    name: 'secp256k1',
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
};

/** The JSON name of a curve that deterministic signatures know; undefined for any other. */
export function knownCurve(name: unknown): string | undefined {
  return Object.keys(curves).find((each) => each === name || curves[each]?.name === name);
}

/** OpenSSL's name of a curve. */
export function curveName(curve: string): string {
  return curves[curve]?.name ?? curve;
}

/** Bytes of a coordinate, and of each half of a signature. */
export function bytesOfCurve(curve: string): number {
  return Math.ceil((curves[curve]?.order.toString(16).length ?? 0) / 2);
}

/** Signs a message: the two halves one after the other (IEEE P1363), or undefined for an unknown curve. */
export function signDeterministically(key: KeyObject, hash: string, message: Uint8Array): Buffer | undefined {
  const curve = knownCurve(key.asymmetricKeyDetails?.namedCurve);
  if (curve === undefined) return undefined;
  const { name, order } = curves[curve] as { name: string; order: bigint };
  const size = bytesOfCurve(curve);
  const secret = Buffer.from(key.export({ format: 'jwk' }).d as string, 'base64url');
  const d = numberOf(secret);
  const digest = crypto.createHash(hash).update(message).digest();
  const z = truncated(digest, order);
  for (const nonce of nonces({ hash, secret: bytesOf(d, size), digest: bytesOf(z % order, size), order })) {
    const ecdh = crypto.createECDH(name);
    ecdh.setPrivateKey(bytesOf(nonce, size));
    const point = ecdh.getPublicKey();
    const r = numberOf(point.subarray(1, 1 + size)) % order;
    const s = (inverse(nonce, order) * (z + r * d)) % order;
    if (r !== 0n && s !== 0n) return Buffer.concat([bytesOf(r, size), bytesOf(s, size)]);
  }
  return undefined;
}

/** Turns the two halves into the form that OpenSSL gives by default. */
export function derSignature(halves: Buffer): Buffer {
  const size = halves.length / 2;
  const parts = [halves.subarray(0, size), halves.subarray(size)].map((half) => {
    let start = 0;
    while (start < half.length - 1 && half[start] === 0) start++;
    const digits = half.subarray(start);
    const body = (digits[0] as number) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
    return Buffer.concat([Buffer.of(2, body.length), body]);
  });
  const body = Buffer.concat(parts);
  const head = body.length < 0x80 ? [0x30, body.length] : [0x30, 0x81, body.length];
  return Buffer.concat([Buffer.from(head), body]);
}

/** Section 3.2 of the RFC. */
function* nonces(of: { hash: string; secret: Buffer; digest: Buffer; order: bigint }): Generator<bigint> {
  const { hash, secret, digest, order } = of;
  const hmac = (key: Buffer, ...parts: Buffer[]): Buffer =>
    crypto.createHmac(hash, key).update(Buffer.concat(parts)).digest();
  const length = crypto.createHash(hash).digest().length;
  let value = Buffer.alloc(length, 1) as Buffer;
  let key = Buffer.alloc(length, 0) as Buffer;
  for (const octet of [0, 1]) {
    key = hmac(key, value, Buffer.of(octet), secret, digest);
    value = hmac(key, value);
  }
  for (;;) {
    let bytes: Buffer = Buffer.alloc(0);
    while (bytes.length < secret.length) {
      value = hmac(key, value);
      bytes = Buffer.concat([bytes, value]);
    }
    const nonce = truncated(bytes.subarray(0, secret.length), order);
    if (nonce > 0n && nonce < order) yield nonce;
    key = hmac(key, value, Buffer.of(0));
    value = hmac(key, value);
  }
}

/** The leftmost bits of some bytes, as many as the order has. */
function truncated(bytes: Buffer, order: bigint): bigint {
  const excess = bytes.length * 8 - order.toString(2).length;
  const number = numberOf(bytes);
  return excess > 0 ? number >> BigInt(excess) : number;
}

function inverse(value: bigint, order: bigint): bigint {
  let [left, right] = [value % order, order];
  let [x, y] = [1n, 0n];
  while (left > 1n) {
    const quotient = left / right;
    [left, right] = [right, left % right];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % order) + order) % order;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function bytesOf(value: bigint, size: number): Buffer {
  return Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex');
}
