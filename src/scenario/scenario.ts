// A scenario: what its author writes, and what it is once it was checked.

import type { Arbitrary } from 'fast-check';
import type { ServiceLevel } from '../checkers/levels/level.ts';
import type { CheckedLimits, Limits } from '../engine/limits.ts';
import type { FaultBudget } from '../faults/budget.ts';
import type { HostDefinition } from '../host/definition.ts';
import type { Latency } from '../network/latency.ts';
import type { LinkOptions } from '../network/network.ts';
import type { Check, EventualCheck } from './check.ts';
import type { ReportOptions } from './report-options.ts';
import type { World } from './world.ts';

/** The network of a scenario. */
export interface NetworkOptions {
  /** How long messages take. Default `latency.constant(1)`. */
  readonly latency?: Latency;
  /** Share of segments lost, 0 to 1: a delay for a stream, the end for a datagram. Default 0. */
  readonly loss?: number;
  /** Megabits per second that pass on each link: bytes wait for those before them. Default: unlimited. */
  readonly bandwidthMbps?: number;
  /**
   * How many bytes may wait on a link of limited bandwidth. A datagram that finds the queue full is lost; TCP
   * holds back what does not fit. Default: unlimited.
   */
  readonly queueBytes?: number;
  /** What differs on single links, by `'source -> target'`. */
  readonly links?: Readonly<Record<string, LinkOptions>>;
  /**
   * Methods whose requests may arrive twice, because something on the way may send them again.
   * Default: the idempotent ones of RFC 9110 (GET, HEAD, OPTIONS, TRACE, PUT, DELETE).
   */
  readonly mayDuplicate?: readonly string[];
}

/** A scenario as its author writes it. */
export interface ScenarioOptions<Workload> {
  readonly name: string;
  readonly tags?: readonly string[];
  /** The hosts, by the name under which others reach them. */
  readonly hosts: Readonly<Record<string, HostDefinition>>;
  /**
   * The versions of a host's program, oldest first: `{ orders: [v1, v2] }`. It begins with the first, or with
   * the one that `hosts` names; the fault `upgrade` boots another one. Default: hosts have one version.
   */
  readonly versions?: Readonly<Record<string, readonly HostDefinition[]>>;
  readonly network?: NetworkOptions;
  /** Which faults may happen; see `swarm`. Default: none. */
  readonly faults?: FaultBudget;
  /** Generates the input of `drive`. Default: nothing. */
  readonly workload?: Arbitrary<Workload>;
  /** Does the work, as the clients of the system. The run is over some time after it resolved. */
  drive(world: World, workload: Workload): Promise<void> | void;
  /** Must hold after every step. */
  readonly always?: Readonly<Record<string, Check>>;
  /** Must not hold after any step. */
  readonly never?: Readonly<Record<string, Check>>;
  /** Must come true after faults stopped and everything healed. */
  readonly eventually?: Readonly<Record<string, EventualCheck>>;
  /**
   * Asked once, at the end of a run in which nothing else was wrong: for judging the history as a whole,
   * which would cost too much after every step.
   */
  readonly finally?: Readonly<Record<string, Check>>;
  /** Must be reached in some run: by a marker, or by a check that comes true. */
  readonly sometimes?: readonly string[] | Readonly<Record<string, Check>>;
  /**
   * What the system is in now, in plain data that leaves out what does not matter: what each replica holds,
   * who leads. Searches take it for new behaviour when it is new, and for no news what they saw before. An
   * exhaustive search goes further: it takes two runs to go on alike where the state, the operations so far
   * and what is on its way are alike, and `always` and `never` to depend on nothing else. Default: nothing is
   * known of it.
   *
   * Must not change anything, as a check must not.
   */
  state?(world: World): unknown;
  /** Hosts whose uncaught errors are part of the plan: they crash the host, and do not fail the run. */
  readonly expectUncaught?: readonly string[];
  /** Longest virtual time, in milliseconds, for which faults strike. Default 10,000. */
  readonly stormMs?: number;
  /** Virtual milliseconds for which the run goes on after healing while hosts keep working. Default 5,000. */
  readonly calmMs?: number;
  /**
   * Whether every run keeps a journal of what hosts write, which checks then may read (`store().at(step)`,
   * `store().journal`). It costs some time. Default false: only where a run is recorded, for its report.
   */
  readonly journal?: boolean;
  /**
   * Whether every run keeps how long requests and operations took, which checks then may read
   * (`world.traffic`). Default: where a service level is among the checks.
   */
  readonly traffic?: boolean;
  /**
   * What the runs of an exploration must keep together: `expectLatency` and its like, of
   * `wavetank/checkers`. One run alone does not break them.
   */
  readonly serviceLevels?: readonly ServiceLevel[];
  /**
   * Whether hosts find a tracer provider, a context manager and a W3C propagator registered with
   * `@opentelemetry/api`, as if an SDK had been loaded before them: their own spans are then in the trace of
   * a recorded run, and their ids travel in headers. Default false: as in production, a program that nobody
   * gave an SDK has spans that do nothing; one that brings an SDK has its own in both cases.
   */
  readonly openTelemetry?: boolean;
  readonly limits?: Limits;
  /** What reports and messages may show: which names stand for secrets. */
  readonly report?: ReportOptions;
  /** The wall-clock time at which runs begin, in milliseconds since 1970. Default: the start of 2024, UTC. */
  readonly epochMs?: number;
}

/** A scenario that was checked; made by `defineScenario`. */
export interface Scenario<Workload = unknown> {
  readonly kind: 'scenario';
  readonly name: string;
  readonly tags: readonly string[];
  readonly hosts: ReadonlyMap<string, HostDefinition>;
  /** The versions of those hosts that have several. */
  readonly versions: ReadonlyMap<string, readonly HostDefinition[]>;
  readonly network: {
    readonly latency: Latency;
    readonly loss: number;
    readonly bandwidthMbps?: number;
    readonly queueBytes?: number;
    readonly overrides: ReadonlyMap<string, LinkOptions>;
    readonly mayDuplicate: ReadonlySet<string>;
  };
  readonly faults: FaultBudget | undefined;
  readonly workload: Arbitrary<Workload> | undefined;
  drive(world: World, workload: Workload): Promise<void> | void;
  readonly always: ReadonlyMap<string, Check>;
  readonly never: ReadonlyMap<string, Check>;
  readonly eventually: ReadonlyMap<string, { readonly withinUs: number; readonly check: Check }>;
  readonly finally: ReadonlyMap<string, Check>;
  readonly sometimes: ReadonlyMap<string, Check | undefined>;
  readonly state: ((world: World) => unknown) | undefined;
  readonly expectUncaught: ReadonlySet<string>;
  readonly stormUs: number;
  readonly calmUs: number;
  readonly keepsJournal: boolean;
  readonly keepsTraffic: boolean;
  readonly serviceLevels: readonly ServiceLevel[];
  readonly openTelemetry: boolean;
  readonly limits: CheckedLimits;
  readonly epochMs: number;
  readonly report: ReportOptions;
  /** The file that defined it, for the replay line. */
  readonly file: string | undefined;
  /** The line there. */
  readonly line: number | undefined;
}
