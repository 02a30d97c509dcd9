// A host as the code of a scenario sees it.

import { OptionError } from '../errors.ts';
import type { HostMachine } from '../host/machine.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import { viewDisk, viewStore } from './state-views.ts';
import type { DiskHandle, JournalAccess, StoreHandle } from './state-views.ts';

/** A host, for scenarios and checks. */
export interface HostHandle {
  readonly name: string;
  readonly isUp: boolean;
  readonly isPaused: boolean;
  /** Which of its `versions` runs, or ran last, counted from 0. */
  readonly version: number;
  /** What the host published by `host.expose`; kept after a crash. `undefined` until the first time. */
  readonly exports: Record<string, unknown> | undefined;
  /** What it keeps on `host.disk`; after a crash, what is durable. */
  readonly disk: DiskHandle;
  /**
   * What it keeps by `host.store`.
   *
   * @param name - Default `state`.
   */
  store<State>(name?: string): StoreHandle<State>;
  /** The process dies at once. */
  crash(): void;
  /**
   * Boots the process again; one that runs is killed first.
   *
   * @param options.version - Which of its `versions` is booted, counted from 0. Default: the same again.
   * @returns when it is up.
   * @throws {OptionError} If it has no such version.
   */
  restart(options?: { version?: number }): Promise<void>;
  /** Asks the process to end. @param options.graceMs - When it is killed. Default 10,000. */
  stop(options?: { graceMs?: number }): Promise<void>;
  pause(): void;
  resume(): void;
}

/** Makes the handle of a host. */
export function createHostHandle(machine: HostMachine, journals: JournalAccess): HostHandle {
  return {
    name: machine.name,
    get isUp() {
      return machine.process === 'up';
    },
    get isPaused() {
      return machine.gate.isPaused;
    },
    get version() {
      return machine.version;
    },
    get exports() {
      return machine.exports;
    },
    disk: viewDisk(machine, journals),
    store: (name = 'state') => viewStore(machine, name, journals),
    crash: () => machine.crash(),
    restart: ({ version = machine.installed } = {}) => {
      if (machine.versions[version] === undefined)
        throw OptionError.expected('version', `the number of a version of ${machine.name}`, version);
      machine.crash();
      machine.install(version);
      return machine.boot();
    },
    stop: ({ graceMs = 10_000 } = {}) => machine.stop(checkedUsFromMs('graceMs', graceMs)),
    pause: () => machine.gate.pause(),
    resume: () => machine.gate.resume(),
  };
}
