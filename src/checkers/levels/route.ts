// Which requests or operations a service level is about: a route, who waited, which host was asked, and when.

import { OptionError } from '../../errors.ts';
import type { TimedCall } from '../../history/traffic.ts';

/**
 * `calm`: what ended before any fault had struck, and what was sent after the storm. `storm`: everything
 * else. What a link takes by itself is no fault.
 */
export type During = 'calm' | 'storm' | 'all';

/** Whose requests count. */
export interface RouteOptions {
  /** The hosts or clients that wait; a name may end in `*`. Default: all. */
  readonly from?: string | readonly string[];
  /** The hosts that are asked; a name may end in `*`. Default: all. */
  readonly to?: string | readonly string[];
  /** Default `calm` for latency and errors, `all` for queues. */
  readonly during?: During;
}

/** The names of {@link RouteOptions}. */
export const ROUTE_OPTIONS: readonly string[] = ['from', 'to', 'during'];

const PHASES: readonly unknown[] = ['calm', 'storm', 'all'] satisfies During[];
const REQUEST = /^(?:[A-Z]+|\*) [/*]/;

/**
 * Compiles a route: `POST /checkout` for requests, in which `:id` stands for one part of a path and `*` for
 * the rest; everything else is the name of an operation.
 */
export function compileRoute(route: unknown, options: RouteOptions): (call: TimedCall) => boolean {
  if (typeof route !== 'string' || route === '') {
    const expected = 'a request like "POST /checkout", or the name of an operation';
    throw OptionError.expected('route', expected, route);
  }
  const isFrom = compileNames('from', options.from);
  const isTo = compileNames('to', options.to);
  if (!REQUEST.test(route))
    return ({ kind, name, from }) => kind === 'operation' && name === route && isFrom(from);
  const isMeant = patternOf(route);
  return ({ kind, name, from, to }) => kind === 'request' && isFrom(from) && isTo(to) && isMeant(name);
}

/** Compiles when. */
export function compileDuring(during: During): (call: TimedCall) => boolean {
  if (during === 'all') return () => true;
  return during === 'calm' ? ({ isCalm }) => isCalm : ({ isCalm }) => !isCalm;
}

/** @throws {OptionError} If it is no phase. */
export function checkDuring(during: unknown): During {
  if (PHASES.includes(during)) return during as During;
  throw OptionError.expected('during', '"calm", "storm" or "all"', during);
}

/** Who and when, as it stands in the title of a level. */
export function describeOptions({ from, to, during }: RouteOptions & { readonly during: During }): string {
  const names = (word: string, list: RouteOptions['from']): string =>
    list === undefined ? '' : `, ${word} ${[list].flat().join(' and ')}`;
  const when = { calm: ', in calm', storm: ', in the storm', all: '' }[during];
  return `${names('from', from)}${names('to', to)}${when}`;
}

/** Who is meant by names that may end in `*`. */
export function compileNames(option: string, names: unknown): (name: string) => boolean {
  if (names === undefined) return () => true;
  const list = [names].flat();
  if (list.length === 0 || !list.every((name): name is string => typeof name === 'string' && name !== '')) {
    throw OptionError.expected(option, 'the name of a host or client, or a list of them', names);
  }
  const begins = list.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  return (name) => list.includes(name) || begins.some((begin) => name.startsWith(begin));
}

function patternOf(route: string): (name: string) => boolean {
  if (!/[:*]/.test(route)) return (name) => name === route;
  const source = route
    .split(/(?<=[ /])/)
    .map((part) => {
      if (/^:\w+\/?$/.test(part)) return `[^/]+${part.endsWith('/') ? '/' : ''}`;
      return part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
    })
    .join('');
  const pattern = new RegExp(`^${source}$`);
  return (name) => pattern.test(name);
}
