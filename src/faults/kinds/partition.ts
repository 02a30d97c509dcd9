// Nothing passes between two groups of hosts.

import { OptionError } from '../../errors.ts';
import { block, cutText, linksOf, unblock, type Cut } from '../../network/partition.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkHostList, checkTimes, msText } from '../timed.ts';
import type { Timed, TimedKind } from '../timed.ts';

/** Nothing passes between two groups of hosts for a while; TCP sends again afterwards. */
export interface PartitionFault extends Timed {
  readonly kind: 'partition';
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly oneWay: boolean;
  readonly forMs: number;
}

/** See {@link PartitionFault}. It strikes when a message meets it. */
export const partitionKind: TimedKind<PartitionFault> = {
  kind: 'partition',
  check(at, fault, hosts) {
    for (const side of ['from', 'to']) checkHostList(`${at}.${side}`, fault[side], hosts);
    if (typeof fault['oneWay'] !== 'boolean')
      throw OptionError.expected(`${at}.oneWay`, 'true or false', fault['oneWay']);
    checkTimes(at, fault, ['forMs']);
  },
  checkBudget(allowed, hosts) {
    if (typeof allowed !== 'boolean') checkHostList('faults.partition', allowed, hosts);
  },
  describe({ from, to, oneWay, forMs }, at) {
    const sides = `${from.join(', ')} ${oneWay ? '⇥' : '⇹'} ${to.join(', ')}`;
    return `partition ${sides} ${at} for ${msText(forMs)}`;
  },
  strike(fault, storm) {
    const { park } = storm;
    const { network } = park.transport;
    const cut: Cut = { from: fault.from, to: fault.to, isOneWay: fault.oneWay };
    const links = new Set(linksOf(network, cut));
    block(network, cut);
    park.observer.noted?.(`partition: ${cutText(cut)}`);
    const unlisten = storm.listen({
      blocked: (link) => {
        if (links.has(link)) storm.struck(fault);
      },
    });
    storm.lasts(usFromMs(fault.forMs), 'heal', () => {
      park.observer.noted?.(`partition heals: ${cutText(cut)}`);
      unlisten();
      for (const link of unblock(network, cut)) park.transport.healed(link);
    });
  },
  draw(context) {
    const { budget, draw } = context;
    const { partition } = budget;
    const hosts = partition === true ? context.hosts : partition === false ? [] : (partition ?? []);
    if (hosts.length < 2 || draw(2) === 0) return [];
    return Array.from({ length: 1 + draw(2) }, () => {
      const from: string[] = [];
      const to: string[] = [];
      for (const host of hosts) (draw(2) === 0 ? from : to).push(host);
      if (from.length === 0) from.push(to.splice(draw(to.length), 1)[0] as string);
      if (to.length === 0) to.push(from.splice(draw(from.length), 1)[0] as string);
      const atMs = context.atMs();
      const oneWay = draw(2) === 0;
      return { kind: 'partition', from, to, oneWay, atMs, forMs: context.lengthMs(10_000) };
    });
  },
};
