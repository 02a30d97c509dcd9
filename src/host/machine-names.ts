// The names and addresses of one machine: its own, which changes when it moves, and what it hears when it
// asks for others.

import type { HostNames, NameTrouble } from '../ambient/context.ts';
import type { HostMachine } from './machine.ts';

/** What is wrong with a name at present; undefined where nothing is. */
export type NameFault = (hostname: string) => NameTrouble | undefined;

/** Names as one machine sees them. */
export class MachineNames implements HostNames {
  /** What faults do to the look-ups of this machine. */
  readonly faults: Set<NameFault> = new Set();
  /** The address that others are told, where it is an old one. */
  #staleAddress: string | undefined;
  #moves = 0;
  readonly #machine: HostMachine;

  constructor(machine: HostMachine) {
    this.#machine = machine;
  }

  get address(): string {
    const { id } = this.#machine;
    return `10.${this.#moves}.${id >> 8}.${id & 255}`;
  }

  /** Whether it has another address than in the beginning: then what was sent there is lost. */
  get hasMoved(): boolean {
    return this.#moves > 0;
  }

  /** Whether others are told an address that leads to nobody. */
  get isStale(): boolean {
    return this.#staleAddress !== undefined;
  }

  /** Gives the machine another address. Others are told the old one, until {@link announce}. */
  move(): void {
    this.#staleAddress = this.address;
    this.#moves++;
  }

  /** From now on others are told the address that it has. */
  announce(): void {
    this.#staleAddress = undefined;
  }

  addressOf(hostname: string): string | undefined {
    if (hostname === 'localhost') return '127.0.0.1';
    const machine = this.#machine.park.find(hostname);
    if (machine === undefined) return undefined;
    return machine === this.#machine ? this.address : (machine.names.#staleAddress ?? machine.address);
  }

  nameOf(address: string): string | undefined {
    if (address === this.address || address === '127.0.0.1' || address === '::1') return this.#machine.name;
    return this.#machine.park.findByAddress(address)?.name;
  }

  trouble(hostname: string): NameTrouble | undefined {
    if (this.faults.size === 0) return undefined;
    const troubles = [...this.faults].flatMap((fault) => fault(hostname) ?? []);
    if (troubles.length === 0) return undefined;
    const code = troubles.find((each) => each.code !== undefined)?.code;
    const delayUs = troubles.reduce((sum, each) => sum + (each.delayUs ?? 0), 0);
    return { delayUs, ...(code === undefined ? {} : { code }) };
  }
}
