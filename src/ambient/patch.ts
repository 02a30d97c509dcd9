// One patch: how a property is replaced and how it is put back, and the dispatch by the calling host.
// What is replaced by what is the business of the other files of this folder.

import { EnvironmentError, InternalError } from '../errors.ts';
import type { HostContext } from './context.ts';
import { type AppliedPatch, currentHost } from './registry.ts';

/** A function of Node.js, as a patch sees it. */
export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** A property to replace while the ambient layer is installed. */
export interface Patch {
  /** The property in words: `process.hrtime`. */
  readonly name: string;
  readonly target: object;
  readonly key: PropertyKey;
  readonly part: 'value' | 'get' | 'accessor';
  make(original: unknown): unknown;
}

/** Replaces the value of a property. */
export function patchValue(name: string, target: object, key: PropertyKey, value: unknown): Patch {
  return { name, target, key, part: 'value', make: () => value };
}

/** Replaces a method, keeping the name and length of the original. */
export function patchMethod(
  name: string,
  target: object,
  key: PropertyKey,
  make: (original: AnyFunction) => AnyFunction,
): Patch {
  return {
    name,
    target,
    key,
    part: 'value',
    make: (original) => likeOriginal(original as AnyFunction, make),
  };
}

/** Replaces the getter of an accessor property. */
export function patchGetter(
  name: string,
  target: object,
  key: PropertyKey,
  make: (original: AnyFunction) => AnyFunction,
): Patch {
  return { name, target, key, part: 'get', make: (original) => likeOriginal(original as AnyFunction, make) };
}

/** How a property is read and written. */
export interface Accessor {
  readonly get: () => unknown;
  readonly set: (value: unknown) => void;
}

/** Replaces a property by an accessor. What is set on the original stays after it was restored. */
export function patchAccessor(
  name: string,
  target: object,
  key: PropertyKey,
  make: (original: Accessor) => Accessor,
): Patch {
  return { name, target, key, part: 'accessor', make: (original) => make(original as Accessor) };
}

/** Makes a function that runs `virtual` when a host calls it, and the original, untouched, when not. */
export function dispatch(
  original: AnyFunction,
  virtual: (host: HostContext, args: unknown[], self: unknown) => unknown,
): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    const host = currentHost();
    return host === undefined ? Reflect.apply(original, this, args) : virtual(host, args, this);
  };
}

/** What runs in place of a method where a host calls it; the method itself is still at hand. */
export type HostMethod<Self> = (
  host: HostContext,
  self: Self,
  args: unknown[],
  original: AnyFunction,
) => unknown;

/** Replaces a method of a prototype for code of hosts. Outside of a host the original runs, untouched. */
export function patchForHosts<Self>(
  owner: string,
  prototype: object,
  key: string,
  virtual: HostMethod<Self>,
): Patch {
  const make = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      const host = currentHost();
      if (host === undefined) return Reflect.apply(original, this, args);
      return virtual(host, this as Self, args, original);
    };
  return patchMethod(`${owner}.prototype.${key}`, prototype, key, make);
}

/** Lets Node.js refuse arguments that it does not accept, so that the error is the one it always throws. */
export function refuseAsNode(original: AnyFunction, self: unknown, args: unknown[]): never {
  Reflect.apply(original, self, args);
  throw new InternalError(`Node.js accepts arguments of \`${original.name}\` that wavetank does not.`);
}

/** Finds the object of the prototype chain that owns a property. */
export function ownerOf(object: object, key: PropertyKey): object {
  let owner: object | null = object;
  while (owner !== null && !Object.hasOwn(owner, key)) owner = Object.getPrototypeOf(owner) as object | null;
  return owner ?? object;
}

/**
 * Applies all patches, or none.
 *
 * @throws {EnvironmentError} If a property cannot be replaced; those before it are restored.
 */
export function applyPatches(patches: readonly Patch[]): AppliedPatch[] {
  const applied: AppliedPatch[] = [];
  for (const patch of patches) {
    try {
      applied.push(applyPatch(patch));
    } catch (error) {
      restorePatches(applied);
      const reason = error instanceof Error ? error.message : String(error);
      const refusal = new EnvironmentError(
        `Expected to patch \`${patch.name}\`, got: ${reason}. ` +
          'Something froze it before wavetank came: load wavetank first (`node --import wavetank/register`).',
      );
      throw Object.defineProperty(refusal, 'cause', { value: error, configurable: true, writable: true });
    }
  }
  return applied;
}

/** Whether every property is as it was when it was patched the last time. */
export function areUnchanged(applied: readonly AppliedPatch[]): boolean {
  // Of a property that is patched twice, only the first patch was put upon the real one.
  const seen = new Map<object, Set<PropertyKey>>();
  return applied.every(({ target, key, before }) => {
    const keys = seen.get(target) ?? new Set();
    if (keys.has(key)) return true;
    seen.set(target, keys.add(key));
    const now = Object.getOwnPropertyDescriptor(target, key);
    return (
      now?.value === before?.value &&
      now?.get === before?.get &&
      (now === undefined) === (before === undefined)
    );
  });
}

/** Puts the same replacements in place again: a hundred times cheaper than making them anew. */
export function applyAgain(applied: readonly AppliedPatch[]): void {
  for (const { target, key, patched } of applied) Object.defineProperty(target, key, patched);
}

/**
 * Puts replacements in place again where somebody put back what was there before. If it is anything else,
 * it is left to whoever put it there.
 *
 * @returns Whether there was such a place.
 */
export function applyWhereUndone(applied: readonly AppliedPatch[]): boolean {
  let wasUndone = false;
  for (const { target, key, before, patched } of applied) {
    const now = Object.getOwnPropertyDescriptor(target, key);
    if (now?.value !== before?.value || now?.get !== before?.get) continue;
    if ((now === undefined) !== (before === undefined)) continue;
    wasUndone = true;
    Object.defineProperty(target, key, patched);
  }
  return wasUndone;
}

/**
 * Restores properties exactly, last patched first. One that somebody patched over since is left to them: they
 * hold our dispatcher as their original, and outside a host it calls the real one.
 */
export function restorePatches(applied: readonly AppliedPatch[]): void {
  for (const { target, key, before, patched } of applied.toReversed()) {
    const now = Object.getOwnPropertyDescriptor(target, key);
    if (now?.value !== patched.value || now?.get !== patched.get) continue;
    if (before === undefined) Reflect.deleteProperty(target, key);
    else Object.defineProperty(target, key, before);
  }
}

function applyPatch(patch: Patch): AppliedPatch {
  const { name, target, key } = patch;
  // Taken before the property is read: some of Node.js' accessors replace themselves when read.
  const before = Object.getOwnPropertyDescriptor(target, key);
  const patched =
    patch.part === 'value'
      ? patchedValue(patch, before)
      : patch.part === 'get'
        ? patchedGetter(patch, before)
        : patchedAccessor(patch, before);
  Object.defineProperty(target, key, patched);
  return { name, target, key, before, patched };
}

function patchedAccessor(patch: Patch, before: PropertyDescriptor | undefined): PropertyDescriptor {
  if (before === undefined || !('value' in before)) throw new TypeError('it is no plain property');
  const original: Accessor = {
    get: () => before.value as unknown,
    set: (value) => {
      before.value = value;
    },
  };
  const { get, set } = patch.make(original) as Accessor;
  return { get, set, enumerable: before.enumerable ?? false, configurable: true };
}

function patchedGetter(patch: Patch, before: PropertyDescriptor | undefined): PropertyDescriptor {
  const getter: unknown = before === undefined ? undefined : Reflect.get(before, 'get');
  if (getter === undefined) throw new TypeError('it has no getter');
  return { ...before, get: patch.make(getter) as () => unknown };
}

function patchedValue(patch: Patch, before: PropertyDescriptor | undefined): PropertyDescriptor {
  const value = patch.make(Reflect.get(patch.target, patch.key));
  if (before !== undefined && 'value' in before) return { ...before, value };
  return { value, writable: true, configurable: true, enumerable: before?.enumerable ?? false };
}

function likeOriginal(original: AnyFunction, make: (original: AnyFunction) => AnyFunction): AnyFunction {
  if (typeof original !== 'function') throw new TypeError(`it is ${typeof original}, not a function`);
  const replacement = make(original);
  for (const key of ['name', 'length']) {
    const own = Object.getOwnPropertyDescriptor(original, key);
    if (own !== undefined) Object.defineProperty(replacement, key, own);
  }
  return replacement;
}
