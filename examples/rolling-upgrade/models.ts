// What the upgrade is compared with: the profile with a key-value store, the row of the database with a
// register that is compared and set.

import type { World } from 'wavetank';
import { linearizable, type Decision, type Operation } from 'wavetank/checkers';
import { casRegister, keyValueStore, type CasInput, type KeyValueInput } from 'wavetank/models';
import { requestsTo, type Answered, type Asked } from '../recorded.ts';
import type { Row } from './services/database.ts';

/** What is saved of a profile. */
export const FIELDS = ['name', 'mail', 'phone'] as const;

export type Field = (typeof FIELDS)[number];

/** What the operation `save` gets. */
export interface Save {
  readonly field: Field;
  readonly value: string;
}

type Access = Operation & { readonly input: KeyValueInput<string> };

/**
 * A profile keeps what was saved. To save is to put a field, and its answer shows the others: each is a read
 * of its own, by a client of its own.
 */
export function profileKeepsFields({ history }: World): Decision {
  const accesses = history.flatMap((operation) => FIELDS.map((field) => accessOf(operation, field)));
  return linearizable(
    keyValueStore<string>(),
    accesses.map((access, id) => ({ ...access, id })),
    { input: ({ input }) => input as KeyValueInput<string> },
  );
}

function accessOf(operation: Operation, key: Field): Access {
  const { field, value } = operation.input as Save;
  const client = `${operation.client}, ${key}`;
  if (key === field) return { ...operation, client, input: { name: 'put', key, value } };
  const shown = (operation.value as Partial<Record<Field, string>> | undefined)?.[key] ?? null;
  return { ...operation, client, input: { name: 'get', key }, value: shown };
}

/** The row is replaced only by who has read the newest revision of it. */
export function rowIsComparedAndSet(world: World): Decision {
  return linearizable(casRegister(0), requestsTo(world, 'database'), {
    input({ name, input }): CasInput<number> {
      if (name === 'GET') return { name: 'read' };
      const { revision } = JSON.parse((input as Asked).body) as Row;
      return { name: 'cas', from: revision, to: revision + 1 };
    },
    output({ name, value }) {
      const { status, body } = value as Answered;
      return name === 'GET' ? (JSON.parse(body) as Row).revision : status === 200;
    },
  });
}
