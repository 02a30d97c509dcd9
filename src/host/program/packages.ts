// The packages and built-in modules that programs share: loaded once, for real, outside of every host and
// while the ambient layer is in place; and what a module of a program sees of them.

import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { hostStorage } from '../../ambient/registry.ts';
import { EnvironmentError } from '../../errors.ts';
import { providedModule } from './provided.ts';
import { builtinSpecifier, referenceOf, type Reference } from './reference.ts';

type Exports = Record<string, unknown>;

/** What loading a reference came to. */
type Loaded = { readonly value: unknown } | { readonly error: unknown };

const loaded = new Map<string, Loaded>();
/** The namespaces of built-in modules: Node.js keeps them up to date with what is patched. */
const builtins = new Map<string, Exports>();
const realRequire = createRequire(join(process.cwd(), 'wavetank.cjs'));

/**
 * Loads what a program refers to, in this order. Nothing fails here: what could not be loaded fails who asks
 * for it.
 */
export async function loadReferences(specifiers: Iterable<string>): Promise<void> {
  for (const specifier of specifiers) {
    if (loaded.has(specifier)) continue;
    const reference = referenceOf(specifier);
    if (reference === undefined || reference.kind === 'provided') continue;
    try {
      loaded.set(specifier, { value: await load(reference) });
    } catch (error) {
      loaded.set(specifier, { error });
    }
  }
}

async function load({ kind, target }: Reference): Promise<unknown> {
  if (kind === 'missing') throw notFound(target);
  if (kind === 'builtin') builtins.set(target, (await import(target)) as Exports);
  if (kind === 'import') return import(pathToFileURL(target).href);
  return realRequire(target) as unknown;
}

function notFound(target: string): Error {
  const error = new Error(`Cannot find module '${target}'`);
  return Object.assign(error, { code: 'MODULE_NOT_FOUND' });
}

/** What `require` gives for a reference. @throws what loading it threw. */
export function required(specifier: string): unknown {
  const reference = referenceOf(specifier);
  if (reference?.kind === 'provided') return providedModule(reference.target);
  // The `process` of the host that asks.
  if (reference?.kind === 'builtin' && reference.target === 'node:process') return globalThis.process;
  let known = loaded.get(specifier);
  if (known === undefined) loaded.set(specifier, (known = loadNow(specifier, reference)));
  if ('error' in known) throw known.error;
  return known.value;
}

/** Loads what only turned out to be needed while a host ran: all the same, it is not part of the host. */
function loadNow(specifier: string, reference: Reference | undefined): Loaded {
  if (reference === undefined || reference.kind === 'import') {
    return { error: new EnvironmentError(`Expected ${specifier} to be loaded before the first run.`) };
  }
  try {
    return { value: hostStorage().exit(() => realRequire(reference.target) as unknown) };
  } catch (error) {
    return { error };
  }
}

/** The module namespace that an `import` of a reference sees. @throws what loading it threw. */
export function namespaceOf(specifier: string): Exports {
  const value = required(specifier);
  const { kind, target = '' } = referenceOf(specifier) ?? {};
  // The real namespace of `process` would be that of the real process.
  const builtin = target === 'node:process' ? undefined : builtins.get(target);
  if (builtin !== undefined) return builtin;
  if (kind === 'import') return value as Exports;
  return kind === 'interop' && isCompiled(value) ? value : namespaceOfCommon(value);
}

/** What `import { names } from` sees: a name may also be a property of the default export. */
export function namesOf(specifier: string, names: readonly string[]): Exports {
  const namespace = namespaceOf(specifier);
  if (names.every((name) => name in namespace)) return namespace;
  const fallback = namespace['default'];
  const isObject = (typeof fallback === 'object' && fallback !== null) || typeof fallback === 'function';
  const found: Exports = {};
  for (const name of names) {
    if (name in namespace) found[name] = namespace[name];
    else if (isObject && name in fallback) found[name] = (fallback as Exports)[name];
    else {
      const target = referenceOf(specifier)?.target ?? specifier;
      throw new SyntaxError(`The requested module '${target}' does not provide an export named '${name}'`);
    }
  }
  return found;
}

/** Whether a compiler made it of an ES module. */
function isCompiled(value: unknown): value is Exports {
  return typeof value === 'object' && value !== null && '__esModule' in value;
}

const namespaces = new WeakMap<object, Exports>();

/** The namespace of a CommonJS module: its properties as they are now, and itself as the default. */
export function namespaceOfCommon(value: unknown): Exports {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return { default: value };
  const known = namespaces.get(value);
  if (known !== undefined) return known;
  const namespace = new Proxy(Object.create(null) as Exports, {
    get: (_, key) => (key === 'default' ? value : (Reflect.get(value, key) as unknown)),
    has: (_, key) => key === 'default' || key in value,
    ownKeys: () => [...new Set([...Reflect.ownKeys(value), 'default'])].filter(isConfigurable),
    getOwnPropertyDescriptor: (_, key) =>
      key === 'default' || key in value
        ? {
            value: key === 'default' ? value : (Reflect.get(value, key) as unknown),
            enumerable: true,
            configurable: true,
          }
        : undefined,
  });
  namespaces.set(value, namespace);
  return namespace;
}

function isConfigurable(key: PropertyKey): boolean {
  return key !== 'prototype' && key !== 'arguments' && key !== 'caller';
}

/** A dynamic `import`, in microtasks only: of what was loaded before the run. */
export async function importNow(specifier: unknown): Promise<unknown> {
  const text = String(specifier);
  if (referenceOf(text) !== undefined) return namespaceOf(text);
  if (isBuiltin(text)) return namespaceOf(builtinSpecifier(text));
  if (text.endsWith('.json') && isAbsolute(text))
    return { default: JSON.parse(readFileSync(text, 'utf8')) as unknown };
  throw new EnvironmentError(
    `import(${JSON.stringify(text)}) was called with what is no literal: expected a specifier that stands ` +
      'in the code, because modules are loaded before a run, got one that is known only now. ' +
      'Write it as a literal.',
  );
}
