// The errors of `fetch`, shaped as Node.js shapes them: a `TypeError` whose `cause` says what happened below.

import type { NetworkErrorCode } from '../network/verdict.ts';

const ERRNO: Readonly<Record<NetworkErrorCode | 'ENOTFOUND' | 'EAI_AGAIN', number>> = {
  ECONNREFUSED: -111,
  ECONNRESET: -104,
  ETIMEDOUT: -110,
  EHOSTUNREACH: -113,
  ENETUNREACH: -101,
  ENOTFOUND: -3008,
  EAI_AGAIN: -3001,
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

/** A connection that was not even tried, because its process can open no more: as Node.js tells it. */
export function outOfDescriptors({ address, port }: { address: string; port: number }): Error {
  const error = new Error(`connect EMFILE ${address}:${port} - Local (undefined:undefined)`);
  return Object.assign(error, { errno: -24, code: 'EMFILE', syscall: 'connect', address, port });
}

/** What `dns.lookup` answers where it finds no address: by default, for a name that nobody has. */
export function lookupError(hostname: string, code: 'ENOTFOUND' | 'EAI_AGAIN' = 'ENOTFOUND'): Error {
  const error = new Error(`getaddrinfo ${code} ${hostname}`);
  return Object.assign(error, { errno: ERRNO[code], code, syscall: 'getaddrinfo', hostname });
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

/** What undici says of a connection that ended before its answer did. */
export function closedError(): Error {
  return undiciError('SocketError', 'UND_ERR_SOCKET', 'other side closed');
}

function undiciError(name: string, code: string, message: string): Error {
  return Object.assign(new Error(message), { name, code });
}
