// The licence of the renderer: so many renders at once. Whoever renders holds a permit meanwhile.

import { Hono } from 'hono';
import { sometimes } from 'wavetank/markers';
import type { Disk } from './disk.ts';

/** How many renders the licence allows at once. */
export const PERMITS = 2;

/**
 * What a release gives back.
 *
 * - `whatever is asked`: the bug. Each request to release counts as a permit. One that is repeated, because
 *   its answer was lost, makes two of one.
 * - `what was held`: the fix. Who has given a permit back has none to give.
 */
export type Release = 'whatever is asked' | 'what was held';

/** What is on disk. */
export interface Permits {
  readonly free: number;
  /** By the name that a holder chose for one render; kept, so that a late request is known as late. */
  readonly renders: Readonly<Record<string, 'held' | 'released'>>;
}

export function permitsService(disk: Disk, { release }: { release: Release }): Hono {
  const app = new Hono();
  let state: Permits = (disk.get('permits') as Permits | undefined) ?? { free: PERMITS, renders: {} };
  const save = (free: number, name: string, is: 'held' | 'released') => {
    state = { free, renders: { ...state.renders, [name]: is } };
    disk.put('permits', state);
    disk.sync();
  };

  app.put('/permits/:render', (c) => {
    const name = c.req.param('render');
    const is = state.renders[name];
    if (is !== undefined) return c.json(is, is === 'held' ? 201 : 410);
    sometimes('a render waited for a permit', state.free <= 0);
    if (state.free <= 0) return c.json('none is free', 409);
    save(state.free - 1, name, 'held');
    return c.json('held', 201);
  });

  app.delete('/permits/:render', (c) => {
    const name = c.req.param('render');
    const isHeld = state.renders[name] === 'held';
    sometimes('a permit was released a second time', !isHeld);
    if (isHeld || release === 'whatever is asked') save(state.free + 1, name, 'released');
    return c.json('released');
  });

  return app;
}
