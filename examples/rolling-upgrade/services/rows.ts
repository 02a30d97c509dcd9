// Reads a row, changes it and writes it back; again, if somebody else was faster.

import type { Row } from './database.ts';

type Fields = Row['fields'];

const DATABASE = 'http://database:5000/rows';
const ATTEMPTS_MAX = 10;

/** Changes a row of the database. @returns its fields as they were written. */
export async function changeRow(id: string, change: (fields: Fields) => Fields): Promise<Fields> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const { revision, fields } = (await (await fetch(`${DATABASE}/${id}`)).json()) as Row;
    const changed = change(fields);
    const body = JSON.stringify({ revision, fields: changed });
    const answer = await fetch(`${DATABASE}/${id}`, { method: 'PUT', body });
    if (answer.ok) return changed;
  }
  throw new Error(`row ${id} is always changed by others`);
}
