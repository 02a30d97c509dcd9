// The machine that a host runs on, as node:os describes it: the same whatever machine the simulation runs on,
// but for what paths and packages depend on (`platform`, `arch`, `EOL`, `type`, `machine`, `endianness`).

import os from 'node:os';
import process from 'node:process';
import { HOST_USER_ID } from '../storage/file-stat.ts';
import type { HostContext } from './context.ts';
import { dispatch, type Patch, patchMethod, refuseAsNode } from './patch.ts';

const GIBIBYTE = 2 ** 30;
const PROCESSORS = 2;
const MODEL = 'wavetank virtual CPU';

/** Where the user of a host lives; there on each host's disk. */
const HOME = '/home/node';

const PRIORITY_LOWEST = 19;
const PRIORITY_HIGHEST = -20;

/** Patches node:os, and the ids of the user on `process`. */
export function osPatches(): Patch[] {
  const method = (key: string, virtual: (host: HostContext, args: unknown[]) => unknown): Patch =>
    patchMethod(`os.${key}`, os, key, (original) => dispatch(original, virtual));
  return [
    method('hostname', (host) => host.name),
    method('homedir', (host) => host.process.env?.['HOME'] ?? HOME),
    method('tmpdir', (host) => temporaryFolder(host)),
    method('loadavg', () => [0, 0, 0]),
    method('totalmem', () => 4 * GIBIBYTE),
    method('freemem', () => 2 * GIBIBYTE),
    method('availableParallelism', () => PROCESSORS),
    method('cpus', (host) => Array.from({ length: PROCESSORS }, () => processor(host))),
    method('release', () => '6.1.0'),
    method('version', () => '#1 SMP wavetank'),
    method('networkInterfaces', networkInterfaces),
    method('userInfo', (_host, [options]) =>
      userInfo((options as { encoding?: unknown } | undefined)?.encoding),
    ),
    ...priorityPatches(),
    ...['getuid', 'geteuid', 'getgid', 'getegid']
      .filter((key) => key in process)
      .map((key) =>
        patchMethod(`process.${key}`, process, key, (original) => dispatch(original, () => HOST_USER_ID)),
      ),
  ];
}

function temporaryFolder({ process: { env } }: HostContext): string {
  const given = env?.['TMPDIR'] ?? env?.['TMP'] ?? env?.['TEMP'] ?? '';
  return given === '' ? '/tmp' : given.replace(/(?<=.)\/$/, '');
}

function processor(host: HostContext): os.CpuInfo {
  const idle = Math.floor(host.clock.monotonicUs() / 1000);
  return { model: MODEL, speed: 2000, times: { user: 0, nice: 0, sys: 0, idle, irq: 0 } };
}

function networkInterfaces(host: HostContext): NodeJS.Dict<os.NetworkInterfaceInfo[]> {
  const { address } = host.names;
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return {
    lo: [inFour('127.0.0.1', 8, '00:00:00:00:00:00', true)],
    eth0: [inFour(address, 16, `02:00:${bytes.join(':')}`, false)],
  };
}

function inFour(address: string, prefix: 8 | 16, mac: string, internal: boolean): os.NetworkInterfaceInfo {
  const netmask = prefix === 8 ? '255.0.0.0' : '255.255.0.0';
  return { address, netmask, family: 'IPv4', mac, internal, cidr: `${address}/${prefix}` };
}

function userInfo(encoding: unknown): object {
  const shown = (text: string): string | Buffer => (encoding === 'buffer' ? Buffer.from(text) : text);
  return {
    uid: HOST_USER_ID,
    gid: HOST_USER_ID,
    username: shown('node'),
    homedir: shown(HOME),
    shell: shown('/bin/sh'),
  };
}

/** Priorities are remembered and mean nothing: virtual time does not know of load. */
function priorityPatches(): Patch[] {
  const priorities = new WeakMap<HostContext, Map<number, number>>();
  const isId = (pid: unknown): boolean =>
    pid === undefined || (Number.isInteger(pid) && typeof pid === 'number');
  return [
    patchMethod('os.getPriority', os, 'getPriority', (original) =>
      dispatch(original, (host, args) => {
        if (!isId(args[0])) refuseAsNode(original, os, args);
        return priorities.get(host)?.get(idOf(host, args[0])) ?? 0;
      }),
    ),
    patchMethod('os.setPriority', os, 'setPriority', (original) =>
      dispatch(original, (host, args) => {
        const [pid, priority] = args.length < 2 ? [undefined, args[0]] : args;
        const isSound =
          isId(pid) &&
          Number.isInteger(priority) &&
          (priority as number) >= PRIORITY_HIGHEST &&
          (priority as number) <= PRIORITY_LOWEST;
        if (!isSound) refuseAsNode(original, os, args);
        const known = priorities.get(host) ?? new Map<number, number>();
        priorities.set(host, known.set(idOf(host, pid), priority as number));
      }),
    ),
  ];
}

/** Zero is the process itself. */
function idOf(host: HostContext, pid: unknown): number {
  return pid === undefined || pid === 0 ? host.process.pid : (pid as number);
}
