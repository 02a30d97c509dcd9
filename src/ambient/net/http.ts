// `node:http` and `node:https` on a host: Node.js' own, over simulated sockets. What is replaced knows the
// real time (the `Date` header), or would be shared by hosts (pools of sockets).

import http from 'node:http';
import type { HostContext } from '../context.ts';
import { type Patch, patchForHosts } from '../patch.ts';
import { ownAgent, rememberAgent } from './agents.ts';

interface Outgoing {
  sendDate: boolean;
  _header: string;
}

interface Storing {
  readonly host: HostContext;
  readonly outgoing: Outgoing;
  readonly headers: unknown;
  readonly store: () => unknown;
}

/** What Node.js adds to a header by itself, after the date. */
const ADDED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
]);

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
        const store = (): unknown => Reflect.apply(original, outgoing, args);
        return outgoing.sendDate ? storeHeader({ host, outgoing, headers: args[1], store }) : store();
      },
    ),
  ];
}

/** Lets Node.js write the header without a date, and adds the host's own where it would stand. */
function storeHeader({ host, outgoing, headers, store }: Storing): unknown {
  outgoing.sendDate = false;
  const result = store();
  outgoing.sendDate = true;
  const { _header: header } = outgoing;
  if (/\r\ndate: /i.test(header)) return result;
  const at = header.length - lengthOfOwn(header, headers) - 2;
  outgoing._header = `${header.slice(0, at)}Date: ${httpDate(host)}\r\n${header.slice(at)}`;
  return result;
}

/** How many characters at the end Node.js added by itself: they come after the date. */
function lengthOfOwn(header: string, headers: unknown): number {
  let length = 0;
  for (let end = header.length - 2; ;) {
    const start = header.lastIndexOf('\r\n', end - 3) + 2;
    const name = header.slice(start, header.indexOf(':', start)).toLowerCase();
    if (!ADDED.has(name) || isGiven(headers, name)) return length;
    length += end - start;
    end = start;
  }
}

/** Whether the program itself set a header: they come as an object of Node.js, as a list, or as an object. */
function isGiven(headers: unknown, name: string): boolean {
  if (typeof headers !== 'object' || headers === null) return false;
  if (name in headers) return true;
  // Node.js' own has no prototype, and its names are in lower case.
  if (Object.getPrototypeOf(headers) === null) return false;
  const names: unknown[] = Array.isArray(headers) ? headers.flat() : Object.keys(headers);
  return names.some((each) => typeof each === 'string' && each.toLowerCase() === name);
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
