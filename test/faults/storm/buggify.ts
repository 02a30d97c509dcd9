// Buggify: code that says itself what may happen, and rarely does. Here a page of results may hold a single
// row, as any page of an API may.

import assert from 'node:assert/strict';
import { defineScenario, handler, swarm } from '../../../src/index.ts';
import { buggify } from '../../../src/markers.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import type { StormRow } from './row.ts';

const ROWS = ['ada', 'bob', 'cyd', 'dan', 'eve'];

interface Page {
  readonly rows: readonly string[];
  readonly next: number | null;
}

async function pageFrom(start: number): Promise<Page> {
  return (await (await fetch(`http://directory/?from=${start}`)).json()) as Page;
}

/** Reads the first page, and takes it for all there is. */
async function readOnce(): Promise<readonly string[]> {
  return (await pageFrom(0)).rows;
}

/** Reads on until there is no next page. */
async function readAll(): Promise<readonly string[]> {
  const rows: string[] = [];
  for (let next: number | null = 0; next !== null;) {
    const page: Page = await pageFrom(next);
    rows.push(...page.rows);
    next = page.next;
  }
  return rows;
}

function directory(name: string, read: () => Promise<readonly string[]>): Scenario {
  return defineScenario({
    name,
    hosts: {
      directory: handler(() => (request: Request) => {
        const from = Number(new URL(request.url).searchParams.get('from'));
        const size = buggify('a page holds one row') ? 1 : 100;
        const next = from + size < ROWS.length ? from + size : null;
        return Response.json({ rows: ROWS.slice(from, from + size), next } satisfies Page);
      }),
    },
    faults: swarm({ buggify: ['directory'] }),
    async drive(world) {
      const rows = await world.client('reader', read);
      assert.deepEqual(rows, ROWS, 'everybody is listed');
    },
  });
}

export const buggifyRows: readonly StormRow[] = [
  {
    kind: 'buggify',
    what: 'a short page is taken for the last one',
    naive: directory('one page', readOnce),
    careful: directory('all pages', readAll),
  },
];
