// Carries out the faults of a plan that happen at a time: crashes, stops, pauses, partitions; and, when the
// storm is over, makes everything whole again.

import { ControlEvent } from '../host/control-event.ts';
import type { HostMachine, MachinePark } from '../host/machine.ts';
import type { Link } from '../network/link.ts';
import { block, cutText, linksOf, unblock, type Cut } from '../network/partition.ts';
import { usFromMs } from '../time/duration.ts';
import { isMessageFault, type Fault, type FaultPlan, type HostFault, type PartitionFault } from './fault.ts';
import type { Ledger } from './ledger.ts';

/** How long a planned graceful stop may take before the process is killed. */
const STOP_GRACE_US = 10_000_000;

interface ActivePartition {
  readonly fault: PartitionFault;
  readonly cut: Cut;
  readonly links: ReadonlySet<Link>;
  hasStruck: boolean;
}

/** Directs the planned faults of one run. */
export class FaultDirector {
  readonly #park: MachinePark;
  readonly #owner: HostMachine;
  readonly #ledger: Ledger;
  readonly #pending = new Set<ControlEvent>();
  readonly #partitions = new Set<ActivePartition>();
  readonly #pauses = new Map<string, HostFault>();
  #isOver = false;

  constructor(options: { park: MachinePark; owner: HostMachine; ledger: Ledger }) {
    this.#park = options.park;
    this.#owner = options.owner;
    this.#ledger = options.ledger;
  }

  /** Queues the timed faults of a plan. */
  begin(plan: FaultPlan): void {
    for (const fault of plan.faults) {
      if (isMessageFault(fault)) continue;
      this.#at(usFromMs(fault.atMs), fault.kind, () => this.#strike(fault));
    }
  }

  /** A message met a partition: those that caused it have struck. */
  blocked(link: Link): void {
    for (const partition of this.#partitions) {
      if (partition.hasStruck || !partition.links.has(link)) continue;
      partition.hasStruck = true;
      this.#ledger.add(partition.fault);
    }
  }

  /** An event came due on a paused host: the pause has struck. */
  deferred(host: string): void {
    const fault = this.#pauses.get(host);
    if (fault === undefined) return;
    this.#pauses.delete(host);
    this.#ledger.add(fault);
  }

  /** Ends the storm: nothing planned happens any more, partitions heal, paused hosts go on. */
  end(): void {
    this.#isOver = true;
    for (const event of this.#pending) this.#park.engine.queue.remove(event);
    this.#pending.clear();
    for (const partition of this.#partitions) this.#heal(partition);
    this.#pauses.clear();
  }

  #at(atUs: number, what: Fault['kind'] | 'heal' | 'resume' | 'boot', act: () => void): void {
    if (this.#isOver) return;
    const event = new ControlEvent(this.#owner, what, () => {
      this.#pending.delete(event);
      act();
    });
    event.isRef = false;
    this.#pending.add(event);
    this.#park.engine.scheduleExactly(event, atUs);
  }

  #strike(fault: HostFault | PartitionFault): void {
    if (fault.kind === 'partition') return this.#partition(fault);
    const machine = this.#park.find(fault.host);
    if (machine === undefined) return;
    if (fault.kind === 'pause') return this.#pause(machine, fault);
    if (machine.process === 'down' || machine.process === 'stopping') return;
    this.#ledger.add(fault);
    const downUs = usFromMs(fault.downMs);
    const bootLater = (): void =>
      this.#at(this.#park.engine.nowUs + downUs, 'boot', () => void machine.boot());
    if (fault.kind === 'crash') {
      machine.crash();
      bootLater();
    } else void machine.stop(STOP_GRACE_US).then(bootLater);
  }

  #pause(machine: HostMachine, fault: HostFault & { kind: 'pause' }): void {
    if (machine.isPaused) return;
    machine.pause();
    this.#pauses.set(machine.name, fault);
    this.#at(this.#park.engine.nowUs + usFromMs(fault.forMs), 'resume', () => {
      this.#pauses.delete(machine.name);
      machine.resume();
    });
  }

  #partition(fault: PartitionFault): void {
    const { network } = this.#park.transport;
    const cut: Cut = { from: fault.from, to: fault.to, isOneWay: fault.oneWay };
    const partition = { fault, cut, links: new Set(linksOf(network, cut)), hasStruck: false };
    this.#partitions.add(partition);
    block(network, cut);
    this.#park.observer.noted?.(`partition: ${cutText(cut)}`);
    this.#at(this.#park.engine.nowUs + usFromMs(fault.forMs), 'heal', () => {
      this.#park.observer.noted?.(`partition heals: ${cutText(cut)}`);
      this.#heal(partition);
    });
  }

  #heal(partition: ActivePartition): void {
    if (!this.#partitions.delete(partition)) return;
    const { transport } = this.#park;
    for (const link of unblock(transport.network, partition.cut)) transport.healed(link);
  }
}
