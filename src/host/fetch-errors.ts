// The errors of `fetch`, shaped as Node.js shapes them: a `TypeError` whose `cause` says what happened below.

import type { NetworkErrorCode } from '../network/verdict.ts';

const ERRNO: Readonly<Record<NetworkErrorCode | 'ENOTFOUND', number>> = {
  ECONNREFUSED: -111,
  ECONNRESET: -104,
  ETIMEDOUT: -110,
  EHOSTUNREACH: -113,
  ENETUNREACH: -101,
  ENOTFOUND: -3008,
};

/** Wraps what went wrong before the response began. */
export function fetchFailed(cause: unknown): TypeError {
  return new TypeError('fetch failed', { cause });
}

/** Wraps what went wrong while the body was on its way. */
export function terminated(cause: Error): TypeError {
  return new TypeError('terminated', { cause });
}

/** A system error of a connection: `connect ECONNREFUSED 10.0.0.2:4000`. */
export function connectionError(code: NetworkErrorCode, peer: { address: string; port: number }): Error {
  if (code === 'ECONNRESET') {
    return Object.assign(new Error('read ECONNRESET'), { errno: ERRNO[code], code, syscall: 'read' });
  }
  const error = new Error(`connect ${code} ${peer.address}:${peer.port}`);
  return Object.assign(error, { errno: ERRNO[code], code, syscall: 'connect', ...peer });
}

/** What `dns.lookup` answers for a name that nobody has. */
export function unknownHostError(hostname: string): Error {
  const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
  return Object.assign(error, {
    errno: ERRNO.ENOTFOUND,
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  });
}

/** The time-outs of undici, which is below `fetch`: its defaults are those of a real client. */
export const clientTimeoutsUs = { connect: 10_000_000, headers: 300_000_000, body: 300_000_000 } as const;

/** An error of undici by the time-out that ran out. */
export function timeoutError(
  which: 'connect' | 'headers' | 'body',
  peer: { address: string; port: number },
): Error {
  if (which === 'connect') {
    const attempted = `attempted address: ${peer.address}:${peer.port}, timeout: 10000ms`;
    const message = `Connect Timeout Error (${attempted})`;
    return undiciError('ConnectTimeoutError', 'UND_ERR_CONNECT_TIMEOUT', message);
  }
  if (which === 'headers')
    return undiciError('HeadersTimeoutError', 'UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error');
  return undiciError('BodyTimeoutError', 'UND_ERR_BODY_TIMEOUT', 'Body Timeout Error');
}

function undiciError(name: string, code: string, message: string): Error {
  return Object.assign(new Error(message), { name, code });
}
