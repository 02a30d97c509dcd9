// New keys: secrets, and the pairs of elliptic curves, are made of the host's own randomness. For RSA, DSA
// and Diffie-Hellman Node.js offers no way to bring it along: those are stopped.

import crypto, { type KeyObject } from 'node:crypto';
import type { HostContext } from '../context.ts';
import { type Patch, dispatch, patchMethod, refuseAsNode } from '../patch.ts';
import { drawBytes } from '../random-values.ts';
import { escape } from '../traps/trap.ts';
import { bytesOfCurve, curveName, knownCurve } from './ecdsa.ts';

const WAY_OUT =
  "The randomness is OpenSSL's own. Give the service a key that was made before (in `env`, or a file " +
  'of the ' +
  'project), or use `ec` or `ed25519`.';

/** The kinds of pairs that only OpenSSL makes; what is neither among them nor made here is no kind at all. */
const RANDOM = /^(?:rsa|dsa|dh|ec$|ml-|slh-)/;

/** How PKCS #8 wraps the private keys that are plain bytes. */
const plainKeys: Readonly<Record<string, { readonly head: string; readonly size: number }>> = {
  ed25519: { head: '302e020100300506032b657004220420', size: 32 },
  x25519: { head: '302e020100300506032b656e04220420', size: 32 },
  ed448: { head: '3047020100300506032b6571043b0439', size: 57 },
  x448: { head: '3046020100300506032b656f043a0438', size: 56 },
};

/** Both keys of a pair. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/**
 * Patches `generateKeySync`, `generateKeyPairSync` and `ECDH.generateKeys`; their twins with a callback end
 * here too.
 *
 * Determinism: one draw for each 4 bytes of a key; for a curve again, while they are no key of it.
 */
export function keyPairPatches(): Patch[] {
  return [
    patchMethod('crypto.generateKeySync', crypto, 'generateKeySync', (original) =>
      dispatch(original, (host, args) => {
        // Node.js judges the arguments; of its key only the size is taken.
        const { symmetricKeySize = 0 } = Reflect.apply(original, crypto, args) as KeyObject;
        return crypto.createSecretKey(drawn(host, symmetricKeySize));
      }),
    ),
    patchMethod('crypto.generateKeyPairSync', crypto, 'generateKeyPairSync', (original) =>
      dispatch(original, (host, args) => {
        const [type, options = {}] = args as [string, Record<string, unknown> | undefined];
        const pair = drawKeyPair(host, type, options['namedCurve']);
        if (pair === undefined && RANDOM.test(type))
          return escape(host, 'crypto.generateKeyPairSync', args, WAY_OUT);
        if (pair === undefined) return refuseAsNode(original, crypto, args);
        Reflect.apply(original, crypto, args);
        return {
          publicKey: encoded(pair.publicKey, options['publicKeyEncoding']),
          privateKey: encoded(pair.privateKey, options['privateKeyEncoding']),
        };
      }),
    ),
    patchMethod('crypto.ECDH.generateKeys', crypto.ECDH.prototype, 'generateKeys', (original) =>
      dispatch(original, (host, args, self) => {
        const ecdh = self as crypto.ECDH;
        const size = ((Reflect.apply(original, ecdh, []) as Buffer).length - 1) / 2;
        drawScalar(host, size, (bytes) => ecdh.setPrivateKey(bytes));
        return ecdh.getPublicKey(...(args as []));
      }),
    ),
  ];
}

/** Draws a pair; undefined where Node.js has no way to make one of given bytes. */
export function drawKeyPair(host: HostContext, type: unknown, namedCurve?: unknown): KeyPair | undefined {
  const privateKey = typeof type === 'string' ? drawPrivateKey(host, type, namedCurve) : undefined;
  return privateKey && { privateKey, publicKey: crypto.createPublicKey(privateKey) };
}

function drawPrivateKey(host: HostContext, type: string, namedCurve: unknown): KeyObject | undefined {
  const plain = plainKeys[type];
  if (plain !== undefined) {
    const key = Buffer.concat([Buffer.from(plain.head, 'hex'), drawn(host, plain.size)]);
    return crypto.createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  }
  const curve = type === 'ec' ? knownCurve(namedCurve) : undefined;
  if (curve === undefined) return undefined;
  const size = bytesOfCurve(curve);
  const ecdh = crypto.createECDH(curveName(curve));
  const d = drawScalar(host, size, (bytes) => ecdh.setPrivateKey(bytes));
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  const text = (bytes: Buffer): string => bytes.toString('base64url');
  const key = { kty: 'EC', crv: curve, d: text(d), x: text(x), y: text(y) };
  return crypto.createPrivateKey({ key, format: 'jwk' });
}

/** Draws until a curve takes the bytes for a key; of P-521, the first byte has but one bit. */
function drawScalar(host: HostContext, size: number, use: (bytes: Buffer) => void): Buffer {
  for (;;) {
    const bytes = drawn(host, size);
    for (let bits = 0; bits < 8; bits++) {
      try {
        use(bytes);
        return bytes;
      } catch {
        bytes[0] = (bytes[0] as number) >> 1;
      }
    }
  }
}

function drawn(host: HostContext, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  drawBytes(host, bytes);
  return bytes;
}

function encoded(key: KeyObject, encoding: unknown): unknown {
  return encoding === undefined ? key : key.export(encoding as crypto.KeyExportOptions<'pem'>);
}
