// A write-ahead log, as an ordinary program of Node.js: a record is appended and synced before it is
// acknowledged, has a checksum, and recovery stops at the first record that is torn.

import fs from 'node:fs';
import fsp from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const HEADER_BYTES = 8;

/** A log in one file. */
export class WriteAheadLog {
  readonly records: string[];
  readonly #file: fsp.FileHandle;
  #end: number;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: fsp.FileHandle, { records, end }: Recovered) {
    this.#file = file;
    this.records = records;
    this.#end = end;
  }

  static async open(at: string): Promise<WriteAheadLog> {
    const file = await fsp.open(at, fs.constants.O_RDWR | fs.constants.O_CREAT);
    const recovered = recover(await file.readFile());
    // What was torn must not be followed by what is not.
    await file.truncate(recovered.end);
    await file.sync();
    const folder = await fsp.open(path.dirname(at), 'r');
    await folder.sync();
    await folder.close();
    return new WriteAheadLog(file, recovered);
  }

  /** Resolves when the record is durable. One record after the other. */
  append(text: string): Promise<void> {
    this.#last = this.#last.then(() => this.#append(text));
    return this.#last;
  }

  async #append(text: string): Promise<void> {
    const record = encode(text);
    for (let done = 0; done < record.length;) {
      const { bytesWritten } = await this.#file.write(record, done, record.length - done, this.#end + done);
      done += bytesWritten;
    }
    await this.#file.datasync();
    this.#end += record.length;
    this.records.push(text);
  }
}

interface Recovered {
  readonly records: string[];
  /** Where the last whole record ends. */
  readonly end: number;
}

function encode(text: string): Buffer {
  const body = Buffer.from(text);
  const record = Buffer.alloc(HEADER_BYTES + body.length);
  record.writeUInt32LE(body.length, 0);
  record.writeUInt32LE(crc32(body), 4);
  body.copy(record, HEADER_BYTES);
  return record;
}

function recover(content: Buffer): Recovered {
  const records: string[] = [];
  let end = 0;
  while (end + HEADER_BYTES < content.length) {
    const from = end + HEADER_BYTES;
    const length = content.readUInt32LE(end);
    const body = content.subarray(from, from + length);
    if (length === 0 || body.length < length || crc32(body) !== content.readUInt32LE(end + 4)) break;
    records.push(body.toString());
    end = from + length;
  }
  return { records, end };
}
