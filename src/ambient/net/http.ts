// `node:http` and `node:https` on a host: Node.js' own, over simulated sockets. What is replaced knows the
// real time (the `Date` header), or would be shared by hosts (pools of sockets).

import http from 'node:http';
import type { HostContext } from '../context.ts';
import { type Patch, patchForHosts } from '../patch.ts';
import { ownAgent, rememberAgent } from './agents.ts';
import { symbolOf } from './internals.ts';

/** A message whose header is written; it has what the program set under a symbol. */
type Outgoing = http.OutgoingMessage & Readonly<Record<symbol, unknown>>;

/** Patches `node:http`. */
export function httpPatches(): Patch[] {
  return [
    patchForHosts<http.Agent>('http.Agent', http.Agent.prototype, 'getName', (host, self, args, original) => {
      const name = Reflect.apply(original, self, args) as string;
      return `${name}${rememberAgent(host, self)}`;
    }),
    patchForHosts<http.Agent>('http.Agent', http.Agent.prototype, 'destroy', (host, self, args, original) =>
      Reflect.apply(original, ownAgent(host, self), args),
    ),
    patchForHosts<Outgoing>(
      'http.OutgoingMessage',
      http.OutgoingMessage.prototype,
      '_storeHeader',
      (host, outgoing, args, original) => {
        if (!outgoing.sendDate) return Reflect.apply(original, outgoing, args);
        const [firstLine, headers] = args;
        const store = (dated: unknown): unknown => Reflect.apply(original, outgoing, [firstLine, dated]);
        return storeDated(outgoing, headers, httpDate(host), store);
      },
    ),
  ];
}

/**
 * Lets Node.js write the headers with a date as the last of those that the program set, which is where its
 * own would stand.
 */
function storeDated(
  outgoing: Outgoing,
  headers: unknown,
  date: string,
  store: (dated: unknown) => unknown,
): unknown {
  const set = outgoing[symbolOf(outgoing, 'kOutHeaders') as symbol] as Record<string, unknown> | null;
  if (set === null || headers !== set) return store(withDate(headers, date));
  // They are written only as they are: from names in lower case to a pair each.
  if ('date' in set) return store(set);
  set.date = ['Date', date];
  try {
    return store(set);
  } finally {
    delete set.date;
  }
}

/** Headers as `writeHead` takes them: as an object, a list of names and values, or a list of pairs. */
function withDate(headers: unknown, date: string): unknown {
  if (typeof headers !== 'object' || headers === null) return { Date: date };
  if (!Array.isArray(headers)) {
    return Object.keys(headers).some(isDate) ? headers : { ...headers, Date: date };
  }
  if (Array.isArray(headers[0])) {
    return headers.some((pair: unknown[]) => isDate(pair[0])) ? headers : [...headers, ['Date', date]];
  }
  // What Node.js refuses is to be refused as it is.
  const isDated = headers.length % 2 !== 0 || headers.some((name, i) => i % 2 === 0 && isDate(name));
  return isDated ? headers : [...headers, 'Date', date];
}

function isDate(name: unknown): boolean {
  return typeof name === 'string' && name.toLowerCase() === 'date';
}

const known = { second: Number.NaN, text: '' };

/** The date of a host as HTTP writes it. */
export function httpDate(host: HostContext): string {
  const second = Math.floor(host.clock.wallMs() / 1000);
  if (second !== known.second) {
    known.second = second;
    known.text = new Date(second * 1000).toUTCString();
  }
  return known.text;
}
