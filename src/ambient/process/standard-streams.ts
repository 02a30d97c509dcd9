// The standard streams of a host: real streams of Node.js, what is written to them printed by whole lines.

import { Readable, Writable } from 'node:stream';

/** Name of a stream that a host prints to. */
export type StreamName = 'stdout' | 'stderr';

/** Prints one or more whole lines, without the last line break. */
export type Print = (stream: StreamName, text: string) => void;

/** Joins what is written to one stream into whole lines. */
export class LinePrinter {
  readonly #stream: StreamName;
  readonly #print: Print;
  #rest = '';

  constructor(stream: StreamName, print: Print) {
    this.#stream = stream;
    this.#print = print;
  }

  write(text: string): void {
    const end = text.lastIndexOf('\n');
    if (end === -1) {
      this.#rest += text;
      return;
    }
    const lines = this.#rest + text.slice(0, end);
    this.#rest = text.slice(end + 1);
    this.#print(this.#stream, lines);
  }

  /** Prints a line that was begun and not ended. */
  flush(): void {
    const rest = this.#rest;
    this.#rest = '';
    if (rest !== '') this.#print(this.#stream, rest);
  }
}

/** Makes `process.stdout` or `process.stderr` of a host: no terminal, as under a process manager. */
export function createOutput(stream: StreamName, printer: LinePrinter): Writable {
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, encoding, callback) {
      printer.write(textOf(chunk, encoding));
      callback();
    },
    // As in Node.js, the standard streams cannot be closed.
    destroy(error, callback) {
      callback(error);
    },
  });
  return Object.assign(output, { fd: stream === 'stdout' ? 1 : 2, _isStdio: true });
}

/** Makes `process.stdin` of a host: nobody types. */
export function createInput(): Readable {
  const input = new Readable({
    read() {
      this.push(null);
    },
  });
  return Object.assign(input, { fd: 0 });
}

function textOf(chunk: string | Uint8Array, encoding: string): string {
  if (typeof chunk !== 'string') return Buffer.from(chunk).toString();
  if (encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer') return chunk;
  return Buffer.from(chunk, encoding as BufferEncoding).toString();
}
