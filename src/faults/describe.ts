// A fault in plain words, for people who were not there.

import { nameOf } from '../network/message.ts';
import { describeRequestFault } from './answers/table.ts';
import { describeBuggify } from './buggify.ts';
import { describeDiskFault, isDiskFault } from './disk-fault.ts';
import { isMessageFault, isRequestFault, type Fault, type MessageFault } from './fault.ts';
import { kindOf } from './kinds/table.ts';
import { msText, whenText } from './timed.ts';

/** What happens, in words: `dropped message (payments → orders, response to POST /charge #1)`. */
export function describeFault(fault: Fault): string {
  if (isMessageFault(fault)) return describeMessageFault(fault);
  if (isDiskFault(fault)) return describeDiskFault(fault);
  if (isRequestFault(fault)) return describeRequestFault(fault);
  if (fault.kind === 'buggify') return describeBuggify(fault);
  return kindOf(fault).describe(fault, whenText(fault));
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
      ? `, by ${msText(fault.byMs)}`
      : fault.kind === 'duplicate'
        ? `, again after ${msText(fault.afterMs)}`
        : '';
  return `${PAST[fault.kind]} (${where}${by})`;
}
