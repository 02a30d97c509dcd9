// Makes patches of the trap list: outside of a host the original runs, untouched.

import process from 'node:process';
import type { AnyFunction, Patch } from '../patch.ts';
import { currentHost } from '../registry.ts';
import { escape } from './trap.ts';
import { type TrapEntry, trapList } from './trap-list.ts';

// Taken before it is patched itself.
const builtinModule = process.getBuiltinModule.bind(process);

type Class = new (...args: unknown[]) => object;

/** Patches everything on the trap list. */
export function trapPatches(): Patch[] {
  return patchesOf(trapList);
}

/** Patches the functions of some entries. Loads their modules. */
export function patchesOf(entries: readonly TrapEntry[]): Patch[] {
  return entries.flatMap((entry) =>
    entry.keys.flatMap((path) => {
      const found = findProperty(entry.module, path);
      if (found === undefined) return [];
      const name = apiName(entry.module, path);
      const make = (original: unknown): unknown => trap(original as AnyFunction, name, entry);
      return [{ name, ...found, part: 'value' as const, make }];
    }),
  );
}

/** A function as people write it: `Atomics.wait`, `child_process.spawn`, `inspector.Session.connect`. */
export function apiName(module: string, path: string): string {
  const short = path.replace('.prototype.', '.').replace(/^performance\./, '');
  return module === 'globalThis' ? short : `${module}.${short}`;
}

function findProperty(module: string, path: string): { target: object; key: string } | undefined {
  const keys = path.split('.');
  const key = keys.pop() as string;
  let target: unknown = module === 'globalThis' ? globalThis : moduleHere(module);
  for (const each of keys) target = (target as Record<string, unknown> | undefined)?.[each];
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null) return undefined;
  return key in target ? { target, key } : undefined;
}

/** A module, unless it says that it cannot be loaded here: node:trace_events in a worker thread. */
function moduleHere(module: string): object | undefined {
  try {
    return builtinModule(`node:${module}`);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_TRACE_EVENTS_UNAVAILABLE') return undefined;
    throw error;
  }
}

/** A proxy: a class keeps its statics and subclasses, a function its properties (`promisify.custom`). */
function trap(original: AnyFunction, api: string, { wayOut, when }: TrapEntry): AnyFunction {
  const check = (args: unknown[], self: unknown): void => {
    const host = currentHost();
    if (host === undefined || when?.(args, self) === false) return;
    escape(host, api, args, wayOut);
  };
  const trapped: AnyFunction = new Proxy(original, {
    apply(target, self, args: unknown[]) {
      check(args, self);
      return Reflect.apply(target, self, args);
    },
    construct(target, args: unknown[], newTarget: unknown) {
      check(args, undefined);
      const maker = (newTarget === trapped ? target : newTarget) as Class;
      return Reflect.construct(target as unknown as Class, args, maker);
    },
  });
  return trapped;
}
