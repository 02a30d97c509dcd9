// Names: node:dns asks the scenario. Its functions stay Node.js' own down to the binding, so that arguments
// are judged and errors are made as always.

import dns from 'node:dns';
import { isIP } from 'node:net';
import process from 'node:process';
import { EnvironmentError } from '../../errors.ts';
import type { HostContext } from '../context.ts';
import { type AnyFunction, dispatch, type Patch, patchMethod } from '../patch.ts';
import { ANSWER_US, DnsChannels, type DnsRequest } from './channels.ts';
import { addressOf, answerQuery, answerReverse, nameOf } from './records.ts';

/** What libuv calls its errors of name resolution; the numbers are its own, and equal everywhere. */
const LOOKUP_ERRNOS: Readonly<Record<string, number>> = {
  EAI_AGAIN: -3001,
  EAI_FAIL: -3004,
  ENOTFOUND: -3008,
};

const INVALID_ARGUMENT = -22;

const SERVICES: Readonly<Record<number, string>> = {
  22: 'ssh',
  25: 'smtp',
  53: 'domain',
  80: 'http',
  443: 'https',
};

interface DnsBinding {
  readonly AI_V4MAPPED: number;
  readonly ChannelWrap: { readonly prototype: object };
}

/** Patches the look-ups and queries of node:dns. */
export function dnsPatches(): Patch[] {
  const binding = dnsBinding();
  return [
    patchMethod('binding.getaddrinfo', binding, 'getaddrinfo', (original) =>
      dispatch(original, (host, [request, hostname, family, hints]) => {
        const isMapped = (Number(hints) & binding.AI_V4MAPPED) !== 0;
        lookup(host, request as DnsRequest, String(hostname), { family: Number(family), isMapped });
        return 0;
      }),
    ),
    patchMethod('binding.getnameinfo', binding, 'getnameinfo', (original) =>
      dispatch(original, (host, [request, address, port]) => {
        lookupService(host, request as DnsRequest, String(address), Number(port));
        return 0;
      }),
    ),
    ...promisePatches(),
    ...channelPatches(binding.ChannelWrap.prototype),
  ];
}

function lookup(
  host: HostContext,
  request: DnsRequest,
  hostname: string,
  { family, isMapped }: { family: number; isMapped: boolean },
): void {
  const trouble = host.names.trouble?.(hostname);
  host.complete(`dns.lookup ${hostname}`, ANSWER_US + (trouble?.delayUs ?? 0), () => {
    const found =
      trouble?.code === undefined
        ? addressOf(host, hostname, family === 6 && !isMapped ? 6 : 4)
        : { code: trouble.code };
    if ('code' in found) request.oncomplete(LOOKUP_ERRNOS[found.code] ?? LOOKUP_ERRNOS['ENOTFOUND'] ?? -1);
    else request.oncomplete(null, [family === 6 && isMapped ? `::ffff:${found.address}` : found.address]);
  });
}

function lookupService(host: HostContext, request: DnsRequest, address: string, port: number): void {
  host.complete(`dns.lookupService ${address}`, ANSWER_US, () => {
    const name = nameOf(host, address);
    if (name === undefined) request.oncomplete(LOOKUP_ERRNOS['ENOTFOUND'] ?? -1);
    else request.oncomplete(null, name, SERVICES[port] ?? String(port));
  });
}

/** The functions of promises took the binding's when they loaded: on a host they use those with callbacks. */
function promisePatches(): Patch[] {
  const { promises } = dns;
  return [
    patchMethod('dns.promises.lookup', promises, 'lookup', (original) =>
      dispatch(original, (_host, args, self) => {
        const [hostname, options] = args;
        if (typeof hostname !== 'string' || hostname === '' || isIP(hostname) !== 0 || /\0/.test(hostname))
          return Reflect.apply(original, self, args);
        // Node.js judges the options; an address needs no look-up.
        const judged = Reflect.apply(original, self, ['127.0.0.1', options]) as Promise<unknown>;
        const isAll = (options as { all?: unknown } | null | undefined)?.all === true;
        return judged.then(() => lookedUp(hostname, options, isAll));
      }),
    ),
    patchMethod('dns.promises.lookupService', promises, 'lookupService', (original) =>
      dispatch(original, (_host, args, self) => {
        const [address, port] = args;
        const isSound = args.length === 2 && typeof address === 'string' && isIP(address) !== 0;
        const number = Number(port);
        const isPort =
          Number.isInteger(number) && number >= 0 && number < 65_536 && String(port).trim() !== '';
        if (!isSound || !isPort) return Reflect.apply(original, self, args);
        return new Promise((resolve, reject) => {
          dns.lookupService(address, number, (error, hostname, service) => {
            if (error === null) resolve({ hostname, service });
            else reject(error);
          });
        });
      }),
    ),
  ];
}

function lookedUp(hostname: string, options: unknown, isAll: boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const given =
      typeof options === 'number' ? { family: options } : (options as dns.LookupOptions | undefined);
    dns.lookup(hostname, given ?? {}, (error: Error | null, address: unknown, family?: number) => {
      if (error !== null) reject(error);
      else resolve(isAll ? address : { address, family });
    });
  });
}

/** Patches what all resolvers end in, the default one and those of `dns.promises` as well. */
function channelPatches(channel: object): Patch[] {
  const channels = new DnsChannels();
  const method = (
    key: string,
    virtual: (host: HostContext, handle: object, args: unknown[]) => unknown,
  ): Patch =>
    patchMethod(`ChannelWrap.prototype.${key}`, channel, key, (original) =>
      dispatch(original, (host, args, self) => virtual(host, self as object, args)),
    );
  const queries = Object.getOwnPropertyNames(channel).filter((key) => key.startsWith('query'));
  return [
    ...queries.map((key) =>
      method(key, (host, handle, [request, name]) =>
        channels.ask(host, handle, request as DnsRequest, String(name), () =>
          answerQuery(host, key, String(name)),
        ),
      ),
    ),
    method('getHostByAddr', (host, handle, [request, address]) =>
      isIP(String(address)) === 0
        ? INVALID_ARGUMENT
        : channels.ask(host, handle, request as DnsRequest, String(address), () =>
            answerReverse(host, String(address)),
          ),
    ),
    method('cancel', (host, handle) => channels.cancel(host, handle)),
    method('getServers', (host, handle) => channels.servers(host, handle)),
    method('setServers', (host, handle, [servers]) => {
      // The family comes first, which the address tells as well.
      const given = servers as [number, string, number][];
      channels.setServers(
        host,
        handle,
        given.map(([, address, port]) => [address, port]),
      );
      return 0;
    }),
    method('setLocalAddress', () => undefined),
    ...[dns, dns.promises].map((target) =>
      patchMethod('dns.setServers', target, 'setServers', (original) =>
        dispatch(original, (host, [servers]) => {
          // Node.js would put a new default resolver in the place of that of all hosts.
          const judge = new dns.Resolver();
          judge.setServers(servers as string[]);
          const { _handle } = judge as unknown as { _handle: object };
          channels.setDefaultServers(host, channels.servers(host, _handle));
        }),
      ),
    ),
  ];
}

function dnsBinding(): DnsBinding & Record<string, AnyFunction> {
  // Undocumented, and there on every version that is supported.
  const { binding } = process as unknown as { binding?: (name: string) => unknown };
  const found = binding?.call(process, 'cares_wrap') as
    (DnsBinding & Record<string, AnyFunction>) | undefined;
  if (typeof found?.['getaddrinfo'] === 'function' && typeof found.ChannelWrap === 'function') return found;
  throw new EnvironmentError(
    'Expected a Node.js whose `process.binding` gives the functions below node:dns, ' +
      `got ${process.version} without. Please report it; a version from 20.19 to 26 is known to work.`,
  );
}
