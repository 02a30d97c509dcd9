// Checks what a user says about a system, so that a mistake in it is found before anything runs.

import type { Arbitrary } from 'fast-check';
import { checkLimits } from '../engine/limits.ts';
import { OptionError, checkKeys, nearMiss } from '../errors.ts';
import { checkBudget } from '../faults/budget.ts';
import type { HostDefinition } from '../host/definition.ts';
import { latency, type Latency } from '../network/latency.ts';
import type { LinkOptions } from '../network/network.ts';
import { checkedUsFromMs } from '../time/duration.ts';
import { EPOCH_MS_DEFAULT } from '../time/host-clock.ts';
import { callerLine } from '../engine/call-site.ts';
import type { Check, EventualCheck } from './check.ts';
import { checkLevels, hasLevels } from './levels.ts';
import { checkReportOptions } from './report-options.ts';
import type { NetworkOptions, Scenario, ScenarioOptions } from './scenario.ts';
import { checkVersions, knowingVersions, withVersions } from './versions.ts';

const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const KNOWN: readonly string[] = [
  ...['name', 'tags', 'hosts', 'versions', 'network', 'faults', 'workload', 'drive'],
  ...['always', 'never', 'eventually', 'finally', 'sometimes', 'state'],
  ...['expectUncaught', 'stormMs', 'calmMs', 'journal', 'traffic', 'serviceLevels', 'openTelemetry'],
  ...['limits', 'epochMs', 'report'],
];
/** Names that mean something else. */
const RESERVED: ReadonlySet<string> = new Set(['driver', 'localhost', '127.0.0.1']);
const IDEMPOTENT: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/**
 * Defines a scenario: a system of hosts, what may go wrong, what clients do, and what must hold.
 *
 * @throws {OptionError} If something in it is missing, unknown or out of range; nothing has run then.
 * @example
 * const scenario = defineScenario({
 *   name: 'greeting',
 *   hosts: { greeter: handler(() => () => new Response('hello')) },
 *   async drive(world) {
 *     await world.client('guest', async (client) => {
 *       await client.operation('greet', null, () => fetch('http://greeter/'));
 *     });
 *   },
 * });
 */
export function defineScenario<Workload = undefined>(options: ScenarioOptions<Workload>): Scenario<Workload> {
  checkKeys('scenario', options, KNOWN);
  if (typeof options.name !== 'string' || options.name === '') {
    throw OptionError.expected('name', 'a non-empty string', options.name);
  }
  if (typeof options.drive !== 'function') {
    throw OptionError.expected('drive', 'a function', Reflect.get(options, 'drive'));
  }
  const versions = checkVersions(options.versions);
  const hosts = checkHosts(withVersions(options.hosts, versions));
  const names = [...hosts.keys()];
  const marked = checkSometimes(options.sometimes);
  const place = callerLine();
  const scenario: Scenario<Workload> = {
    kind: 'scenario',
    name: options.name,
    tags: checkStrings('tags', options.tags ?? [], 'a list of strings'),
    hosts,
    versions,
    network: checkNetwork(options.network ?? {}, names),
    faults:
      options.faults === undefined
        ? undefined
        : knowingVersions(checkBudget(options.faults, names, markersOf(marked)), versions),
    workload: checkWorkload(options.workload),
    drive: (world, workload) => options.drive(world, workload),
    always: checkChecks('always', options.always),
    never: checkChecks('never', options.never),
    eventually: checkEventually(options.eventually),
    finally: checkChecks('finally', options.finally),
    sometimes: marked,
    state: checkState(options),
    expectUncaught: new Set(knownHosts('expectUncaught', options.expectUncaught ?? [], names)),
    stormUs: checkedUsFromMs('stormMs', options.stormMs ?? 10_000),
    calmUs: checkedUsFromMs('calmMs', options.calmMs ?? 5_000),
    keepsJournal: checkFlag('journal', options.journal ?? false),
    keepsTraffic: checkFlag('traffic', options.traffic ?? hasLevels(options)),
    serviceLevels: checkLevels(options.serviceLevels ?? []),
    openTelemetry: checkFlag('openTelemetry', options.openTelemetry ?? false),
    limits: checkLimits(options.limits),
    epochMs: checkEpoch(options.epochMs ?? EPOCH_MS_DEFAULT),
    report: Object.freeze({ ...checkReportOptions(options.report ?? {}) }),
    file: place?.file,
    line: place?.line,
  };
  return Object.freeze(scenario);
}

/** Tells whether a value came from {@link defineScenario}, of this copy of the package or of another. */
export function isScenario(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'scenario';
}

/** @throws {OptionError} If a name is not among the hosts. */
export function knownHosts(
  option: string,
  names: readonly string[],
  known: readonly string[],
): readonly string[] {
  if (!Array.isArray(names)) throw OptionError.expected(option, 'a list of host names', names);
  for (const name of names) {
    if (!known.includes(name))
      throw new OptionError(`${option}: unknown host "${name}"${nearMiss(name, known)}`);
  }
  return names;
}

function checkHosts(hosts: unknown): ReadonlyMap<string, HostDefinition> {
  if (typeof hosts !== 'object' || hosts === null)
    throw OptionError.expected('hosts', 'an object of hosts by name', hosts);
  const checked = new Map<string, HostDefinition>();
  for (const [name, definition] of Object.entries(hosts)) {
    const lower = name.toLowerCase();
    if (checked.has(lower))
      throw new OptionError(`Duplicate host "${name}": host names do not depend on case.`);
    if (!HOST_NAME.test(name) || RESERVED.has(name)) {
      throw OptionError.expected(
        `hosts["${name}"]`,
        'named as in a URL: lower-case letters, digits, "-" and "."',
        name,
      );
    }
    if (typeof (definition as HostDefinition | undefined)?.boot !== 'function') {
      const hint = 'Make it with handler(), daemon() or virtualService().';
      throw OptionError.expected(`hosts.${name}`, 'a host definition', definition, hint);
    }
    checked.set(lower, definition as HostDefinition);
  }
  return checked;
}

function checkNetwork(network: NetworkOptions, names: readonly string[]): Scenario['network'] {
  checkKeys('network', network, ['latency', 'loss', 'bandwidthMbps', 'queueBytes', 'links', 'mayDuplicate']);
  const overrides = new Map<string, LinkOptions>();
  for (const [link, options] of Object.entries(network.links ?? {})) {
    const ends = link.split(' -> ');
    if (ends.length !== 2) throw OptionError.expected('network.links', 'keys like "source -> target"', link);
    checkKeys(`network.links["${link}"]`, options, ['latency', 'loss', 'bandwidthMbps', 'queueBytes']);
    // A client may be a source or a target too, and clients have no names before a run.
    if (!ends.some((end) => names.includes(end))) knownHosts('network.links', ends, names);
    overrides.set(link, {
      ...(options.latency === undefined ? {} : { latency: checkLatency(options.latency) }),
      ...(options.loss === undefined ? {} : { loss: checkRate('loss', options.loss) }),
      ...checkBandwidth(`network.links["${link}"].bandwidthMbps`, options.bandwidthMbps),
      ...checkQueue(`network.links["${link}"].queueBytes`, options.queueBytes),
    });
  }
  return {
    latency: checkLatency(network.latency ?? latency.constant(1)),
    loss: checkRate('network.loss', network.loss ?? 0),
    ...checkBandwidth('network.bandwidthMbps', network.bandwidthMbps),
    ...checkQueue('network.queueBytes', network.queueBytes),
    overrides,
    mayDuplicate: new Set(
      checkStrings('network.mayDuplicate', network.mayDuplicate ?? IDEMPOTENT, 'a list of methods'),
    ),
  };
}

function checkFlag(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw OptionError.expected(option, 'true or false', value);
}

function checkStrings(option: string, list: unknown, what: string): readonly string[] {
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw OptionError.expected(option, what, list);
}

function checkLatency(value: unknown): Latency {
  if ((value as Latency | undefined)?.kind === 'latency') return value as Latency;
  throw OptionError.expected('latency', 'made by latency.constant, .uniform, .longTail or .histogram', value);
}

function checkRate(option: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw OptionError.expected(option, 'a number from 0 to 1', value);
}

function checkBandwidth(option: string, value: unknown): { bandwidthMbps?: number } {
  if (value === undefined) return {};
  if (typeof value === 'number' && value > 0) return { bandwidthMbps: value };
  throw OptionError.expected(option, 'a positive number of megabits per second', value);
}

function checkQueue(option: string, value: unknown): { queueBytes?: number } {
  if (value === undefined) return {};
  if (typeof value === 'number' && value > 0) return { queueBytes: value };
  throw OptionError.expected(option, 'a positive number of bytes', value);
}

function checkWorkload<Workload>(workload: Arbitrary<Workload> | undefined): Arbitrary<Workload> | undefined {
  if (workload === undefined || typeof workload?.generate === 'function') return workload;
  throw OptionError.expected('workload', 'a fast-check arbitrary', workload);
}

function checkChecks(option: string, checks: unknown): ReadonlyMap<string, Check> {
  if (checks === undefined) return new Map();
  if (typeof checks !== 'object' || checks === null)
    throw OptionError.expected(option, 'an object of checks by name', checks);
  const entries = Object.entries(checks as Record<string, unknown>);
  for (const [name, check] of entries) {
    if (typeof check !== 'function')
      throw OptionError.expected(`${option}["${name}"]`, 'a function of the world', check);
  }
  return new Map(entries as [string, Check][]);
}

function checkEventually(checks: Readonly<Record<string, EventualCheck>> = {}): Scenario['eventually'] {
  if (typeof checks !== 'object' || checks === null)
    throw OptionError.expected('eventually', 'an object of checks by name', checks);
  const checked = new Map<string, { withinUs: number; check: Check }>();
  for (const [name, eventual] of Object.entries(checks)) {
    if (typeof eventual?.check !== 'function') {
      throw OptionError.expected(`eventually["${name}"].check`, 'a function of the world', eventual?.check);
    }
    const withinUs = checkedUsFromMs(`eventually["${name}"].withinMs`, eventual.withinMs ?? 30_000);
    checked.set(name, { withinUs, check: eventual.check });
  }
  return checked;
}

function checkSometimes(sometimes: ScenarioOptions<unknown>['sometimes'] = []): Scenario['sometimes'] {
  if (!Array.isArray(sometimes)) return checkChecks('sometimes', sometimes);
  for (const name of sometimes as unknown[]) {
    if (typeof name !== 'string') throw OptionError.expected('sometimes', 'a list of names', name);
  }
  return new Map((sometimes as string[]).map((name) => [name, undefined]));
}

function checkState<Workload>(options: ScenarioOptions<Workload>): Scenario['state'] {
  const { state } = options as { state?: unknown };
  if (state === undefined) return undefined;
  if (typeof state !== 'function') throw OptionError.expected('state', 'a function of the world', state);
  return (world) => options.state?.(world);
}

/** Those that code of hosts reaches, rather than a check. */
function markersOf(sometimes: Scenario['sometimes']): string[] {
  return [...sometimes].filter(([, check]) => check === undefined).map(([name]) => name);
}

function checkEpoch(epochMs: unknown): number {
  if (typeof epochMs === 'number' && Number.isInteger(epochMs) && Math.abs(epochMs) <= 8e15) return epochMs;
  throw OptionError.expected('epochMs', 'whole milliseconds since 1970', epochMs);
}
