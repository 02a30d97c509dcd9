// The clients of a run: hosts that drive operations, made when they are first named.

import { OptionError } from '../errors.ts';
import type { Incarnation } from '../host/incarnation.ts';
import { HostMachine } from '../host/machine.ts';
import type { MachinePark } from '../host/park.ts';

/** Makes clients, and the driver itself. */
export class Clients {
  readonly #park: MachinePark;
  readonly #isHost: (name: string) => boolean;
  readonly #machines = new Map<string, HostMachine>();
  #idsTaken: number;

  constructor(options: { park: MachinePark; firstId: number; isHost: (name: string) => boolean }) {
    this.#park = options.park;
    this.#isHost = options.isHost;
    this.#idsTaken = options.firstId;
  }

  find(name: string): HostMachine | undefined {
    return this.#machines.get(name);
  }

  all(): Iterable<HostMachine> {
    return this.#machines.values();
  }

  /** The incarnation of a client; a new one when it crashed, or was never named before. */
  open(name: string): Incarnation {
    if (typeof name !== 'string' || name === '')
      throw OptionError.expected('client name', 'a non-empty string', name);
    if (this.#isHost(name)) {
      throw new OptionError(
        `Duplicate host "${name}": a client cannot have the name of a host of the scenario.`,
      );
    }
    let machine = this.#machines.get(name);
    if (machine === undefined) {
      machine = new HostMachine(this.#park, { name, id: this.#idsTaken++, definition: NOTHING });
      this.#machines.set(name, machine);
    }
    return machine.incarnation ?? machine.bootNow();
  }
}

const NOTHING = { kind: 'daemon', boot: () => ({}) } as const;
