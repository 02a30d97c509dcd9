// Pools of sockets belong to packages, and packages to all hosts: each incarnation has its own part of every
// pool, and takes it along when it ends.

import type { Agent } from 'node:http';
import type { HostContext } from '../context.ts';

type Pool = Record<string, unknown[] | undefined>;

interface AgentInternals {
  sockets: Pool;
  freeSockets: Pool;
  requests: Pool;
  totalSocketCount: number;
}

const used = new WeakMap<HostContext, Set<Agent>>();

/** Notes that a host uses an agent. @returns what sets its part of the pool apart. */
export function rememberAgent(host: HostContext, agent: Agent): string {
  let agents = used.get(host);
  if (agents === undefined) used.set(host, (agents = new Set()));
  agents.add(agent);
  return partOf(host);
}

/** Takes the part of an incarnation out of every pool. */
export function forgetAgents(host: HostContext): void {
  const part = partOf(host);
  for (const agent of used.get(host) ?? []) {
    const inside = agent as unknown as AgentInternals;
    for (const pool of [inside.sockets, inside.freeSockets, inside.requests]) {
      for (const name of Object.keys(pool).filter((each) => each.includes(part))) {
        if (pool !== inside.requests) inside.totalSocketCount -= pool[name]?.length ?? 0;
        // oxlint-disable-next-line typescript/no-dynamic-delete -- the pool of Node.js is an object
        delete pool[name];
      }
    }
  }
  used.delete(host);
}

/** An agent as it would be if it belonged to the host alone. */
export function ownAgent(host: HostContext, agent: Agent): object {
  const part = partOf(host);
  const ownOf = (pool: Pool): Pool =>
    Object.fromEntries(Object.entries(pool).filter(([name]) => name.endsWith(part)));
  const { sockets, freeSockets } = agent as unknown as AgentInternals;
  const own = { sockets: ownOf(sockets), freeSockets: ownOf(freeSockets) };
  return Object.assign(Object.create(agent) as object, own);
}

function partOf({ name, number }: HostContext): string {
  // With an end of its own: `https` adds to the name of a pool.
  return `@${name}/${number}@`;
}
