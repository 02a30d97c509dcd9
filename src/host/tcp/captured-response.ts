// Lets a program answer a request of Node.js' HTTP server into memory, so that the answer can be changed,
// kept or thrown away before the client sees any of it: what a proxy that buffers does.

import type http from 'node:http';
import { Writable } from 'node:stream';
import type { WholeAnswer } from '../answering.ts';

/** What Node.js decides anew for each connection. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);
const HEAD_END = Buffer.from('\r\n\r\n');

type ResponseClass = new (request: http.IncomingMessage) => http.ServerResponse;
type RequestClass = new (socket: http.IncomingMessage['socket']) => http.IncomingMessage;

/** A request and where its program answers it. */
export interface Handled {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
}

/**
 * Makes a response whose bytes go nowhere.
 *
 * @returns it, and what was answered once it is over; undefined where the program, or the client of the real
 * one, ended the connection before.
 */
export function captured({ request, response }: Handled): {
  response: http.ServerResponse;
  answer: Promise<WholeAnswer | undefined>;
} {
  const parts: Buffer[] = [];
  const sink = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      parts.push(Buffer.from(chunk));
      done();
    },
  });
  const shadow = new (response.constructor as ResponseClass)(request);
  shadow.shouldKeepAlive = response.shouldKeepAlive;
  shadow.assignSocket(sink as unknown as NonNullable<http.ServerResponse['socket']>);
  response.on('close', () => sink.destroy());
  const answer = new Promise<WholeAnswer | undefined>((resolve) => {
    shadow.on('finish', () => {
      resolve(parsed(Buffer.concat(parts)));
      // The response is closed with what it was written to.
      sink.destroy();
    });
    sink.on('close', () => resolve(undefined));
  });
  return { response: shadow, answer };
}

/** The same request once more, with its body in memory. */
export function copyOf(request: http.IncomingMessage, body: Buffer): http.IncomingMessage {
  const copy = new (request.constructor as RequestClass)(request.socket);
  const { method, url, httpVersion, httpVersionMajor, httpVersionMinor, rawHeaders, headers } = request;
  Object.assign(copy, { method, url, httpVersion, httpVersionMajor, httpVersionMinor });
  Object.assign(copy, { rawHeaders: [...rawHeaders], headers: { ...headers }, complete: true });
  if (body.length > 0) copy.push(body);
  copy.push(null);
  return copy;
}

/** Reads the body of a request. @returns undefined where it does not arrive whole. */
export function bodyOf(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('close', () => resolve(undefined));
    request.on('error', () => resolve(undefined));
  });
}

/** An HTTP/1 message as it was written. */
function parsed(bytes: Buffer): WholeAnswer | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [, code = '0', statusText = ''] = /^HTTP\/1\.1 (\d{3}) ?(.*)$/.exec(statusLine) ?? [];
  const status = Number(code);
  const rest = bytes.subarray(end + HEAD_END.length);
  // "100 Continue" and early hints come before the answer itself.
  if (status < 200) return parsed(rest);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const isChunked = headers.some(
    ([name, value]) => isNamed(name, 'transfer-encoding') && /chunked/i.test(value),
  );
  return {
    status,
    statusText,
    headers: headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase())),
    body: isChunked ? unchunked(rest) : rest,
  };
}

function isNamed(name: string, expected: string): boolean {
  return name.toLowerCase() === expected;
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
