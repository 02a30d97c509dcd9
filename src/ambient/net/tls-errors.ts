// The errors of a TLS handshake, as OpenSSL and Node.js shape them.

import os from 'node:os';

/** A handshake failed. The numbers are OpenSSL's. */
export interface TlsFailure {
  readonly number: string;
  readonly reason: string;
}

export const WRONG_VERSION: TlsFailure = { number: '0A00010B', reason: 'wrong version number' };
export const HTTP_REQUEST: TlsFailure = { number: '0A00009C', reason: 'http request' };
export const NO_PROTOCOL: TlsFailure = { number: '0A0000EB', reason: 'no application protocol' };
export const NO_CERTIFICATE: TlsFailure = {
  number: '0A0000C7',
  reason: 'peer did not return a certificate',
};
export const UNEXPECTED: TlsFailure = { number: '0A0000F4', reason: 'unexpected message' };

export const ALERT_UNEXPECTED = 10;
export const ALERT_CERTIFICATE_REQUIRED = 116;
export const ALERT_NO_PROTOCOL = 120;

const ALERTS: Readonly<Record<number, TlsFailure>> = {
  [ALERT_UNEXPECTED]: { number: '0A0003F2', reason: 'sslv3 alert unexpected message' },
  [ALERT_CERTIFICATE_REQUIRED]: { number: '0A00045C', reason: 'tlsv13 alert certificate required' },
  [ALERT_NO_PROTOCOL]: { number: '0A000460', reason: 'tlsv1 alert no application protocol' },
};

/** What an alert of the other end means. */
export function alertFailure(number: number): TlsFailure {
  return ALERTS[number] ?? { number: '0A000438', reason: 'tlsv1 alert internal error' };
}

/** The error that a socket emits. */
export function tlsError(failure: TlsFailure): Error {
  const { reason } = failure;
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return Object.assign(new Error(textOf(failure)), { library: 'SSL routines', reason, code });
}

/** The error of a write that waited for the handshake. */
export function protocolError(failure: TlsFailure): Error {
  const error = new Error(`write EPROTO ${textOf(failure)}`);
  return Object.assign(error, { errno: -os.constants.errno.EPROTO, code: 'EPROTO', syscall: 'write' });
}

function textOf({ number, reason }: TlsFailure): string {
  return `error:${number}:SSL routines::${reason}\n`;
}
