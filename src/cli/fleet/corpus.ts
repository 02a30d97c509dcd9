// What was news in the runs of a fleet, in its database: whoever makes runs begins with what all of them
// found, and what was found is kept together with the block in which it was.

import {
  CORPUS_MAX,
  CORPUS_VERSION,
  boundedCorpus,
  isEntry,
  mergeCorpora,
  storable,
} from '../../explore/corpus/entry.ts';
import type { Entry } from '../../explore/corpus/entry.ts';
import { budgetName, fittingEntries } from '../../explore/corpus/fitting.ts';
import type { StoredCorpus } from '../../explore/memory/corpus-file.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Query } from './database.ts';
import { nameOf } from './names.ts';
import { SCHEMA } from './schema.ts';

/** Rows that may be there before those are left out that show nothing which others do not. */
const ROWS_MAX = 2 * CORPUS_MAX;

/** Names the corpus of a scenario: another fault budget has another one. */
export function corpusName(file: string, scenario: Pick<Scenario, 'name' | 'faults'>): string {
  return nameOf('corpus', CORPUS_VERSION, file, scenario.name, budgetName(scenario));
}

/** Reads a corpus, as far as the scenario has its entries now. */
export async function readCorpus(
  query: Query,
  name: string,
  scenario: Pick<Scenario, 'hosts'>,
): Promise<StoredCorpus> {
  const [row] = await query(`select explorations from ${SCHEMA}.corpus where name = $1`, [name]);
  const entries = fittingEntries(
    scenario,
    (await rowsOf(query, name)).flatMap(({ entry }) => entry ?? []),
  );
  return {
    explorations: Number(row?.explorations ?? 0),
    entries: boundedCorpus(mergeCorpora(entries), CORPUS_MAX),
  };
}

/** Adds to a corpus what a block found; part of the transaction in which the block is kept. */
export async function addToCorpus(query: Query, name: string, found: readonly Entry[]): Promise<void> {
  if (found.length === 0) return;
  // Who adds later waits, so that nobody leaves out what another one relies on.
  await query(`insert into ${SCHEMA}.corpus (name) values ($1) on conflict do nothing`, [name]);
  await query(`select from ${SCHEMA}.corpus where name = $1 for update`, [name]);
  for (const entry of found.flatMap(storable)) {
    await query(
      `insert into ${SCHEMA}.corpus_entry (corpus, id, entry) values ($1, $2, $3) on conflict do nothing`,
      [name, nameOf(entry), JSON.stringify(entry)],
    );
  }
  const [counted] = await query(
    `select count(*)::integer as rows from ${SCHEMA}.corpus_entry where corpus = $1`,
    [name],
  );
  if (Number(counted?.rows) <= ROWS_MAX) return;
  const rows = await rowsOf(query, name);
  const entries = rows.flatMap(({ entry }) => entry ?? []);
  const kept = new Set(boundedCorpus(mergeCorpora(entries), CORPUS_MAX));
  const rest = rows.filter(({ entry }) => entry === undefined || !kept.has(entry)).map(({ id }) => id);
  await query(`delete from ${SCHEMA}.corpus_entry where corpus = $1 and id = any($2)`, [name, rest]);
}

/** An exploration that used a corpus was told. */
export async function countExploration(query: Query, name: string): Promise<void> {
  await query(
    `insert into ${SCHEMA}.corpus (name, explorations) values ($1, 1)
    on conflict (name) do update set explorations = corpus.explorations + 1`,
    [name],
  );
}

interface EntryRow {
  readonly id: string;
  /** Undefined where it is none, whoever wrote it. */
  readonly entry: Entry | undefined;
}

async function rowsOf(query: Query, name: string): Promise<EntryRow[]> {
  const rows = await query(`select id, entry from ${SCHEMA}.corpus_entry where corpus = $1 order by nth`, [
    name,
  ]);
  return rows.map(({ id, entry }) => ({ id: String(id), entry: entryOf(String(entry)) }));
}

function entryOf(text: string): Entry | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
