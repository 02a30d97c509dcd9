// What a scenario does to its own system, through its world: such a run fails without a fault of a plan, but
// not without a fault.

import type { TraceEntry } from '../history/trace.ts';

const SHOWN_MAX = 3;
/** As the world notes what it is told to do to the network. */
const NETWORK = /^(?:partition|messages held): /;
/** What befalls a host only where somebody does it. */
const HOST_CHANGES: Readonly<Record<string, string>> = {
  crashed: 'crash of',
  stopping: 'stop of',
  paused: 'pause of',
};

/**
 * Says it in a few words: `partition a ⇹ b, pause of c`; nothing where the scenario leaves its system alone.
 * To be asked of a run whose plan has no faults: those would look the same.
 *
 * @param until - The last step that counts.
 */
export function ownDisturbances(trace: readonly TraceEntry[], until: number): string | undefined {
  const own: string[] = [];
  // A host that fails by itself says so in the same step.
  const failing = new Set<string>();
  for (const entry of trace) {
    if (entry.step > until) break;
    if (entry.kind === 'note') {
      if (entry.host === undefined && NETWORK.test(entry.text)) own.push(entry.text.replace(':', ''));
      if (entry.host !== undefined) failing.add(`${entry.step} ${entry.host}`);
    }
    if (entry.kind !== 'host') continue;
    const what = HOST_CHANGES[entry.change];
    if (what !== undefined && !failing.has(`${entry.step} ${entry.host}`)) own.push(`${what} ${entry.host}`);
  }
  const told = [...new Set(own)];
  if (told.length === 0) return undefined;
  const rest = told.length - SHOWN_MAX;
  return told.slice(0, SHOWN_MAX).join(', ') + (rest > 0 ? `, and ${rest} more` : '');
}

/** The line of a failure whose plan has no fault. */
export function noFaultLine(trace: readonly TraceEntry[], until: number): string {
  const own = ownDisturbances(trace, until);
  if (own === undefined) return 'it fails without any injected fault';
  return `it needs no fault of the plan; the scenario itself does this: ${own}`;
}
