// What is behind `dns.Resolver`: the questions that are under way, and the servers that nobody asks.

import type { HostContext } from '../context.ts';
import type { Answer } from './records.ts';

/** How long an answer takes, in virtual microseconds: the name server is in the same data centre. */
export const ANSWER_US = 500;

/** A request that Node.js made; on a host it never reaches the operating system. */
export interface DnsRequest {
  oncomplete(error: string | number | null, ...results: unknown[]): void;
}

/** The address of a name server, and its port. */
type Server = [address: string, port: number];

interface Channel {
  readonly pending: Set<DnsRequest>;
  servers: Server[] | undefined;
}

/** What one incarnation has behind its resolvers. */
interface HostResolvers {
  readonly channels: WeakMap<object, Channel>;
  servers: Server[];
}

/** The resolvers of all incarnations; the default one of Node.js is shared between them, its state is not. */
export class DnsChannels {
  readonly #hosts = new WeakMap<HostContext, HostResolvers>();

  /** Asks: the answer is looked up when it arrives, unless it is cancelled before. */
  ask(host: HostContext, handle: object, request: DnsRequest, what: string, answer: () => Answer): number {
    const { pending } = this.#channel(host, handle);
    pending.add(request);
    const trouble = host.names.trouble?.(what);
    host.complete(what, ANSWER_US + (trouble?.delayUs ?? 0), () => {
      if (!pending.delete(request)) return;
      const [error, ...results] = trouble?.code === undefined ? answer() : [queryCode(trouble.code)];
      request.oncomplete(error, ...results);
    });
    return 0;
  }

  /** Ends all questions of a resolver with `ECANCELLED`. */
  cancel(host: HostContext, handle: object): void {
    const { pending } = this.#channel(host, handle);
    for (const request of pending) host.complete('dns.cancel', 0, () => request.oncomplete('ECANCELLED'));
    pending.clear();
  }

  servers(host: HostContext, handle: object): Server[] {
    const { servers } = this.#channel(host, handle);
    return (servers ?? this.#resolvers(host).servers).map(([address, port]) => [address, port]);
  }

  setServers(host: HostContext, handle: object, servers: Server[]): void {
    this.#channel(host, handle).servers = servers;
  }

  /** Sets what resolvers have that were given none. */
  setDefaultServers(host: HostContext, servers: Server[]): void {
    this.#resolvers(host).servers = servers;
  }

  #channel(host: HostContext, handle: object): Channel {
    const { channels } = this.#resolvers(host);
    let channel = channels.get(handle);
    if (channel === undefined) channels.set(handle, (channel = { pending: new Set(), servers: undefined }));
    return channel;
  }

  #resolvers(host: HostContext): HostResolvers {
    let known = this.#hosts.get(host);
    if (known === undefined) {
      known = { channels: new WeakMap(), servers: [['127.0.0.53', 53]] };
      this.#hosts.set(host, known);
    }
    return known;
  }
}

/** What a resolver calls what `dns.lookup` calls a temporary failure: the server answered that it failed. */
function queryCode(code: string): string {
  return code === 'EAI_AGAIN' ? 'ESERVFAIL' : code;
}
