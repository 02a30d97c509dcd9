// What the machines of a run share, and what makes one of them.

import type { Engine } from '../engine/engine.ts';
import type { Interference } from '../storage/interference.ts';
import type { Journal } from '../history/journal.ts';
import type { TrafficLog } from '../history/traffic.ts';
import type { Activities } from './activities.ts';
import type { AnswerPolicy } from './answering.ts';
import type { HostDefinition } from './definition.ts';
import type { HostMachine } from './machine.ts';
import type { Api } from './open-telemetry/load-api.ts';
import type { Observer } from './observer.ts';
import type { Transport } from './transport.ts';
import type { Variation } from './variation.ts';

/** What all machines of a run share. */
export interface MachinePark {
  readonly engine: Engine;
  readonly transport: Transport;
  readonly observer: Observer;
  readonly seed: number;
  readonly epochMs: number;
  /** What was noted once about the run. */
  readonly notes: Set<string>;
  /** The machine of that name: of a host, or of a client. */
  find(name: string): HostMachine | undefined;
  /** The machine with that address. */
  findByAddress(address: string): HostMachine | undefined;
  /** All machines of hosts and clients, in the order in which they were made. */
  machines(): HostMachine[];
  /** The names of the scenario's hosts. */
  names(): readonly string[];
  /** Whether a request with this method may arrive twice. */
  mayDuplicate(method: string): boolean;
  /** Answers for `buggify` in the code of a host; undefined where it is never true, as after the storm. */
  buggify?: ((host: string, name: string, probability: number) => boolean) | undefined;
  /** Decides what services do to requests in place of answering them. Absent where nothing is planned. */
  answers?: AnswerPolicy | undefined;
  /** What befalls the disk of a host. Absent where nothing is planned. */
  disks?: { of(host: string): Interference | undefined } | undefined;
  /** OpenTelemetry's API, where hosts find wavetank registered with it. */
  readonly openTelemetry?: Api | undefined;
  /** Knows what hosts are doing, and takes down what they write; only in runs that keep a journal. */
  readonly activities?: Activities | undefined;
  readonly journal?: Journal | undefined;
  /** Takes down requests and their answers; only in runs for which somebody asks. */
  readonly traffic?: TrafficLog | undefined;
  /** What of the programs varies besides faults. Absent in ordinary runs. */
  readonly variation?: Variation | undefined;
}

/** What makes a machine. */
export interface MachineOptions {
  readonly name: string;
  readonly id: number;
  /** The program that it boots first. */
  readonly definition: HostDefinition;
  /** The versions of its program, `definition` among them. Default: only that. */
  readonly versions?: readonly HostDefinition[] | undefined;
}
