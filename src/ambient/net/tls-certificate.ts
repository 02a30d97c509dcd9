// The certificates that code sees where nothing is encrypted: made up, and valid for whatever name was asked.

import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import tls from 'node:tls';
import type { DetailedPeerCertificate, SecureContext, SecureContextOptions } from 'node:tls';

const ISSUER = 'wavetank';
const VALID_FROM = 'Jan  1 00:00:00 2000 GMT';
const VALID_TO = 'Dec 31 23:59:59 9999 GMT';

/** Makes up a certificate for a name or address. */
export function certificateFor(name: string): DetailedPeerCertificate {
  const digest = (algorithm: string): string =>
    (createHash(algorithm).update(name).digest('hex').toUpperCase().match(/../g) as string[]).join(':');
  const issuer = Object.assign(Object.create(null) as object, { CN: ISSUER });
  const subject = Object.assign(Object.create(null) as object, { CN: name });
  const made = {
    subject,
    issuer,
    subjectaltname: isIP(name) === 0 ? `DNS:${name}` : `IP Address:${name}`,
    ca: false,
    bits: 256,
    pubkey: Buffer.from(name),
    asn1Curve: 'prime256v1',
    nistCurve: 'P-256',
    valid_from: VALID_FROM,
    valid_to: VALID_TO,
    fingerprint: digest('sha1'),
    fingerprint256: digest('sha256'),
    fingerprint512: digest('sha512'),
    serialNumber: digest('md5').replaceAll(':', ''),
    raw: Buffer.from(name),
  } as unknown as DetailedPeerCertificate;
  made.issuerCertificate = made;
  return made;
}

/** What a secure context holds: whether there is a certificate, and nothing of what is in it. */
export class ClearContext {
  readonly hasCertificate: boolean;
  #ticketKeys: Buffer;

  constructor({ cert, pfx, ticketKeys }: SecureContextOptions) {
    this.hasCertificate = (cert !== undefined && cert !== null) || (pfx !== undefined && pfx !== null);
    this.#ticketKeys = ticketKeys ?? Buffer.alloc(48);
  }

  getTicketKeys(): Buffer {
    return this.#ticketKeys;
  }

  setTicketKeys(keys: Buffer): void {
    this.#ticketKeys = keys;
  }

  getCertificate(): null {
    return null;
  }

  getIssuer(): null {
    return null;
  }

  addCACert(): void {}

  addCRL(): void {}

  addRootCerts(): void {}

  close(): void {}
}

/** Makes a secure context of options without reading a key or a certificate. */
export function clearContext(options: unknown): SecureContext {
  const { SecureContext: Class } = tls as unknown as { SecureContext: { prototype: object } };
  const context = Object.create(Class.prototype) as SecureContext;
  context.context = new ClearContext(options ?? {});
  return context;
}

/** Whether a secure context has a certificate; it may have been made outside of a simulation. */
export function hasCertificate(secure: SecureContext | undefined): boolean {
  const inner: unknown = secure?.context;
  if (inner instanceof ClearContext) return inner.hasCertificate;
  const certificate = (inner as { getCertificate?(): unknown } | undefined)?.getCertificate?.();
  return certificate !== undefined && certificate !== null;
}
