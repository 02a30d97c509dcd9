// What faults that befall one link have in common: its ends, which links a budget allows, how they strike.

import { OptionError } from '../../errors.ts';
import type { LinkCondition } from '../../network/condition.ts';
import { usFromMs } from '../../time/duration.ts';
import type { LinkSelection } from '../budget.ts';
import type { TimedFault } from '../fault.ts';
import { checkTimes, type DrawContext, type Loose, type Storm, type Timed } from '../timed.ts';

/** A fault of one link. */
export interface LinkTimed extends Timed {
  /** Who sends: a host, or a client. */
  readonly from: string;
  /** Who receives. */
  readonly to: string;
  /** Virtual milliseconds for which it lasts. */
  readonly forMs: number;
}

/** The two ends of a link. */
export type LinkEnds = Pick<LinkTimed, 'from' | 'to'>;

/** @throws {OptionError} If the link, or how long it lasts, is none. */
export function checkLink(at: string, fault: Loose): void {
  for (const end of ['from', 'to']) {
    // Clients are sources and targets too, and have no names before a run.
    if (typeof fault[end] === 'string') continue;
    throw OptionError.expected(`${at}.${end}`, 'the name of a host or a client', fault[end]);
  }
  checkTimes(at, fault, ['forMs']);
}

/** @throws {OptionError} If it is no positive number. */
export function checkPositive(at: string, value: unknown): void {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return;
  throw OptionError.expected(at, 'a positive number', value);
}

/** The links that a budget allows. */
export function linksAllowed(allowed: LinkSelection | undefined, hosts: readonly string[]): LinkEnds[] {
  if (allowed === undefined || allowed === false) return [];
  if (allowed === true) return hosts.flatMap((from) => othersThan(from, hosts).map((to) => ({ from, to })));
  return allowed.map((link) => {
    const [from = '', to = ''] = link.split(' -> ');
    return { from, to };
  });
}

function othersThan(host: string, hosts: readonly string[]): string[] {
  return hosts.filter((other) => other !== host);
}

/** Whether a budget allows a fault on its link. */
export function isOnAllowedLink({ from, to }: LinkEnds, allowed: unknown): boolean {
  return allowed === true || (Array.isArray(allowed) && allowed.includes(`${from} -> ${to}`));
}

/** Draws one to three faults on links that a budget allows, in half of all plans. */
export function drawForLinks<F>(
  { hosts, draw, oneOf }: DrawContext,
  allowed: LinkSelection | undefined,
  make: (ends: LinkEnds) => F,
): F[] {
  const links = linksAllowed(allowed, hosts);
  if (links.length === 0 || draw(2) === 0) return [];
  return Array.from({ length: 1 + draw(3) }, () => make(oneOf(links)));
}

/** Lets a condition befall the link of a fault while that lasts. It strikes when it loses or slows any. */
export function befall(
  fault: TimedFault & LinkTimed,
  storm: Storm,
  { condition, words }: { condition: LinkCondition; words: string },
): void {
  const { observer, transport } = storm.park;
  const link = transport.network.link(fault.from, fault.to);
  const watched: LinkCondition = {
    slowsUs(envelope, delayUs) {
      const slowUs = condition.slowsUs(envelope, delayUs);
      if (slowUs !== 0) storm.struck(fault);
      return slowUs;
    },
  };
  link.conditions.add(watched);
  observer.noted?.(`${words} begins: ${fault.from} ⇥ ${fault.to}`);
  storm.lasts(usFromMs(fault.forMs), `end of ${fault.kind}`, () => {
    link.conditions.delete(watched);
    observer.noted?.(`${words} ends: ${fault.from} ⇥ ${fault.to}`);
  });
}
