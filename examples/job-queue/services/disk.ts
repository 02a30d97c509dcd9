// Where the services keep what has to survive a crash: `host.disk` in the simulation.

/** What was put is durable after the next `sync`, all of it or nothing. */
export interface Disk {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  keys(): string[];
  sync(): void;
}
