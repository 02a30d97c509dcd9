// Turns the disk faults of a plan into verdicts about operations, and writes down which of them struck.

import { combine32, hashString } from '../random/hash.ts';
import type { KeyedRandom } from '../random/keyed.ts';
import { drawLosses, loseAll } from '../storage/cache-loss.ts';
import type { DiskCall, DiskVerdict, Interference } from '../storage/interference.ts';
import type { Loss, Pending } from '../storage/pending.ts';
import { usFromMs } from '../time/duration.ts';
import { DISK_KINDS, DISK_KIND_NAMES, isDiskFault } from './disk-fault.ts';
import type { DiskChance, DiskFault, DiskRef } from './disk-fault.ts';
import type { FaultPlan } from './fault.ts';
import { isRandom } from './order.ts';
import type { Ledger } from './ledger.ts';

const SYNC_MS_MAX_DEFAULT = 1_000;
/** A misdirected write is off by a few sectors. */
const SECTOR_BYTES = 512;
const SECTORS_MAX = 8;
/** Where it is not known how many bytes are read. */
const BITS = 4_096;

/** The disks of one run that a plan is about. */
export interface DiskStorm {
  /** What befalls the disk of a host; undefined where nothing does. */
  of(host: string): Interference | undefined;
  /** The storm is over. */
  end(): void;
}

interface Options {
  readonly plan: FaultPlan;
  readonly random: KeyedRandom;
  readonly ledger: Ledger;
}

/** @returns undefined where the plan is about no disk, so that such a run pays nothing. */
export function compileDiskStorm(options: Options): DiskStorm | undefined {
  const { faults, diskChances = [] } = options.plan;
  const hosts = new Set(diskChances.flatMap((chance) => chance.hosts));
  for (const fault of faults) {
    if (isDiskFault(fault) || fault.kind === 'powerLoss' || fault.kind === 'diskFull') hosts.add(fault.host);
  }
  if (hosts.size === 0) return undefined;
  const disks = new Map([...hosts].map((host) => [host, new StormyDisk(host, options)]));
  return {
    of: (host) => disks.get(host),
    end: () => {
      for (const disk of disks.values()) disk.end();
    },
  };
}

/** What befalls the disk of one host. */
class StormyDisk implements Interference {
  readonly fills = new Set<() => void>();
  readonly #host: string;
  readonly #random: KeyedRandom;
  readonly #ledger: Ledger;
  readonly #takesAll: boolean;
  readonly #planned = new Map<string, DiskFault[]>();
  readonly #chances: readonly DiskChance[];
  #isOver = false;
  #losses = 0;

  constructor(host: string, { plan, random, ledger }: Options) {
    this.#host = host;
    this.#random = random;
    this.#ledger = ledger;
    this.#takesAll = !isRandom(plan.order);
    for (const fault of plan.faults) {
      if (!isDiskFault(fault) || fault.host !== host) continue;
      const key = keyOf(fault);
      this.#planned.set(key, [...(this.#planned.get(key) ?? []), fault]);
    }
    this.#chances = DISK_KIND_NAMES.flatMap((kind) =>
      (plan.diskChances ?? []).filter((chance) => chance.kind === kind && chance.hosts.includes(host)),
    );
  }

  end(): void {
    this.#isOver = true;
    this.fills.clear();
  }

  befall(call: DiskCall): DiskVerdict | undefined {
    const [full] = this.fills;
    if (full !== undefined && DISK_KINDS.noSpace.includes(call.operation as DiskRef['operation'])) {
      return { kind: 'fail', code: 'ENOSPC', drops: false, struck: full };
    }
    const fault = this.#faultFor(call, (kind) => kind !== 'slowSync');
    return fault === undefined ? undefined : this.#verdictOf(fault);
  }

  delayUs(call: DiskCall): number {
    const fault = this.#faultFor(call, (kind) => kind === 'slowSync');
    if (fault?.kind !== 'slowSync') return 0;
    this.#ledger.add(fault);
    return usFromMs(fault.byMs);
  }

  losses(pending: readonly Pending[]): Loss[] {
    if (this.#takesAll) return loseAll(pending);
    const key = hashString(`power ${this.#host} ${++this.#losses}`);
    return drawLosses(pending, this.#random, key);
  }

  #faultFor(call: DiskCall, isMeant: (kind: DiskFault['kind']) => boolean): DiskFault | undefined {
    if (this.#isOver) return undefined;
    const planned = this.#planned.get(keyOf(call))?.find(({ kind }) => isMeant(kind));
    if (planned !== undefined) return planned;
    for (const chance of this.#chances) {
      if (!isMeant(chance.kind)) continue;
      if (!DISK_KINDS[chance.kind].includes(call.operation as DiskRef['operation'])) continue;
      if (chance.kind === 'shortWrite' && call.bytes < 2) continue;
      const key = hashString(`${chance.kind} ${this.#host} ${call.operation} ${call.path}`);
      if (this.#random.chance(chance.rate, key, call.nth)) return this.#drawn(chance, call, key);
    }
    return undefined;
  }

  #drawn({ kind, msMax = SYNC_MS_MAX_DEFAULT }: DiskChance, call: DiskCall, key: number): DiskFault {
    const { operation, path, nth, bytes } = call;
    const ref: DiskRef = { host: this.#host, operation: operation as DiskRef['operation'], path, nth };
    const draw = (bound: number, which = 1): number => this.#random.below(bound, combine32(key, which), nth);
    switch (kind) {
      case 'shortWrite':
        return { kind, ...ref, bytes: 1 + draw(bytes - 1) };
      case 'ioError':
        return operation === 'sync' && draw(2) === 0 ? { kind, ...ref, drops: true } : { kind, ...ref };
      case 'slowSync':
        return { kind, ...ref, byMs: (1 + draw(usFromMs(msMax))) / 1000 };
      case 'flippedBit':
        return { kind, ...ref, bit: draw(bytes > 0 ? bytes * 8 : BITS) };
      case 'misdirectedWrite': {
        const byBytes = SECTOR_BYTES * (1 + draw(SECTORS_MAX)) * (draw(2, 2) === 0 ? 1 : -1);
        return { kind, ...ref, byBytes };
      }
      default:
        return { kind, ...ref };
    }
  }

  #verdictOf(fault: DiskFault): DiskVerdict | undefined {
    const struck = (): void => this.#ledger.add(fault);
    switch (fault.kind) {
      case 'ioError':
        return { kind: 'fail', code: 'EIO', drops: fault.drops === true, struck };
      case 'noSpace':
        return { kind: 'fail', code: 'ENOSPC', drops: false, struck };
      case 'shortWrite':
        return { kind: 'short', bytes: fault.bytes, struck };
      case 'flippedBit':
        return { kind: 'flip', bit: fault.bit, struck };
      case 'misdirectedWrite':
        return { kind: 'misdirect', byBytes: fault.byBytes, struck };
      case 'staleRead':
        return { kind: 'stale', struck };
      case 'lostWrite':
        return { kind: 'lose', struck };
      default:
        return undefined;
    }
  }
}

function keyOf({ operation, path, nth }: Pick<DiskCall, 'operation' | 'path' | 'nth'>): string {
  return `${operation} ${nth} ${path}`;
}
