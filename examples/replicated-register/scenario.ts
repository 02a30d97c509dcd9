// The replicated register in the tank: what may go wrong, what clients do, and what must hold.

import fc from 'fast-check';
import { handler, latency, type FaultBudget, type Host, type ScenarioOptions, type World } from 'wavetank';
import * as model from './models.ts';
import * as promise from './promises.ts';
import { NODES, PORT, textOf } from './services/messages.ts';
import { read, write } from './services/register-client.ts';

/** How long the writer and the reader wait before each write and each read, in milliseconds. */
export interface Work {
  readonly writeAfterMs: readonly number[];
  readonly readAfterMs: readonly number[];
}

/** What a node is to the scenario. */
export interface Node extends promise.NodeView {
  handle(request: Request): Promise<Response>;
}

const pauses = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 6 });

/** What `defineScenario` takes, for nodes of one make or the other. */
export function replicatedRegister(options: {
  name: string;
  node: (host: Host) => Node;
  faults: FaultBudget;
  sometimes?: readonly string[];
}): ScenarioOptions<Work> {
  const boot = (host: Host): ((request: Request) => Promise<Response>) => {
    const node = options.node(host);
    host.expose({ node });
    return (request) => node.handle(request);
  };
  return {
    name: options.name,
    tags: ['replication'],
    hosts: Object.fromEntries(NODES.map((name) => [name, handler(boot, { port: PORT })])),
    network: { latency: latency.longTail({ medianMs: 3, p99Ms: 25 }) },
    faults: options.faults,
    workload: fc.record({ writeAfterMs: pauses, readAfterMs: pauses }, { noNullPrototype: true }),
    async drive(world, { writeAfterMs, readAfterMs }) {
      await Promise.all([writes(world, writeAfterMs), reads(world, readAfterMs)]);
    },
    always: {
      'no read is stale': promise.noReadIsStale,
      'one leader a term': promise.oneLeaderATerm,
      'nothing is made up': promise.nothingIsMadeUp,
    },
    // Asked once, at the end.
    finally: {
      'the register is linearizable': model.isLinearizable,
      'the register tells its order': model.tellsItsOrder,
      'a term is won once': model.electionsAreSafe,
    },
    // Nodes never have nothing to do: a run is over soon after everything came true.
    calmMs: 300,
    // Once the network is whole again, clients get on within this time.
    eventually: {
      'clients get on': { withinMs: 5_000, check: promise.clientsGetOn },
      'no acknowledged write is lost': { withinMs: 5_000, check: promise.replicasAgree },
    },
    sometimes: options.sometimes ?? [],
  };
}

function writes(world: World, pausesMs: readonly number[]): Promise<void> {
  return world.client('writer', async (client) => {
    for (const [i, pauseMs] of pausesMs.entries()) {
      await sleep(pauseMs);
      const number = i + 1;
      await client.operation('write', number, () => write({ number, text: textOf(number) }));
    }
  });
}

function reads(world: World, pausesMs: readonly number[]): Promise<void> {
  return world.client('reader', async (client) => {
    for (const pauseMs of pausesMs) {
      await sleep(pauseMs);
      await client.operation('read', null, read);
    }
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
