// What `tls.TLSSocket` asks of its handle and gets the same answer to in every simulation: what only
// cryptography would know, and what there is no kernel for.

import { createHash } from 'node:crypto';

/** The constant part of a handle. */
export class TlsConstants {
  bind(): number {
    return 0;
  }

  bind6(): number {
    return 0;
  }

  setNoDelay(): number {
    return 0;
  }

  setKeepAlive(): number {
    return 0;
  }

  setBlocking(): number {
    return 0;
  }

  setTypeOfService(): number {
    return 0;
  }

  useUserBuffer(): void {}

  getX509Certificate(): undefined {
    return undefined;
  }

  getProtocol(): string {
    return 'TLSv1.3';
  }

  setMaxSendFragment(): number {
    return 1;
  }

  renegotiate(): never {
    throw Object.assign(new Error('wrong ssl version'), { code: 'ERR_SSL_WRONG_SSL_VERSION' });
  }

  isSessionReused(): boolean {
    return false;
  }

  getSession(): undefined {}

  setSession(): void {}

  getTLSTicket(): undefined {}

  getFinished(): undefined {}

  getPeerFinished(): undefined {}

  getSharedSigalgs(): string[] {
    return [];
  }

  setKeyCert(): void {}

  requestOCSP(): void {}

  enableTrace(): void {}

  enableKeylogCallback(): void {}

  enableSessionCallbacks(): void {}

  destroySSL(): void {}

  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer {
    const hash = createHash('shake256', { outputLength: length }).update(label);
    return hash.update(context ?? '').digest();
  }
}
