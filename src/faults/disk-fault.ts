// Faults that befall single operations on a disk: which there are, and what each of them says of itself. What
// they do to the disk is the business of storage.

import { OptionError } from '../errors.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import { checkHost, checkHostList, checkTimes, msText, type Draw, type Loose } from './timed.ts';

/** Names one operation: the `nth` (from 1) of its kind on that path of that host, in all its incarnations. */
export interface DiskRef {
  readonly host: string;
  /** `sync` is `fsync` and `fdatasync`, of a file or a folder; `create` that of a file. */
  readonly operation: 'read' | 'write' | 'sync' | 'create' | 'makeFolder';
  /** An absolute path without links; `disk:` and the key for `host.disk`. */
  readonly path: string;
  readonly nth: number;
}

/** A write takes fewer bytes than it was given, and says so. */
export interface ShortWriteFault extends DiskRef {
  readonly kind: 'shortWrite';
  /** How many bytes are taken. */
  readonly bytes: number;
}
/** The disk is full for one operation: `ENOSPC`. */
export interface NoSpaceFault extends DiskRef {
  readonly kind: 'noSpace';
}
/** An operation fails with `EIO`. After a sync that fails, no later sync makes durable what it did not. */
export interface IoErrorFault extends DiskRef {
  readonly kind: 'ioError';
  /** For a sync: what was not durable is gone at once, and reads as it was before. */
  readonly drops?: boolean;
}
/** A sync takes `byMs` longer. Only those that do not hold the thread: the others take no virtual time. */
export interface SlowSyncFault extends DiskRef {
  readonly kind: 'slowSync';
  readonly byMs: number;
}
/** A read gives one bit wrong. */
export interface FlippedBitFault extends DiskRef {
  readonly kind: 'flippedBit';
  /** Which bit of the bytes that are read, from 0; counted over again at their end. */
  readonly bit: number;
}
/** A read gives what was there before the last write. */
export interface StaleReadFault extends DiskRef {
  readonly kind: 'staleRead';
}
/** A write is acknowledged and never made. The file has the length, and the bytes of before, or zeros. */
export interface LostWriteFault extends DiskRef {
  readonly kind: 'lostWrite';
}
/** A write is made at another place of the file, or to another key of `host.disk`. */
export interface MisdirectedWriteFault extends DiskRef {
  readonly kind: 'misdirectedWrite';
  /** How many bytes off. What does not lie in the file is lost. */
  readonly byBytes: number;
}

/** A fault that befalls a single operation on a disk. */
export type DiskFault =
  | ShortWriteFault
  | NoSpaceFault
  | IoErrorFault
  | SlowSyncFault
  | FlippedBitFault
  | StaleReadFault
  | LostWriteFault
  | MisdirectedWriteFault;

/** Disk faults that strike at random: each operation of a fitting kind is drawn for separately. */
export interface DiskChance {
  readonly kind: DiskFault['kind'];
  /** Probability for each operation, from 0 to 1. */
  readonly rate: number;
  readonly hosts: readonly string[];
  /** For `slowSync`: the longest time drawn, in virtual milliseconds. Default 1,000. */
  readonly msMax?: number;
}

/** Which operations a kind befalls. Where several kinds hit one operation, the first one listed wins. */
export const DISK_KINDS: Readonly<Record<DiskFault['kind'], readonly DiskRef['operation'][]>> = {
  ioError: ['read', 'write', 'sync'],
  noSpace: ['write', 'create', 'makeFolder'],
  shortWrite: ['write'],
  lostWrite: ['write'],
  misdirectedWrite: ['write'],
  staleRead: ['read'],
  flippedBit: ['read'],
  slowSync: ['sync'],
};

/** Their names, in the order in which a plan draws them. */
export const DISK_KIND_NAMES: readonly DiskFault['kind'][] = Object.keys(DISK_KINDS) as DiskFault['kind'][];

const RATES: readonly number[] = [0.01, 0.03, 0.1, 0.3];
const SYNC_MS_MAX: readonly number[] = [20, 200, 2_000, 20_000];

/** Tells a disk fault from the others. */
export function isDiskFault(fault: { readonly kind: string }): fault is DiskFault {
  return Object.hasOwn(DISK_KINDS, fault.kind);
}

/** @throws {OptionError} If a disk fault is not one. */
export function checkDiskFault(at: string, fault: Loose, hosts: readonly string[]): void {
  checkHost(`${at}.host`, fault['host'], hosts);
  const operations = DISK_KINDS[fault['kind'] as DiskFault['kind']];
  if (!operations.includes(fault['operation'] as DiskRef['operation'])) {
    throw OptionError.expected(`${at}.operation`, operations.join(' or '), fault['operation']);
  }
  if (typeof fault['path'] !== 'string') throw OptionError.expected(`${at}.path`, 'a path', fault['path']);
  checkInteger(`${at}.nth`, fault['nth'], 1);
  if (fault['kind'] === 'shortWrite') checkInteger(`${at}.bytes`, fault['bytes'], 1);
  if (fault['kind'] === 'flippedBit') checkInteger(`${at}.bit`, fault['bit'], 0);
  if (fault['kind'] === 'misdirectedWrite') checkInteger(`${at}.byBytes`, fault['byBytes']);
  if (fault['kind'] === 'slowSync') checkTimes(at, fault, ['byMs']);
  if (!['boolean', 'undefined'].includes(typeof fault['drops'])) {
    throw OptionError.expected(`${at}.drops`, 'true or false', fault['drops']);
  }
}

function checkInteger(at: string, value: unknown, min = Number.NEGATIVE_INFINITY): void {
  if (Number.isSafeInteger(value) && (value as number) >= min) return;
  throw OptionError.expected(at, Number.isFinite(min) ? `an integer >= ${min}` : 'an integer', value);
}

/** @throws {OptionError} If the disk chances of a plan are none. */
export function checkDiskChances(at: string, chances: unknown, hosts: readonly string[]): void {
  if (!Array.isArray(chances)) throw OptionError.expected(at, 'a list of chances', chances);
  for (const [i, chance] of (chances as Loose[]).entries()) {
    if (typeof chance !== 'object' || chance === null || !isDiskFault(chance as { kind: string })) {
      throw OptionError.expected(`${at}[${i}].kind`, DISK_KIND_NAMES.join(' or '), chance);
    }
    const { rate } = chance;
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
      throw OptionError.expected(`${at}[${i}].rate`, 'a number from 0 to 1', rate);
    }
    checkHostList(`${at}[${i}].hosts`, chance['hosts'], hosts);
    if (chance['msMax'] !== undefined) checkedUsFromMs(`${at}[${i}].msMax`, chance['msMax']);
  }
}

/** Draws, for half of all plans each, how probable the kinds are that a budget allows, on which hosts. */
export function drawDiskChances(
  budget: Readonly<Partial<Record<DiskFault['kind'], readonly string[]>>> & {
    readonly survivable?: { readonly disksFaulty?: number };
  },
  { draw, spoilt }: { draw: Draw; spoilt: readonly string[] },
): DiskChance[] {
  const faulty = new Set(spoilt);
  const most = budget.survivable?.disksFaulty ?? Number.POSITIVE_INFINITY;
  return DISK_KIND_NAMES.flatMap((kind): DiskChance[] => {
    const allowed = budget[kind];
    if (allowed === undefined || allowed.length === 0 || draw(2) === 0) return [];
    const rate = RATES[draw(RATES.length)] as number;
    const msMax = kind === 'slowSync' ? { msMax: SYNC_MS_MAX[draw(SYNC_MS_MAX.length)] as number } : {};
    const first = draw(allowed.length);
    const hosts = [...allowed.slice(first), ...allowed.slice(0, first)].filter((host) => {
      if (kind !== 'slowSync' && (faulty.has(host) || faulty.size < most)) faulty.add(host);
      return kind === 'slowSync' || faulty.has(host);
    });
    return hosts.length === 0 ? [] : [{ kind, rate, hosts, ...msMax }];
  });
}

/** What happens, in words: `short write (orders, write to /data/log #2: took 7 bytes)`. */
export function describeDiskFault(fault: DiskFault): string {
  const { host, operation, path, nth } = fault;
  const where = `${host}, ${OPERATIONS[operation]} ${path} #${nth}`;
  switch (fault.kind) {
    case 'shortWrite':
      return `short write (${where}: took ${fault.bytes} ${fault.bytes === 1 ? 'byte' : 'bytes'})`;
    case 'noSpace':
      return `no space left on the disk, ENOSPC (${where})`;
    case 'ioError':
      return `disk error EIO (${where}${fault.drops === true ? ', the unsynced data dropped' : ''})`;
    case 'slowSync':
      return `slow sync (${where}, by ${msText(fault.byMs)})`;
    case 'flippedBit':
      return `flipped bit (${where}, bit ${fault.bit})`;
    case 'staleRead':
      return `stale read (${where})`;
    case 'lostWrite':
      return `lost write (${where})`;
    default:
      return `misdirected write (${where}, ${fault.byBytes} bytes off)`;
  }
}

const OPERATIONS: Readonly<Record<DiskRef['operation'], string>> = {
  read: 'read of',
  write: 'write to',
  sync: 'sync of',
  create: 'creation of',
  makeFolder: 'creation of folder',
};

/** Plainer forms, besides rounder times. */
export function* plainerDiskFaults(fault: DiskFault): Generator<DiskFault> {
  if (fault.nth > 1) yield { ...fault, nth: 1 };
  if (fault.nth > 2) yield { ...fault, nth: fault.nth - 1 };
  if (fault.kind === 'ioError' && fault.drops === true) {
    const { drops: _, ...without } = fault;
    yield without;
  }
  if (fault.kind === 'flippedBit' && fault.bit > 0) yield { ...fault, bit: 0 };
  if (fault.kind === 'shortWrite' && fault.bytes > 1) yield { ...fault, bytes: 1 };
  if (fault.kind === 'misdirectedWrite' && Math.abs(fault.byBytes) > 512) {
    yield { ...fault, byBytes: Math.sign(fault.byBytes) * 512 };
  }
}
