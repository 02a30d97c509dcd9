// A till that charges twice where an answer is lost, in a scenario file of a temporary folder.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import fc from 'fast-check';
import {
  CheckFailure,
  defineScenario,
  explore,
  handler,
  swarm,
  type ExploreOptions,
  type Scenario,
} from '../../../src/index.ts';

/** Where the files are. */
export const folder: string = mkdtempSync(join(tmpdir(), 'wavetank-regressions-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

/** A till that charges again when no answer came; `repaired`, it asks first. */
export function till(options: { path?: string; isRepaired?: boolean; route?: string; name?: string } = {}): {
  scenario: Scenario<number>;
  path: string;
  read: () => { counterexamples: Record<string, unknown>[] };
} {
  const { isRepaired = false, route = '/charge', name = 'till' } = options;
  const source = options.path ?? join(folder, `till-${files++}.sim.ts`);
  const scenario = defineScenario<number>({
    name,
    hosts: {
      bank: handler((host) => {
        let charges = 0;
        host.expose({ charges: () => charges });
        return async (request: Request) => {
          if (request.method === 'POST') charges++;
          return Response.json({ charges });
        };
      }),
    },
    faults: swarm({ drop: true }),
    workload: fc.integer({ min: 1, max: 3 }),
    async drive(world, tries) {
      await world.client('till', async () => {
        const ask = (method: string): Promise<Response> =>
          fetch(`http://bank${route}`, { method, signal: AbortSignal.timeout(100) });
        for (let i = 0; i < tries; i++) {
          try {
            if (isRepaired && i > 0) {
              const { charges } = (await (await ask('GET')).json()) as { charges: number };
              if (charges > 0) return;
            }
            await ask('POST');
            return;
          } catch {
            // Again.
          }
        }
      });
    },
    always: {
      'charged once': (world) => {
        const { charges } = (world.host('bank').exports ?? { charges: () => 0 }) as { charges: () => number };
        return charges() <= 1 || `charged ${charges()} times`;
      },
    },
  });
  const path = source.replace(/\.ts$/, '.regressions.json');
  const read = (): { counterexamples: Record<string, unknown>[] } =>
    JSON.parse(readFileSync(path, 'utf8')) as { counterexamples: Record<string, unknown>[] };
  return { scenario: { ...scenario, file: source }, path, read };
}

/** Explores it, and gives back how it fails. */
export async function failureOf(
  scenario: Scenario<number>,
  options: ExploreOptions = {},
): Promise<CheckFailure> {
  const came: unknown = await explore(scenario, { regressions: 'write', vacuity: false, ...options }).catch(
    (error: unknown) => error,
  );
  assert(came instanceof CheckFailure, String(came));
  return came;
}
