// Gives the native half of an HTTP/2 session its bytes frame by frame, as often as code runs in between on a
// real socket: there every callback of a frame is followed by the ticks and microtasks that it caused.

import type { Http2Session } from 'node:http2';
import process from 'node:process';
import { tickCallback } from '../../engine/quiescence.ts';

const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;

const settle = tickCallback();

/** The native handle of the stream that Node.js puts between a session and a socket that is not native. */
interface StreamHandle {
  readBuffer(bytes: Uint8Array): void;
  emitEOF(): void;
}

/** Cuts a stream of bytes at the ends of its frames. */
class FrameCutter {
  #skip: number;
  #head = Buffer.alloc(0);

  constructor(isServer: boolean) {
    this.#skip = isServer ? PREFACE_BYTES : 0;
  }

  /** @returns the parts of some bytes, each of one frame. */
  cut(bytes: Buffer): Buffer[] {
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length;) {
      if (this.#skip > 0) {
        const length = Math.min(this.#skip, bytes.length - at);
        this.#skip -= length;
        at += length;
      } else {
        const missing = bytes.subarray(at, at + HEAD_BYTES - this.#head.length);
        this.#head = Buffer.concat([this.#head, missing]);
        at += missing.length;
        if (this.#head.length < HEAD_BYTES) break;
        this.#skip = this.#head.readUIntBE(0, 3);
        this.#head = Buffer.alloc(0);
      }
      if (this.#skip > 0 || this.#head.length > 0) continue;
      parts.push(bytes.subarray(from, at));
      from = at;
    }
    if (from < bytes.length) parts.push(bytes.subarray(from));
    return parts;
  }
}

/**
 * Lets ticks and microtasks run between the frames that a session gets, and all that those cause in turn.
 * That is done inside of a tick: a microtask, in which bytes may come, cannot run others.
 */
export function feedByFrame(session: Http2Session, isServer: boolean): void {
  const handle = handleOf(session);
  if (handle === undefined) return;
  const read = handle.readBuffer.bind(handle);
  const end = handle.emitEOF.bind(handle);
  const cutter = new FrameCutter(isServer);
  const waiting: (() => void)[] = [];
  const next = (): void => {
    const [feed] = waiting;
    if (feed === undefined) return;
    feed();
    // Taken out afterwards, so that what comes meanwhile queues behind it.
    waiting.shift();
    if (waiting.length === 0) return;
    process.nextTick(() => {
      settle?.call(process);
      next();
    });
  };
  const add = (feeds: (() => void)[]): void => {
    const isIdle = waiting.length === 0;
    waiting.push(...feeds);
    if (isIdle) next();
  };
  const isOpen = (): boolean => !session.destroyed && handleOf(session) === handle;
  handle.readBuffer = (bytes) =>
    add(cutter.cut(Buffer.from(bytes)).map((part) => () => isOpen() && read(part)));
  handle.emitEOF = () => add([() => isOpen() && end()]);
}

function handleOf(session: Http2Session): StreamHandle | undefined {
  const symbol = Object.getOwnPropertySymbols(session).find(({ description }) => description === 'socket');
  if (symbol === undefined) return undefined;
  const socket = (session as unknown as Record<symbol, { _handle?: StreamHandle | null } | undefined>)[
    symbol
  ];
  const handle = socket?._handle ?? undefined;
  return typeof handle?.readBuffer === 'function' ? handle : undefined;
}
