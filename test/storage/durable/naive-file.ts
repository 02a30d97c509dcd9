// A store of records in one file, as it is often written: appended, acknowledged, and never synced.

import fs from 'node:fs';

/** Lines of a file. */
export class NaiveFile {
  readonly records: string[];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.records = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  }

  append(text: string): void {
    fs.appendFileSync(this.#file, `${text}\n`);
    this.records.push(text);
  }
}
