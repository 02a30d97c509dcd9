// How long requests and operations took, route by route, and how many requests hosts had at once: over all
// runs of an exploration.

import { ANSWER_WITHIN_MS } from '../../checkers/levels/errors.ts';
import { waitedUs } from '../../history/call-text.ts';
import { Histogram, type HistogramData } from '../../history/histogram.ts';
import type { TimedCall, Traffic } from '../../history/traffic.ts';
import { hashString } from '../../random/hash.ts';
import type { QueueStatistics, RouteStatistics } from '../../report/document.ts';

/** Where the operations of clients are counted. */
const CLIENTS = 'clients';
/** From here on, what is new is counted together: a system that invents routes must not fill the memory. */
const ROUTES_MAX = 500;
const OTHERS = '(other routes)';

interface Route {
  readonly kind: TimedCall['kind'];
  readonly name: string;
  readonly host: string;
  readonly waits: Histogram;
  errors: number;
  unanswered: number;
  /** How its requests can end, each as a hash: of the status, or of the kind of end where there is none. */
  readonly ends: Map<number | string, number>;
}

/** What was collected, as data, in the order in which it was first seen. */
export interface TrafficData {
  readonly routes: readonly (Pick<Route, 'kind' | 'name' | 'host' | 'errors' | 'unanswered'> & {
    readonly waits: HistogramData;
  })[];
  readonly depths: readonly (readonly [host: string, depths: HistogramData])[];
}

/** Collects what the traffic of runs shows. */
export class TrafficStatistics {
  readonly #routes = new Map<string, Route>();
  /** The same by what calls say, host by host: most are looked up many times. */
  readonly #byHost = new Map<string, Map<string, Route>>();
  readonly #depths = new Map<string, Histogram>();

  /**
   * @param nowMs - When the run ended.
   * @returns how the requests of each route ended, as hashes: each way once, in no order.
   */
  add({ calls, arrivals }: Traffic, nowMs: number): Set<number> {
    const ends = new Set<number>();
    for (const call of calls) {
      const route = this.#routeOf(call);
      countIn(route, call, nowMs);
      if (call.kind === 'request') ends.add(endOf(route, call));
    }
    for (const { call, depth } of arrivals) {
      this.#depthsOf(call.to).add(depth);
    }
    return ends;
  }

  /** What was collected so far, as data. */
  data(): TrafficData {
    const routes = [...this.#routes.values()].map(({ kind, name, host, waits, errors, unanswered }) => {
      return { kind, name, host, errors, unanswered, waits: waits.data() };
    });
    return { routes, depths: [...this.#depths].map(([host, depths]) => [host, depths.data()]) };
  }

  /** Takes in what was collected elsewhere, after everything else. */
  merge({ routes, depths }: TrafficData): void {
    for (const { kind, name, host, waits, errors, unanswered } of routes) {
      const route = this.#routeNamed(kind, name, host);
      route.waits.mergeData(waits);
      route.errors += errors;
      route.unanswered += unanswered;
    }
    for (const [host, data] of depths) this.#depthsOf(host).mergeData(data);
  }

  /** The slowest first. */
  routes(): RouteStatistics[] {
    const seen = [...this.#routes.values()].filter(({ waits }) => waits.count > 0);
    const routes = seen.map(({ kind, name, host, waits, errors, unanswered }): RouteStatistics => ({
      route: name,
      host,
      ...(kind === 'operation' ? { kind } : {}),
      requests: waits.count,
      errors,
      unanswered,
      p50Ms: waits.percentile(50) / 1000,
      p95Ms: waits.percentile(95) / 1000,
      p99Ms: waits.percentile(99) / 1000,
      maxMs: waits.max / 1000,
      histogram: waits.buckets().map(({ upTo, count }) => ({ upToMs: upTo / 1000, count })),
    }));
    return routes.toSorted((left, right) => right.p99Ms - left.p99Ms || compare(keyOf(left), keyOf(right)));
  }

  /** By host. */
  queues(): QueueStatistics[] {
    return [...this.#depths]
      .map(([host, depths]) => ({
        host,
        p50: depths.percentile(50),
        p99: depths.percentile(99),
        max: depths.max,
      }))
      .toSorted((left, right) => compare(left.host, right.host));
  }

  #routeOf(call: TimedCall): Route {
    const host = call.kind === 'operation' ? CLIENTS : call.to;
    let names = this.#byHost.get(host);
    if (names === undefined) this.#byHost.set(host, (names = new Map()));
    let route = names.get(call.name);
    if (route === undefined) {
      route = this.#newRoute(call, host);
      if (names.size < ROUTES_MAX) names.set(call.name, route);
    }
    return route;
  }

  #newRoute({ kind, name }: TimedCall, host: string): Route {
    return this.#routeNamed(kind, kind === 'operation' ? name : routeOf(name), host);
  }

  #routeNamed(kind: Route['kind'], folded: string, host: string): Route {
    const known = this.#routes.get(`${kind} ${folded} ${host}`);
    if (known !== undefined) return known;
    const shown = this.#routes.size < ROUTES_MAX ? folded : OTHERS;
    const key = `${kind} ${shown} ${host}`;
    let route = this.#routes.get(key);
    if (route === undefined) {
      const waits = new Histogram();
      route = { kind, name: shown, host, waits, errors: 0, unanswered: 0, ends: new Map() };
      this.#routes.set(key, route);
    }
    return route;
  }

  #depthsOf(host: string): Histogram {
    let depths = this.#depths.get(host);
    if (depths === undefined) this.#depths.set(host, (depths = new Histogram()));
    return depths;
  }
}

function countIn(route: Route, call: TimedCall, nowMs: number): void {
  const us = waitedUs(call, nowMs);
  const isPending = call.end === 'pending';
  // The run ended first, and it may well have been answered.
  if (isPending && us <= ANSWER_WITHIN_MS * 1000) return;
  route.waits.add(us);
  if (call.isError || isPending) route.errors++;
  if (isPending || call.end === 'given up') route.unanswered++;
}

function endOf({ name, host, ends }: Route, { end, status }: TimedCall): number {
  const key = status ?? end;
  let hash = ends.get(key);
  if (hash === undefined) ends.set(key, (hash = hashString(`request ${name} ${host} ${key}`)));
  return hash;
}

/**
 * The route of a request: `GET /orders/:id` for `GET /orders/o-17`. A part of a path that has a digit is
 * taken for an id, unless it is a version (`v1`).
 */
export function routeOf(label: string): string {
  if (!/\d/.test(label)) return label;
  return label
    .split('/')
    .map((part) => (/\d/.test(part) && !/^v\d+$/.test(part) ? ':id' : part))
    .join('/');
}

function keyOf({ route, host }: RouteStatistics): string {
  return `${route} ${host}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
