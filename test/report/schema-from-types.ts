// Makes the JSON schema of the report document from its TypeScript types; their comments are its
// descriptions. What `JSON.stringify` leaves out of a document (`undefined`) is never required.

import { readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import type { Comment, Statement, TSSignature, TSType } from 'oxc-parser';
import { root } from '../runner.ts';

/** A schema that is being made. */
type Made = Record<string, unknown>;
type Members = readonly TSSignature[];

interface Declared {
  readonly module: Module;
  readonly node: Extract<Statement, { type: 'TSInterfaceDeclaration' | 'TSTypeAliasDeclaration' }>;
  /** Where its comment ends. */
  readonly start: number;
}

interface Module {
  readonly path: string;
  readonly text: string;
  readonly comments: readonly Comment[];
  readonly declared: Map<string, Declared>;
  /** The literal values of constants. */
  readonly constants: Map<string, unknown>;
  /** What is imported, by name: the file that it comes from. */
  readonly imported: Map<string, string>;
}

const ENTRY = 'src/report/document.ts';

/** The schema of `ReportDocument`, JSON Schema 2020-12. */
export function schemaFromTypes(): Made {
  return new Generator().document('ReportDocument');
}

class Generator {
  readonly #modules = new Map<string, Module>();
  readonly #defs = new Map<string, Made>();
  /** Which file each definition is of: names are to be unique. */
  readonly #places = new Map<string, string>();

  document(name: string): Made {
    const entry = this.#found(this.#module(ENTRY), name);
    const { description, ...rest } = this.#definition(entry);
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: name,
      description,
      ...rest,
      $defs: Object.fromEntries([...this.#defs].toSorted(([left], [right]) => (left < right ? -1 : 1))),
    };
  }

  #module(path: string): Module {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const text = readFileSync(join(root, path), 'utf8');
    const { program, comments } = parseSync(path, text);
    const module: Module = {
      ...{ path, text, comments },
      declared: new Map(),
      constants: new Map(),
      imported: new Map(),
    };
    this.#modules.set(path, module);
    for (const statement of program.body) readStatement(module, statement);
    return module;
  }

  #found(module: Module, name: string): Declared {
    const from = module.imported.get(name);
    if (from !== undefined) return this.#found(this.#module(from), name);
    const declared = module.declared.get(name);
    if (declared === undefined) throw new Error(`${module.path}: there is no type ${name}`);
    return declared;
  }

  #definition({ module, node, start }: Declared): Made {
    const description = commentBefore(module, start);
    if (node.type === 'TSTypeAliasDeclaration') {
      return { ...description, ...this.#type(module, node.typeAnnotation) };
    }
    return { ...description, ...this.#object(module, this.#members(module, node)) };
  }

  /** Those of the interfaces that it extends first. */
  #members(module: Module, node: Declared['node']): { module: Module; member: TSSignature }[] {
    if (node.type !== 'TSInterfaceDeclaration')
      throw new Error(`${module.path}: only interfaces are extended`);
    const inherited = node.extends.flatMap(({ expression }) => {
      if (expression.type !== 'Identifier') throw new Error(`${module.path}: cannot read what is extended`);
      const base = this.#found(module, expression.name);
      return this.#members(base.module, base.node);
    });
    return [...inherited, ...node.body.body.map((member) => ({ module, member }))];
  }

  #object(_module: Module, members: readonly { module: Module; member: TSSignature }[]): Made {
    const properties: Record<string, Made> = {};
    const required: string[] = [];
    for (const { module, member } of members) {
      if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') {
        throw new Error(`${module.path}: only plain properties have a schema`);
      }
      const type = member.typeAnnotation?.typeAnnotation;
      if (type === undefined) throw new Error(`${module.path}: ${member.key.name} has no type`);
      properties[member.key.name] = { ...commentBefore(module, member.start), ...this.#type(module, type) };
      if (!member.optional && type.type !== 'TSUnknownKeyword') required.push(member.key.name);
    }
    return { type: 'object', properties, required };
  }

  #type(module: Module, type: TSType): Made {
    switch (type.type) {
      case 'TSStringKeyword':
        return { type: 'string' };
      case 'TSNumberKeyword':
        return { type: 'number' };
      case 'TSBooleanKeyword':
        return { type: 'boolean' };
      case 'TSNullKeyword':
        return { type: 'null' };
      case 'TSUnknownKeyword':
        return {};
      case 'TSParenthesizedType':
      case 'TSTypeOperator':
        return this.#type(module, type.typeAnnotation);
      case 'TSArrayType':
        return { type: 'array', items: this.#type(module, type.elementType) };
      case 'TSTupleType':
        return this.#tuple(module, type.elementTypes as readonly TSType[]);
      case 'TSTypeLiteral':
        return this.#object(
          module,
          (type.members as Members).map((member) => ({ module, member })),
        );
      case 'TSLiteralType':
        return { const: (type.literal as { value?: unknown }).value };
      case 'TSTypeQuery':
        return { const: module.constants.get((type.exprName as { name: string }).name) };
      case 'TSUnionType':
        return this.#union(module, type.types);
      case 'TSTypeReference':
        return this.#reference(module, type);
      default:
        throw new Error(`${module.path}: a ${type.type} has no schema yet`);
    }
  }

  #tuple(module: Module, types: readonly TSType[]): Made {
    const prefixItems = types.map((each) => {
      const inner = (each as { type: string }).type === 'TSNamedTupleMember';
      return this.#type(module, inner ? (each as unknown as { elementType: TSType }).elementType : each);
    });
    return { type: 'array', prefixItems, minItems: prefixItems.length, items: false };
  }

  #union(module: Module, types: readonly TSType[]): Made {
    const made = types.map((each) => this.#type(module, each));
    if (made.every((each) => 'const' in each)) return { enum: made.map((each) => each.const) };
    // What stands for names alone is one list with them: `OutcomeType | 'pending'`.
    const values = made.map((each) => this.#values(each));
    if (values.every((each) => each !== undefined)) return { enum: values.flat() };
    return { anyOf: made };
  }

  #values(made: Made): unknown[] | undefined {
    if ('const' in made) return [made.const];
    if ('enum' in made) return made.enum as unknown[];
    const name = typeof made.$ref === 'string' ? made.$ref.replace('#/$defs/', '') : '';
    const definition = this.#defs.get(name);
    return definition === undefined ? undefined : this.#values(definition);
  }

  #reference(module: Module, type: Extract<TSType, { type: 'TSTypeReference' }>): Made {
    const { name } = type.typeName as { name: string };
    const parameters = type.typeArguments?.params ?? [];
    const [first, second] = parameters;
    if (name === 'Readonly' && first !== undefined) return this.#type(module, first);
    if (name === 'Record' && second !== undefined) {
      return { type: 'object', additionalProperties: this.#type(module, second) };
    }
    const declared = this.#found(module, name);
    const place = this.#places.get(name);
    if (place !== undefined && place !== declared.module.path) {
      throw new Error(`${name} is a type of ${place}, and another of ${declared.module.path}`);
    }
    if (place === undefined) {
      this.#places.set(name, declared.module.path);
      // Types may contain themselves.
      this.#defs.set(name, {});
      this.#defs.set(name, this.#definition(declared));
    }
    return { $ref: `#/$defs/${name}` };
  }
}

function readStatement(module: Module, statement: Statement): void {
  if (statement.type === 'ImportDeclaration') {
    const { value } = statement.source;
    if (!value.startsWith('.')) return;
    const path = posix.join(dirname(module.path), value);
    for (const { local } of statement.specifiers) module.imported.set(local.name, path);
    return;
  }
  const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (node?.type === 'TSInterfaceDeclaration' || node?.type === 'TSTypeAliasDeclaration') {
    module.declared.set(node.id.name, { module, node, start: statement.start });
  }
  if (node?.type !== 'VariableDeclaration') return;
  for (const { id, init } of node.declarations) {
    if (id.type === 'Identifier' && init?.type === 'Literal') module.constants.set(id.name, init.value);
  }
}

/** The documentation comment that ends right before a place. */
function commentBefore({ text, comments }: Module, start: number): { description?: string } {
  const comment = comments.findLast(({ end }) => end <= start);
  if (comment === undefined || text.slice(comment.end, start).trim() !== '') return {};
  if (comment.type !== 'Block' || !comment.value.startsWith('*')) return {};
  const lines = comment.value.slice(1).split('\n');
  return {
    description: lines
      .map((line) => line.replace(/^\s*\*?\s?/, '').trim())
      .join(' ')
      .trim(),
  };
}
