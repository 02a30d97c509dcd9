// A host's disk as a key-value store: what is written is cached until it is synced, and a crash loses the
// rest.

/** What a service keeps its data in. Values are copied in and out, as a real disk would. */
export interface Disk {
  get(key: string): unknown;
  /** Writes to the cache; durable after the next `sync`. */
  put(key: string, value: unknown): void;
  delete(key: string): void;
  /** Every key, in the order of the alphabet. */
  keys(): string[];
  /** Makes everything written so far durable. */
  sync(): void;
}

/** The disk of one machine. It outlives the incarnations of its host. */
export class HostDisk {
  #durable = new Map<string, unknown>();
  #cached = new Map<string, unknown>();

  /** Opens the disk for one incarnation: once `isAlive` says no, writes have no effect. */
  open(isAlive: () => boolean): Disk {
    return {
      get: (key) => structuredClone(this.#cached.get(key)),
      put: (key, value) => {
        if (isAlive()) this.#cached.set(key, structuredClone(value));
      },
      delete: (key) => {
        if (isAlive()) this.#cached.delete(key);
      },
      keys: () => [...this.#cached.keys()].toSorted(),
      sync: () => {
        if (isAlive()) this.#durable = new Map(this.#cached);
      },
    };
  }

  /** Loses what was never synced. */
  crash(): void {
    this.#cached = new Map(this.#durable);
  }

  /** Writes the cache back, as an orderly stop does. */
  flush(): void {
    this.#durable = new Map(this.#cached);
  }
}
