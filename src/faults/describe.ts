// A fault in plain words, for people who were not there.

import { nameOf } from '../network/message.ts';
import { isMessageFault, type Fault, type MessageFault } from './fault.ts';

/** What happens, in words: `dropped message (payments → orders, response to POST /charge #1)`. */
export function describeFault(fault: Fault): string {
  if (isMessageFault(fault)) return describeMessageFault(fault);
  if (fault.kind === 'partition') {
    const arrow = fault.oneWay ? '⇥' : '⇹';
    const sides = `${fault.from.join(', ')} ${arrow} ${fault.to.join(', ')}`;
    return `partition ${sides} at ${ms(fault.atMs)} for ${ms(fault.forMs)}`;
  }
  if (fault.kind === 'pause') return `pause of ${fault.host} at ${ms(fault.atMs)} for ${ms(fault.forMs)}`;
  return `${fault.kind} of ${fault.host} at ${ms(fault.atMs)}, back ${ms(fault.downMs)} later`;
}

const PAST: Readonly<Record<MessageFault['kind'], string>> = {
  drop: 'dropped message',
  reset: 'reset connection',
  refuse: 'refused connection',
  duplicate: 'duplicated message',
  delay: 'delayed message',
};

function describeMessageFault(fault: MessageFault): string {
  const where = `${fault.from} → ${fault.to}, ${nameOf(fault.message, fault.label, fault.nth)}`;
  const by =
    fault.kind === 'delay'
      ? `, by ${ms(fault.byMs)}`
      : fault.kind === 'duplicate'
        ? `, again after ${ms(fault.afterMs)}`
        : '';
  return `${PAST[fault.kind]} (${where}${by})`;
}

function ms(value: number): string {
  return `${Math.round(value * 1000) / 1000} ms`;
}
