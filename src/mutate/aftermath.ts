// What a run leaves behind that a check could have seen: what hosts expose, what is on their disks, what
// clients were told. Two runs are compared by it.

import path from 'node:path';
import type { Operation } from '../history/operation.ts';
import type { HostMachine } from '../host/machine.ts';
import { flatten } from './flatten.ts';

/** Values by where they are, as text: `orders exposes orders.o-1.status` is `"confirmed"`. */
export type Facts = ReadonlyMap<string, string>;

/** What is left of a run. */
export interface Aftermath {
  readonly exposed: Facts;
  readonly disks: Facts;
  readonly told: Facts;
}

/** Reads it, on the host of the scenario's own code, once nothing happens any more. */
export function aftermathOf(options: {
  readonly hosts: ReadonlyMap<string, HostMachine>;
  readonly operations: readonly Operation[];
  /** The folders of each host in which it wrote files. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}): Aftermath {
  const { hosts, operations, folders } = options;
  const exposed = new Map<string, string>();
  const disks = new Map<string, string>();
  for (const [name, machine] of hosts) {
    flatten(exposed, `${name} exposes`, { exports: viewsOf(machine) });
    flatten(disks, `on the disk of ${name}`, machine.disk.contents());
    for (const folder of folders.get(name) ?? []) readFolder(disks, machine, folder);
  }
  const told = new Map<string, string>();
  toldOf(told, operations);
  return { exposed, disks, told };
}

/**
 * What differs between two aftermaths, in words: `orders exposes charges: 1 → 2`.
 *
 * @param parts - What is compared.
 */
export function differences(
  before: Aftermath,
  after: Aftermath,
  parts: readonly (keyof Aftermath)[],
): string[] {
  return parts.flatMap((part) => {
    const [left, right] = [before[part], after[part]];
    const places = [...left.keys(), ...[...right.keys()].filter((place) => !left.has(place))];
    return places
      .filter((place) => left.get(place) !== right.get(place))
      .map((place) => `${place}: ${left.get(place) ?? 'nothing'} → ${right.get(place) ?? 'nothing'}`);
  });
}

/**
 * What a host exposes. Functions without parameters are views that were exposed to be called by checks;
 * what a program exports is its own code, and is not called.
 */
function viewsOf({ exports, versions, version }: HostMachine): unknown {
  if (exports === undefined || versions[version]?.kind === 'program') return exports;
  const isView = (value: unknown): value is () => unknown =>
    typeof value === 'function' && value.length === 0 && !isClass(value);
  const entries = Object.entries(exports).map(([name, value]) => [name, isView(value) ? seen(value) : value]);
  return Object.fromEntries(entries);
}

function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false;
}

function seen(view: () => unknown): unknown {
  try {
    return view();
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

function readFolder(facts: Map<string, string>, { files, name }: HostMachine, folder: string): void {
  const { volume } = files;
  for (const entry of volume.existsSync(folder) ? (volume.readdirSync(folder) as string[]) : []) {
    const at = path.posix.join(folder, entry);
    if (!volume.lstatSync(at).isFile()) continue;
    facts.set(`on the disk of ${name} ${at}`, shown(String(volume.readFileSync(at, 'utf8'))));
  }
}

/** What clients know: what went well, and what they still wait for. Attempts in vain left nothing behind. */
function toldOf(facts: Map<string, string>, operations: readonly Operation[]): void {
  const counts = new Map<string, number>();
  for (const { client, name, type, input, value } of operations) {
    if (type !== 'ok' && type !== 'pending') continue;
    const what = `${client} ${name}${inputText(input)}`;
    const nth = (counts.get(what) ?? 0) + 1;
    counts.set(what, nth);
    const place = nth === 1 ? what : `${what} #${nth}`;
    facts.set(`${place} ended`, type === 'ok' ? 'well' : 'not at all');
    if (type === 'ok' && value !== undefined) flatten(facts, `${place} gave`, value);
  }
}

function inputText(input: unknown): string {
  if (input === undefined || input === null) return '';
  try {
    return ` ${JSON.stringify(input)}`;
  } catch {
    return '';
  }
}

function shown(text: string): string {
  return JSON.stringify(text);
}
