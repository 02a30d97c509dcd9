// The network as the code of a scenario sees it.

import { OptionError } from '../errors.ts';
import type { HostMachine } from '../host/machine.ts';
import type { MachinePark } from '../host/park.ts';
import { Message } from '../host/transport.ts';
import { viewOf, type MessageView } from '../network/message.ts';
import { block, cutText, unblock } from '../network/partition.ts';
import type { NetworkRule } from '../network/verdict.ts';

/** The network, for scenarios. */
export interface NetworkHandle {
  /** Cuts hosts off until it is healed. Without `to`: from all other hosts; clients stay connected. */
  partition(options: { from: readonly string[]; to?: readonly string[]; oneWay?: boolean }): { heal(): void };
  /** Keeps messages of a link back, until `release`. */
  hold(from: string, to: string): void;
  release(from: string, to: string): void;
  /** The messages that are on their way, held or stalled, in the order in which they were sent. */
  inFlight(): MessageView[];
  /** Decides about messages before the fault plan does. @returns a function that removes the rule. */
  rule(rule: NetworkRule): () => void;
}

/** Makes the handle of the network. */
export function createNetworkHandle(
  park: MachinePark,
  machineOf: (name: string) => HostMachine,
  hostNames: () => string[],
): NetworkHandle {
  const { transport } = park;
  const { network } = transport;
  return {
    partition({ from, to, oneWay = false }) {
      const others = to ?? hostNames().filter((name) => !from.includes(name));
      for (const name of [...from, ...others]) machineOf(name);
      const cut = { from, to: others, isOneWay: oneWay };
      for (const link of block(network, cut)) transport.blocked(link);
      park.observer.noted?.(`partition: ${cutText(cut)}`);
      let isHealed = false;
      return {
        heal() {
          if (isHealed) return;
          isHealed = true;
          park.observer.noted?.(`partition heals: ${cutText(cut)}`);
          for (const link of unblock(network, cut)) transport.healed(link);
        },
      };
    },
    hold(from, to) {
      network.link(machineOf(from).name, machineOf(to).name).isHeld = true;
      park.observer.noted?.(`messages held: ${from} → ${to}`);
    },
    release(from, to) {
      const link = network.link(machineOf(from).name, machineOf(to).name);
      link.isHeld = false;
      park.observer.noted?.(`messages released: ${from} → ${to}`);
      transport.release(link);
    },
    inFlight() {
      const queued = park.engine.queue.inOrder().filter((event) => event instanceof Message);
      const messages = [...queued, ...transport.waiting()];
      return messages.toSorted((left, right) => left.sentUs - right.sentUs).map(viewOf);
    },
    rule(rule) {
      if (typeof rule !== 'function') throw OptionError.expected('rule', 'a function of a message', rule);
      return network.addRule(rule);
    },
  };
}
