// Compares a JSON value with a schema, and says where the two differ first. Of JSON Schema 2020-12 it knows
// what `report.schema.json` uses, which a test makes sure of.

import { describeValue } from '../errors.ts';

/** A schema, as far as it is understood here. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: 'string' | 'number' | 'boolean' | 'array' | 'object';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly anyOf?: readonly Schema[];
}

const REF = '#/$defs/';

/** @returns what is wrong and where, as in "`steps`: expected a number, got `null` (null)"; or nothing. */
export function schemaProblem(value: unknown, schema: Schema): string | undefined {
  return new Comparison(schema).problem(value, schema, '');
}

class Comparison {
  readonly #defs: Readonly<Record<string, Schema>>;

  constructor({ $defs = {} }: Schema) {
    this.#defs = $defs;
  }

  problem(value: unknown, given: Schema, path: string): string | undefined {
    const schema = this.#resolved(given);
    if (schema.anyOf !== undefined) return this.#anyOf(value, schema.anyOf, path);
    if ('const' in schema && value !== schema.const)
      return expected(path, JSON.stringify(schema.const), value);
    if (schema.enum !== undefined && !schema.enum.includes(value)) {
      return expected(path, schema.enum.map((each) => JSON.stringify(each)).join(', '), value);
    }
    if (schema.type !== undefined && typeOf(value) !== schema.type) {
      return expected(path, `${/^[ao]/.test(schema.type) ? 'an' : 'a'} ${schema.type}`, value);
    }
    if (Array.isArray(value)) return this.#items(value, schema, path);
    return typeOf(value) === 'object' ? this.#properties(value as object, schema, path) : undefined;
  }

  #resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const found = this.#defs[schema.$ref.slice(REF.length)];
    if (found === undefined) throw new TypeError(`The schema has no ${schema.$ref}.`);
    return found;
  }

  #properties(value: object, schema: Schema, path: string): string | undefined {
    const { properties = {}, required = [], additionalProperties } = schema;
    for (const name of required) {
      if (!Object.hasOwn(value, name)) return `\`${joined(path, name)}\` is missing`;
    }
    for (const [name, each] of Object.entries(value)) {
      const inner = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
      const problem = inner === undefined ? undefined : this.problem(each, inner, joined(path, name));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #items(value: readonly unknown[], schema: Schema, path: string): string | undefined {
    const { items, prefixItems = [], minItems = 0 } = schema;
    const isLong = items === false && value.length > prefixItems.length;
    if (value.length < minItems || isLong) return expected(path, `an array of ${minItems}`, value);
    for (const [i, each] of value.entries()) {
      const inner = prefixItems[i] ?? items;
      const problem =
        inner === undefined || inner === false ? undefined : this.problem(each, inner, `${path}[${i}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** The alternative that the value says it is, by its `kind`; else any. */
  #anyOf(value: unknown, alternatives: readonly Schema[], path: string): string | undefined {
    const resolved = alternatives.map((each) => this.#resolved(each));
    const kinds = resolved.map(({ properties }) => properties?.kind?.const);
    if (kinds.every((kind) => typeof kind === 'string')) {
      const kind: unknown = typeOf(value) === 'object' ? (value as { kind?: unknown }).kind : undefined;
      const chosen = resolved[kinds.indexOf(kind as string)];
      if (chosen !== undefined) return this.problem(value, chosen, path);
      return expected(joined(path, 'kind'), kinds.map((each) => JSON.stringify(each)).join(', '), kind);
    }
    const problems = resolved.map((each) => this.problem(value, each, path));
    return problems.includes(undefined) ? undefined : problems[0];
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function expected(path: string, expectation: string, got: unknown): string {
  const place = path === '' ? 'the document' : `\`${path}\``;
  return `${place}: expected ${expectation}, got ${describeValue(got)}`;
}

function joined(path: string, name: string): string {
  if (!/^[\w$]+$/.test(name)) return `${path}[${JSON.stringify(name.slice(0, 100))}]`;
  return path === '' ? name : `${path}.${name}`;
}
