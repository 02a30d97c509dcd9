// Keeps rows in a JSON file: written whole beside the old one, forced to disk, and put in its place.

import fs from 'node:fs';
import path from 'node:path';
import type { Store } from '../services/table.ts';

export class JsonStore implements Store {
  readonly #file: string;
  readonly #rows: Map<string, unknown>;

  constructor(folder: string, name: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.#file = path.join(folder, `${name}.json`);
    const text = fs.existsSync(this.#file) ? fs.readFileSync(this.#file, 'utf8') : '{}';
    this.#rows = new Map(Object.entries(JSON.parse(text) as Record<string, unknown>));
  }

  get(key: string): unknown {
    return this.#rows.get(key);
  }

  put(key: string, value: unknown): void {
    this.#rows.set(key, value);
  }

  delete(key: string): void {
    this.#rows.delete(key);
  }

  keys(): string[] {
    return [...this.#rows.keys()];
  }

  sync(): void {
    const beside = `${this.#file}.new`;
    const file = fs.openSync(beside, 'w');
    fs.writeSync(file, JSON.stringify(Object.fromEntries(this.#rows)));
    fs.fsyncSync(file);
    fs.closeSync(file);
    fs.renameSync(beside, this.#file);
  }
}
