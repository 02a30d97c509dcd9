// A machine loses its power: the process dies, and with it what the operating system had not written to the
// disk yet. A crash of the process alone leaves that to the operating system, which writes it.

import { OptionError } from '../../errors.ts';
import { areOrdered, type Loss } from '../../storage/pending.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkBudgetHosts, checkHost, checkTimes, drawForHosts, msText } from '../timed.ts';
import type { Loose, Timed, TimedKind } from '../timed.ts';

/** How many losses are told one by one. */
const TOLD_MAX = 6;

/** A machine loses its power and boots again `downMs` later. */
export interface PowerLossFault extends Timed {
  readonly kind: 'powerLoss';
  readonly host: string;
  readonly downMs: number;
  /**
   * What is lost of what was not synced; the rest is durable. Without it: drawn by the seed, or, in a calm
   * order, all of it.
   */
  readonly loses?: readonly Loss[];
}

/** See {@link PowerLossFault}. */
export const powerLossKind: TimedKind<PowerLossFault> = {
  kind: 'powerLoss',
  check(at, fault, hosts) {
    checkHost(`${at}.host`, fault['host'], hosts);
    checkTimes(at, fault, ['downMs']);
    checkLosses(`${at}.loses`, fault['loses'] ?? []);
  },
  checkBudget: checkBudgetHosts('powerLoss'),
  describe: ({ host, downMs, loses = [] }, at) => {
    const told = loses.slice(0, TOLD_MAX).map(describeLoss);
    if (loses.length > TOLD_MAX) told.push(`and ${loses.length - TOLD_MAX} more`);
    return [`power loss of ${host} ${at}, back ${msText(downMs)} later`, ...told].join('; ');
  },
  strike(fault, storm) {
    const machine = storm.machine(fault.host);
    if (machine === undefined) return;
    const wasDown = machine.process === 'down';
    const loses = machine.losePower(fault.loses);
    if (wasDown && loses.length === 0) return;
    storm.struck(fault, { ...fault, loses });
    if (!wasDown) storm.later(usFromMs(fault.downMs), 'boot', () => void machine.boot());
  },
  toll: ({ host, downMs }) => ({ down: [{ host, forMs: downMs }], kills: [host] }),
  draw: (context) =>
    drawForHosts(context, context.budget.powerLoss, (host) => ({
      kind: 'powerLoss',
      host,
      atMs: context.atMs(),
      downMs: context.lengthMs(10_000),
    })),
  *plainer(fault) {
    const { loses = [] } = fault;
    if (loses.length > 0) yield { ...fault, loses: [] };
    for (let size = Math.ceil(loses.length / 2); size >= 1 && loses.length > 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < loses.length; from += size) {
        const fewer = withoutStretch(loses, from, size);
        if (fewer !== undefined) yield { ...fault, loses: fewer };
      }
    }
  },
};

/** Fewer losses; undefined where one that is left out could not have come through without the others. */
function withoutStretch(loses: readonly Loss[], from: number, size: number): readonly Loss[] | undefined {
  const kept = loses.slice(from, from + size);
  const lost = [...loses.slice(0, from), ...loses.slice(from + size)];
  const cannotBe = kept.some((later, i) =>
    loses.slice(0, from + i).some((loss) => lost.includes(loss) && needs(later, loss)),
  );
  return cannotBe ? undefined : lost;
}

/** Whether what one of them lost needs what an earlier one lost. */
function needs(later: Loss, earlier: Loss): boolean {
  const isContent = ({ operation }: Loss): boolean => operation === 'write' || operation === 'truncate';
  if (isContent(later) !== isContent(earlier)) return false;
  if (isContent(later)) return earlier.operation === 'truncate' && earlier.path === later.path;
  return areOrdered(later, earlier);
}

/** In words: `lost unsynced write to /data/wal.log (bytes 0–120)`. */
export function describeLoss({ operation, path, to, fromByte, toByte, leavesZeros }: Loss): string {
  switch (operation) {
    case 'write': {
      const bytes = fromByte === undefined ? '' : ` (bytes ${fromByte}–${toByte ?? '…'})`;
      return `lost unsynced write to ${path}${bytes}${leavesZeros === true ? ', which left zeros' : ''}`;
    }
    case 'truncate':
      return `lost unsynced truncation of ${path}`;
    case 'create':
    case 'makeFolder':
      return `lost ${path}, whose entry in its folder was not synced`;
    case 'remove':
    case 'removeFolder':
      return `lost unsynced removal of ${path}`;
    case 'rename':
    case 'link':
      return `lost unsynced ${operation} of ${path} to ${to ?? '?'}`;
    default:
      return `lost ${operation} of ${path}`;
  }
}

function checkLosses(at: string, loses: unknown): void {
  if (!Array.isArray(loses)) throw OptionError.expected(at, 'a list of losses', loses);
  for (const [i, loss] of (loses as (Loose | null)[]).entries()) {
    if (typeof loss?.['path'] !== 'string' || typeof loss['operation'] !== 'string') {
      throw OptionError.expected(`${at}[${i}]`, 'a loss: { operation, path, nth }', loss);
    }
    for (const name of ['nth', 'fromByte', 'toByte']) {
      const value = loss[name];
      if (name !== 'nth' && value === undefined) continue;
      if (!Number.isSafeInteger(value) || (value as number) < 0) {
        throw OptionError.expected(`${at}[${i}].${name}`, 'an integer >= 0', value);
      }
    }
  }
}
