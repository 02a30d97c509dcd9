// What a service remembers: rows by id, read from memory and written through to its store.

/** The storage a service runs on: a database in production, the simulated disk of its host in a test. */
export interface Store {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  keys(): string[];
  /** Makes everything that was put durable, all of it or nothing. */
  sync(): void;
}

/** A map on disk. Rows are replaced, never changed. */
export class Table<Row> {
  readonly #store: Store;
  readonly #name: string;
  readonly #rows = new Map<string, Row>();

  constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
    for (const key of store.keys()) {
      if (key.startsWith(`${name}/`)) this.#rows.set(key.slice(name.length + 1), store.get(key) as Row);
    }
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  /** Writes a row, which a crash can undo until the next `sync`. */
  put(id: string, row: Row): void {
    this.#rows.set(id, row);
    this.#store.put(`${this.#name}/${id}`, row);
  }

  /** Makes what was put durable, in this table and in all others of its store. */
  sync(): void {
    this.#store.sync();
  }

  entries(): [id: string, row: Row][] {
    return [...this.#rows];
  }

  values(): Row[] {
    return [...this.#rows.values()];
  }
}
