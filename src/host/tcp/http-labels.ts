// Names what passes over a connection, so that a lost response to a charge is called so in plans, rules and
// reports: recognises the heads of HTTP/1 messages among the bytes, and changes nothing.

import type { MessageKind } from '../../network/message.ts';

/** The kind and label of a piece of a stream. */
export interface PieceName {
  readonly kind: MessageKind;
  readonly label: string;
  /** The status of a response that ends the wait for one: not that of an interim response. */
  readonly status?: number | undefined;
}

const REQUEST_LINE = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r\n/;
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;
const HEAD_BYTES_MAX = 2_048;
const SWITCHING_PROTOCOLS = 101;

/** Names the pieces of one connection, in the order in which they are sent. */
export class StreamLabels {
  readonly #port: string;
  readonly #unanswered: string[] = [];
  #requesting: string | undefined;
  #responding: string | undefined;
  #isRaw = false;

  /** @param port - `:4000`, or the path of a Unix socket. */
  constructor(port: string) {
    this.#port = port;
  }

  /** Names bytes that the client sends. */
  fromClient(bytes: Uint8Array): PieceName {
    const first = bytes[0] ?? 0;
    // Only capital letters begin a request.
    if (!this.#isRaw && first >= 65 && first <= 90) {
      const [, method, target] = REQUEST_LINE.exec(headOf(bytes)) ?? [];
      if (method !== undefined && target !== undefined) {
        this.#requesting = `${method} ${pathOf(target)}`;
        this.#unanswered.push(this.#requesting);
        return { kind: 'request', label: this.#requesting };
      }
    }
    return this.#continued(this.#requesting);
  }

  /** Names bytes that the server sends. */
  fromServer(bytes: Uint8Array): PieceName {
    // "H"
    if (!this.#isRaw && bytes[0] === 72 && this.#unanswered.length > 0) {
      const status = statusOf(bytes);
      if (status !== undefined) {
        const [label = this.#port] = this.#unanswered;
        if (status >= 200) this.#unanswered.shift();
        this.#isRaw = status === SWITCHING_PROTOCOLS;
        this.#responding = label;
        const isFinal = status >= 200 || this.#isRaw;
        return { kind: 'response', label, status: isFinal ? status : undefined };
      }
    }
    return this.#continued(this.#responding);
  }

  #continued(label: string | undefined): PieceName {
    return label === undefined || this.#isRaw
      ? { kind: 'segment', label: this.#port }
      : { kind: 'chunk', label };
  }
}

/** The status that a response begins with. */
export function statusOf(bytes: Uint8Array): number | undefined {
  const status = STATUS_LINE.exec(headOf(bytes))?.[1];
  return status === undefined ? undefined : Number(status);
}

function headOf(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return Buffer.from(buffer, byteOffset, Math.min(byteLength, HEAD_BYTES_MAX)).toString('latin1');
}

/** The path of a request target, which may be a whole URL (to a proxy) or have a query. */
export function pathOf(target: string): string {
  const path = /^[a-z]+:\/\/[^/]*(?<rest>.*)$/i.exec(target)?.groups?.rest ?? target;
  const query = path.indexOf('?');
  return query === -1 ? path : path.slice(0, query);
}
