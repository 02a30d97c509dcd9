// The published schema is that of the types, accepts documents of every kind, and refuses anything else; and
// the comparison that reads stored reports decides as a complete implementation of JSON Schema does.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schemaProblem, type Schema } from '../../src/report/json-schema.ts';
import { root } from '../runner.ts';
import { fullDocument } from './sample-documents.ts';
import { schemaFromTypes } from './schema-from-types.ts';

const schema = JSON.parse(readFileSync(join(root, 'report.schema.json'), 'utf8')) as Schema;
const isValid = new Ajv2020({ strict: true, strictTypes: false }).compile(schema);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const plain = (): Json => JSON.parse(JSON.stringify(fullDocument)) as Json;

/** The same schema, by which an object has nothing but what is declared. */
function closed(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(closed);
  if (typeof given !== 'object' || given === null) return given;
  const inner = Object.fromEntries(Object.entries(given).map(([name, each]) => [name, closed(each)]));
  return 'properties' in given && 'type' in given ? { ...inner, additionalProperties: false } : inner;
}

/** Makes each document that differs from the full one in one place, one after another. */
function forEachMutant(look: (mutant: Json, place: string) => void): void {
  const document = plain();
  const visit = (holder: Json, path: string): void => {
    if (typeof holder !== 'object' || holder === null) return;
    const inner = holder as Record<string, Json>;
    for (const name of Object.keys(holder)) {
      const [value, place] = [inner[name] as Json, `${path}.${name}`];
      for (const other of [null, 'nonsense', -0.5, true, {}, [], [1]]) {
        inner[name] = other;
        look(document, `${place} = ${JSON.stringify(other)}`);
      }
      if (!Array.isArray(holder)) {
        delete inner[name];
        look(document, `no ${place}`);
      }
      inner[name] = value;
      visit(value, place);
    }
  };
  visit(document, '');
}

describe('report.schema.json', () => {
  test('is made from the types of the document', () => {
    const hint = 'node --conditions=wavetank-source --import tsx test/report/update-schema.ts';
    assert.deepEqual(schema, schemaFromTypes(), `If the types shall be so: ${hint}`);
  });

  test('accepts a document that has everything, and knows all that is in it', () => {
    assert.ok(isValid(plain()), JSON.stringify(isValid.errors));
    const isKnown = new Ajv2020({ strict: true, strictTypes: false }).compile(closed(schema) as Schema);
    assert.ok(isKnown(plain()), JSON.stringify(isKnown.errors));
    const more = plain() as { scenarios: { more?: number }[] };
    (more.scenarios[0] ?? {}).more = 1;
    assert.ok(!isKnown(more), 'a property that is not in the types is noticed');
    assert.ok(isValid(more), 'and what a later version adds does no harm');
  });

  test('describes nothing that the document made by hand has not', () => {
    const names = new Set<string>();
    const visit = (value: Json): void => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, each] of Object.entries(value)) {
        names.add(name);
        visit(each);
      }
    };
    visit(plain());
    const described: string[] = [];
    const look = (given: unknown): void => {
      if (typeof given !== 'object' || given === null) return;
      for (const [name, each] of Object.entries(given)) {
        if (name === 'properties') described.push(...Object.keys(each as object));
        look(each);
      }
    };
    look(schema);
    assert.ok(described.length > 150, `${described.length}`);
    assert.deepEqual(
      described.filter((name) => !names.has(name)),
      [],
    );
  });

  test('refuses a document that differs in one place; readers say where', () => {
    let refused = 0;
    forEachMutant((mutant, place) => {
      const problem = schemaProblem(mutant, schema);
      assert.equal(problem === undefined, isValid(mutant), `${place}: ${problem}`);
      if (problem !== undefined) refused++;
    });
    assert.ok(refused > 2_000, `${refused} of the mutants are refused`);
  });
});

describe('a problem with a schema', () => {
  const cases: [change: (document: Record<string, never>) => void, said: string][] = [
    [(all) => delete all.scenarios, '`scenarios` is missing'],
    [
      (all) => set(all, 'scenarios.0.runs', '5'),
      '`scenarios[0].runs`: expected a number, got `"5"` (string)',
    ],
    [
      (all) => set(all, 'scenarios.0.tags.0', null),
      '`scenarios[0].tags[0]`: expected a string, got `null` (null)',
    ],
    [
      (all) => set(all, 'scenarios.0.reached', { 'a b': '1' }),
      '`scenarios[0].reached["a b"]`: expected a number, got `"1"` (string)',
    ],
    [
      (all) => set(all, 'scenarios.1.failure.run.trace.1.fate', 'eaten'),
      '`scenarios[1].failure.run.trace[1].fate`: expected "delivered", "dropped", "lost", "cut off", ' +
        '"reset", "refused", "failed", "held", "stalled", got `"eaten"` (string)',
    ],
    [
      (all) => set(all, 'scenarios.1.failure.evidence.kind', 'rumour'),
      '`scenarios[1].failure.evidence.kind`: expected "records", "order", "cycle", ' +
        '"operations", "requests", got `"rumour"` (string)',
    ],
    [
      (all) => set(all, 'scenarios.1.failure.run.trace.1.content.headers.0', ['a']),
      '`scenarios[1].failure.run.trace[1].content.headers[0]`: expected an array of 2, got `["a"]` (array)',
    ],
  ];
  for (const [change, said] of cases) {
    test(said.slice(0, 70), () => {
      const document = plain() as Record<string, never>;
      change(document);
      assert.equal(schemaProblem(document, schema), said);
    });
  }
});

function set(document: object, path: string, value: unknown): void {
  const names = path.split('.');
  let holder = document as Record<string, unknown>;
  for (const name of names.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  holder[names.at(-1) ?? ''] = value;
}
