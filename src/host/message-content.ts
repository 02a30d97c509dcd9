// Shows what a message carries as plain data: headers, and bytes as text where they are text. Asked only
// while a run is recorded; nothing is consumed by it, and nothing changed.

import type { Bytes, MessageContent } from '../history/trace.ts';

/** Of longer bytes only the beginning is kept. */
export const CONTENT_BYTES_MAX = 65_536;

const HEAD_END = Buffer.from('\r\n\r\n');
const requestHeaders = getterOf(Request.prototype, 'headers');
const responseHeaders = getterOf(Response.prototype, 'headers');
// oxlint-disable-next-line typescript/unbound-method -- applied to headers
const { forEach: eachHeader } = Headers.prototype;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Shows bytes; undefined where there are none. */
export function bytesOf(parts: readonly Uint8Array[]): Bytes | undefined {
  let byteLength = 0;
  for (const part of parts) byteLength += part.length;
  if (byteLength === 0) return undefined;
  const kept = joined(parts).subarray(0, CONTENT_BYTES_MAX);
  const text = textOf(kept, byteLength > kept.length);
  return text === undefined ? { base64: kept.toString('base64'), byteLength } : { text, byteLength };
}

/** Shows a text by the bytes that it is sent as; undefined where it is empty. */
export function textBytes(text: string): Bytes | undefined {
  const byteLength = Buffer.byteLength(text);
  if (byteLength === 0) return undefined;
  return byteLength <= CONTENT_BYTES_MAX ? { text, byteLength } : bytesOf([Buffer.from(text)]);
}

/** Shows a head and a body; undefined where there is neither. */
export function contentOf(
  headers: readonly (readonly [string, string])[] | undefined,
  body: Bytes | undefined,
): MessageContent | undefined {
  if (headers === undefined) return body === undefined ? undefined : { body };
  return body === undefined ? { headers } : { headers, body };
}

/**
 * Reads the headers of a request or a response as Node.js keeps them, past whatever a class of the code under
 * test has in their place. Undefined for objects that are no requests or responses of Node.js.
 */
export function headersOf(head: Request | Response): [string, string][] | undefined {
  try {
    const headers = Reflect.apply(head instanceof Request ? requestHeaders : responseHeaders, head, []);
    const found: [string, string][] = [];
    Reflect.apply(eachHeader, headers, [(value: string, name: string) => void found.push([name, value])]);
    return found;
  } catch {
    return undefined;
  }
}

/** Shows an HTTP/1 message as it was written: a chunked body without its framing, where all of it is here. */
export function http1Content(parts: readonly Uint8Array[]): MessageContent | undefined {
  const bytes = joined(parts);
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return contentOf(undefined, bytesOf(parts));
  const [, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const rest = bytes.subarray(end + HEAD_END.length);
  const isChunked = headers.some(([name, value]) => name === 'transfer-encoding' && /chunked/i.test(value));
  return contentOf(headers, bytesOf((isChunked ? unframed(rest) : undefined) ?? [rest]));
}

/** Shows a value that hosts sent each other, as JSON has it. */
export function jsonContent(value: unknown): MessageContent | undefined {
  if (ArrayBuffer.isView(value)) return contentOf(undefined, bytesOf([viewOf(value)]));
  try {
    const text = JSON.stringify(value, shown);
    return text === undefined ? undefined : contentOf(undefined, textBytes(text));
  } catch {
    // It contains itself.
    return undefined;
  }
}

/** What JSON leaves out, and structured clones carry. */
function shown(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Map || value instanceof Set) return [...value];
  return value;
}

/** The parts of a chunked body; undefined where some of it is missing. */
function unframed(bytes: Buffer): Buffer[] | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd === -1 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const from = lineEnd + 2;
    if (size === 0) return parts;
    if (!(size > 0) || from + size + 2 > bytes.length) return undefined;
    parts.push(bytes.subarray(from, from + size));
    at = from + size + 2;
  }
}

/** Bytes as text; undefined where they are none. The last character of what was cut may be cut, too. */
function textOf(bytes: Buffer, isCut: boolean): string | undefined {
  for (let left = 0; left <= (isCut ? 3 : 0); left++) {
    try {
      return utf8.decode(bytes.subarray(0, bytes.length - left));
    } catch {
      // One byte less.
    }
  }
  return undefined;
}

function joined(parts: readonly Uint8Array[]): Buffer {
  const [first] = parts;
  return parts.length === 1 && first !== undefined ? viewOf(first) : Buffer.concat(parts);
}

function getterOf(prototype: object, name: string): () => Headers {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) as { readonly get: () => Headers };
  return get;
}

function viewOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
