// Traps in modules that wavetank does not load itself, because loading them prints a warning or costs a lot:
// they are patched once somebody else has loaded them.

import Module from 'node:module';
import process from 'node:process';
import { type AnyFunction, applyPatches, type Patch, patchMethod } from '../patch.ts';
import { ambientRegistry } from '../registry.ts';
import { apiName, patchesOf } from './trap-patches.ts';
import { lateTrapList, type TrapEntry } from './trap-list.ts';

const loaders = Module as unknown as { _load: AnyFunction };

/** Patches what loads a built-in module for CommonJS, so that its traps are in place when it is there. */
export function lateTrapPatches(): Patch[] {
  const noticing = (original: AnyFunction): AnyFunction =>
    function (this: unknown, ...args: unknown[]): unknown {
      const loaded: unknown = Reflect.apply(original, this, args);
      const [name] = args;
      if (typeof name === 'string' && isLate(name.replace(/^node:/, ''))) patchLateModules();
      return loaded;
    };
  return [
    patchMethod('Module._load', loaders, '_load', noticing),
    patchMethod('process.getBuiltinModule', process, 'getBuiltinModule', noticing),
  ];
}

/** Traps the late modules that were loaded meanwhile. To be called while the ambient layer is installed. */
export function patchLateModules(): boolean {
  const registry = ambientRegistry();
  if (registry.patches.length === 0) return false;
  const patched = new Set(registry.patches.map(({ name }) => name));
  const isNew = ({ module, keys }: TrapEntry): boolean =>
    isLoaded(module) && keys.every((key) => !patched.has(apiName(module, key)));
  const applied = applyPatches(patchesOf(lateTrapList.filter(isNew)));
  if (applied.length === 0) return false;
  registry.patches = [...registry.patches, ...applied];
  registry.lastPatches = registry.patches;
  return true;
}

function isLate(name: string): boolean {
  return lateTrapList.some(({ module }) => module === name);
}

function isLoaded(module: string): boolean {
  // Undocumented, and there on every version; without it, these modules are not trapped.
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  return moduleLoadList?.includes(`NativeModule ${module}`) ?? false;
}
