// A sync that takes long: what was saved before it is put in place after what was saved later.

import fsp from 'node:fs/promises';
import type { StormRow } from '../row.ts';
import { keeping, type Keeper } from './keeping.ts';
import { FILE, loadOrEmpty, type Notes } from './notes-file.ts';

const faults = { slowSync: ['keeper'] };

async function save(notes: Notes, fresh: string): Promise<void> {
  const file = await fsp.open(fresh, 'w');
  await file.writeFile(JSON.stringify([...notes]));
  await file.sync();
  await file.close();
  await fsp.rename(fresh, FILE);
}

/** Saves all notes to a file of their own and puts it in place; `inTurn`: one after the other. */
function saving(inTurn: boolean): Keeper {
  const known = new Map<string, string>();
  let seen: Notes = new Map();
  let saved = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    notes: () => seen,
    async keep(key, text) {
      known.set(key, text);
      const run = async (): Promise<void> => {
        await save(known, `${FILE}.${++saved}`);
        seen = loadOrEmpty();
      };
      const running = inTurn ? last.then(run) : run();
      last = running;
      await running;
    },
  };
}

export const slowSyncRows: readonly StormRow[] = [
  {
    kind: 'slowSync',
    what: 'an older state is put in the place of a newer one, because its sync took longer',
    naive: keeping('slow sync, naive', faults, () => saving(false)),
    careful: keeping('slow sync, careful', faults, () => saving(true)),
  },
];
