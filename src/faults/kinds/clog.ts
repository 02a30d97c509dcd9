// One link is clogged: nothing passes from one host to another, while everything else works.

import { OptionError } from '../../errors.ts';
import { block, linksOf, unblock, type Cut } from '../../network/partition.ts';
import { usFromMs } from '../../time/duration.ts';
import type { LinkSelection } from '../budget.ts';
import { checkLinks } from '../check-links.ts';
import { checkTimes, msText } from '../timed.ts';
import type { DrawContext, Timed, TimedKind } from '../timed.ts';

/** Nothing passes on one link for a while; datagrams are lost, and TCP sends again afterwards. */
export interface ClogFault extends Timed {
  readonly kind: 'clog';
  /** A host, or a client. */
  readonly from: string;
  readonly to: string;
  /** Virtual milliseconds until it passes messages again. */
  readonly forMs: number;
}

/** The most links that one sequence clogs. */
const LINKS_MAX = 4;
/** The longest time between one link and the next, in milliseconds. */
const GAP_MS_MAX = 1_000;

/** See {@link ClogFault}. It strikes when a message meets it. */
export const clogKind: TimedKind<ClogFault> = {
  kind: 'clog',
  check(at, fault) {
    for (const end of ['from', 'to']) {
      // Clients are sources and targets too, and have no names before a run.
      if (typeof fault[end] === 'string') continue;
      throw OptionError.expected(`${at}.${end}`, 'the name of a host or a client', fault[end]);
    }
    checkTimes(at, fault, ['forMs']);
  },
  checkBudget: (allowed, hosts) => checkLinks('faults.clog', allowed, hosts),
  describe: ({ from, to, forMs }, at) => `clogged link ${from} ⇥ ${to} ${at} for ${msText(forMs)}`,
  strike(fault, storm) {
    const { observer, transport } = storm.park;
    const cut: Cut = { from: [fault.from], to: [fault.to], isOneWay: true };
    const links = linksOf(transport.network, cut);
    block(transport.network, cut);
    observer.noted?.(`link clogged: ${fault.from} ⇥ ${fault.to}`);
    const unlisten = storm.listen({
      blocked: (link) => {
        if (links.includes(link)) storm.struck(fault);
      },
    });
    for (const link of links) transport.blocked(link);
    storm.lasts(usFromMs(fault.forMs), 'unclog', () => {
      unlisten();
      observer.noted?.(`link unclogged: ${fault.from} ⇥ ${fault.to}`);
      for (const link of unblock(transport.network, cut)) transport.healed(link);
    });
  },
  draw: drawSequence,
  toll: ({ from, to, forMs }) => ({ cuts: { links: [`${from} -> ${to}`], forMs } }),
  isAllowed: ({ from, to }, allowed) =>
    allowed === true || (Array.isArray(allowed) && allowed.includes(`${from} -> ${to}`)),
};

/** Clogs a few links one by one, and unclogs them one by one: some at the same time, some in turn. */
function drawSequence(context: DrawContext): ClogFault[] {
  const { budget, draw } = context;
  const rest = linksAllowed(budget.clog, context.hosts);
  if (rest.length === 0 || draw(2) === 0) return [];
  const faults: ClogFault[] = [];
  let atMs = context.atMs();
  for (let left = 1 + draw(LINKS_MAX); left > 0 && rest.length > 0; left--) {
    const [from = '', to = ''] = rest.splice(draw(rest.length), 1)[0]?.split(' -> ') ?? [];
    if (atMs > context.horizonMs) break;
    faults.push({ kind: 'clog', from, to, atMs, forMs: context.cutMs() });
    atMs = Math.round((atMs + context.lengthMs(GAP_MS_MAX)) * 1000) / 1000;
  }
  return faults;
}

function linksAllowed(allowed: LinkSelection | undefined, hosts: readonly string[]): string[] {
  if (allowed === undefined || allowed === false) return [];
  if (allowed !== true) return [...allowed];
  return hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => `${from} -> ${to}`));
}
