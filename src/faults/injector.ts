// Turns the message faults of a plan into verdicts, and writes down which of them really struck.

import type { Topic } from '../network/link.ts';
import type { Envelope, MessageKind } from '../network/message.ts';
import type { Injector } from '../network/network.ts';
import type { Verdict } from '../network/verdict.ts';
import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import { usFromMs } from '../time/duration.ts';
import { isMessageFault, type FaultChance, type FaultPlan, type MessageFault } from './fault.ts';
import { refOf, type Ledger } from './ledger.ts';

const DELAY_MS_MAX_DEFAULT = 1_000;
const HEADS: readonly MessageKind[] = ['request', 'response'];
/** Which messages a kind befalls. */
export const STRIKES: Readonly<Record<MessageFault['kind'], readonly MessageKind[]>> = {
  drop: [...HEADS, 'datagram', 'segment', 'connection'],
  reset: [...HEADS, 'segment'],
  refuse: ['request', 'connection'],
  duplicate: ['request', 'datagram'],
  delay: [...HEADS, 'datagram', 'chunk', 'segment', 'connection'],
};
/** Where several faults hit one message, the earlier kind wins. */
const ORDER: readonly MessageFault['kind'][] = ['drop', 'refuse', 'reset', 'duplicate', 'delay'];

/** What a plan holds for one topic. */
interface TopicPlan {
  readonly planned: ReadonlyMap<number, readonly MessageFault[]> | undefined;
  readonly chances: readonly { readonly chance: FaultChance; readonly key: number }[];
}

/** @returns undefined where the plan has no message faults, so that a calm run pays nothing. */
export function compileInjector(plan: FaultPlan, random: KeyedRandom, ledger: Ledger): Injector | undefined {
  const planned = groupByTopic(plan.faults.filter(isMessageFault));
  const chances = (plan.chances ?? []).toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  if (planned.size === 0 && chances.length === 0) return undefined;
  const topics = new Map<Topic, TopicPlan>();
  const planFor = (topic: Topic): TopicPlan => {
    let topicPlan = topics.get(topic);
    if (topicPlan === undefined) topics.set(topic, (topicPlan = compileTopic(topic, planned, chances)));
    return topicPlan;
  };
  return (envelope) => {
    const { planned: byNth, chances: applicable } = planFor(envelope.topic);
    const faults = byNth?.get(envelope.nth) ?? drawFaults(envelope, applicable, random);
    return faults === undefined ? undefined : verdictOf(envelope, faults, ledger);
  };
}

function groupByTopic(faults: readonly MessageFault[]): Map<string, Map<number, MessageFault[]>> {
  const topics = new Map<string, Map<number, MessageFault[]>>();
  for (const fault of faults) {
    const name = `${fault.from} -> ${fault.to} ${fault.message} ${fault.label}`;
    const byNth = topics.get(name) ?? new Map<number, MessageFault[]>();
    topics.set(name, byNth);
    byNth.set(fault.nth, [...(byNth.get(fault.nth) ?? []), fault]);
  }
  return topics;
}

function compileTopic(
  topic: Topic,
  planned: ReadonlyMap<string, ReadonlyMap<number, readonly MessageFault[]>>,
  chances: readonly FaultChance[],
): TopicPlan {
  const { source, target } = topic.link;
  const link = `${source} -> ${target}`;
  // What a host says to itself passes no network, unless a plan names that link.
  const isHit = (links: readonly string[] | undefined): boolean => links?.includes(link) ?? source !== target;
  return {
    planned: planned.get(`${link} ${topic.kind} ${topic.label}`),
    chances: chances
      .filter(({ kind, links }) => STRIKES[kind].includes(topic.kind) && isHit(links))
      .map((chance) => ({ chance, key: combine32(topic.key, hashString(chance.kind)) })),
  };
}

function drawFaults(
  envelope: Envelope,
  chances: TopicPlan['chances'],
  random: KeyedRandom,
): MessageFault[] | undefined {
  let drawn: MessageFault[] | undefined;
  for (const { chance, key } of chances) {
    if (chance.kind === 'refuse' && !envelope.mayRefuse) continue;
    if (!random.chance(chance.rate, key, envelope.nth)) continue;
    const ref = refOf(envelope.topic, envelope.nth);
    const us =
      1 + random.below(usFromMs(chance.msMax ?? DELAY_MS_MAX_DEFAULT), combine32(key, 1), envelope.nth);
    if (chance.kind === 'delay') (drawn ??= []).push({ kind: 'delay', ...ref, byMs: us / 1000 });
    else if (chance.kind === 'duplicate')
      (drawn ??= []).push({ kind: 'duplicate', ...ref, afterMs: us / 1000 });
    else (drawn ??= []).push({ kind: chance.kind, ...ref });
  }
  return drawn;
}

function verdictOf(envelope: Envelope, faults: readonly MessageFault[], ledger: Ledger): Verdict | undefined {
  let extraUs: number | undefined;
  let againAfterUs: number | undefined;
  for (const fault of faults) {
    if (fault.kind === 'delay') extraUs = usFromMs(fault.byMs);
    else if (fault.kind === 'refuse' && !envelope.mayRefuse) continue;
    else if (fault.kind !== 'duplicate') {
      ledger.add(fault);
      if (fault.kind === 'drop') return { kind: 'drop' };
      return { kind: 'fail', code: fault.kind === 'reset' ? 'ECONNRESET' : 'ECONNREFUSED' };
    } else if (envelope.mayDuplicate) {
      ledger.add(fault);
      againAfterUs = usFromMs(fault.afterMs);
    }
  }
  // The delay is written down by the transport: a partition may still stop the message.
  if (extraUs !== undefined) ledger.delays(envelope.topic, envelope.nth);
  if (extraUs === undefined && againAfterUs === undefined) return undefined;
  return againAfterUs === undefined
    ? { kind: 'deliver', extraUs }
    : { kind: 'deliver', extraUs, againAfterUs };
}
