// A keeper of notes for the rows about disks: one host, a client that stores notes one after the other and
// again where it got no answer, and the promise that what was acknowledged is there.

import { defineScenario, handler, swarm } from '../../../../src/index.ts';
import type { Host, Scenario, SwarmOptions } from '../../../../src/index.ts';

/** The folder of the notes. Every host has it. */
export const FOLDER = '/home/node';

/** How a program keeps notes. */
export interface Keeper {
  /** Resolves when the note is safe. */
  keep(key: string, text: string): Promise<void> | void;
  /** All notes that there are. */
  notes(): ReadonlyMap<string, string>;
}

/** A scenario in which a keeper runs on a host with a disk that may fail. */
export function keeping(
  name: string,
  faults: SwarmOptions,
  open: (host: Host) => Keeper | Promise<Keeper>,
  { count = 4, bytes = 40 }: { count?: number; bytes?: number } = {},
): Scenario {
  return defineScenario({
    name,
    hosts: {
      keeper: handler(async (host) => {
        const keeper = await open(host);
        host.expose({ notes: () => keeper.notes() });
        return async (request) => {
          const [key, text] = (await request.json()) as [string, string];
          try {
            await keeper.keep(key, text);
          } catch (error) {
            return new Response(String(error), { status: 503 });
          }
          return new Response('kept');
        };
      }),
    },
    faults: swarm({ horizonMs: 30, ...faults }),
    async drive(world) {
      await world.client('writer', async (client) => {
        for (let i = 1; i <= count; i++) await keepOne(client, [`n${i}`, textOf(i, bytes)]);
      });
    },
    always: {
      'an acknowledged note is there, as it was written': (world) => {
        const { isUp, exports } = world.host('keeper');
        if (!isUp) return true;
        const notes = (exports as { notes: () => ReadonlyMap<string, string> }).notes();
        for (const { type, input } of world.history) {
          const [key, text] = input as [string, string];
          if (type === 'ok' && notes.get(key) !== text) {
            return `${key} was acknowledged, and is ${JSON.stringify(notes.get(key)) ?? 'not there'}`;
          }
        }
        return true;
      },
    },
  });
}

function textOf(i: number, bytes: number): string {
  return String(i).repeat(bytes).slice(0, bytes);
}

/** Tries until the note is kept, or for a while. */
async function keepOne(
  client: {
    operation(name: string, input: unknown, run: () => Promise<Response>): Promise<{ type: string }>;
  },
  note: readonly [string, string],
): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const { type } = await client.operation('keep', note, () =>
      fetch('http://keeper/', {
        method: 'POST',
        body: JSON.stringify(note),
        signal: AbortSignal.timeout(500),
      }),
    );
    if (type === 'ok') return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
