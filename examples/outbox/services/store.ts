// What a service remembers: rows of tables, read from memory and written through to its disk.

/** A disk: what was put is durable after the next `sync`, all of it or nothing. */
export interface Disk {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  keys(): string[];
  sync(): void;
}

/** Rows by the name of their table and their id, `order/o-1`. Rows are replaced, never changed. */
export class Store {
  readonly #disk: Disk;
  readonly #rows = new Map<string, unknown>();

  constructor(disk: Disk) {
    this.#disk = disk;
    for (const key of disk.keys()) this.#rows.set(key, disk.get(key));
  }

  get(key: string): unknown {
    return this.#rows.get(key);
  }

  /** The rows of a table, the oldest first. */
  rows<Row>(table: string): Row[] {
    const found: Row[] = [];
    for (const [key, row] of this.#rows) if (key.startsWith(`${table}/`)) found.push(row as Row);
    return found;
  }

  put(key: string, row: unknown): void {
    this.#rows.set(key, row);
    this.#disk.put(key, row);
  }

  delete(key: string): void {
    this.#rows.delete(key);
    this.#disk.delete(key);
  }

  /** Makes durable what was put and deleted, all of it or nothing. */
  sync(): void {
    this.#disk.sync();
  }
}
