// Installs the ambient layer and takes it out again: counts its holders, patches for the first and restores
// after the last. What is patched is listed in patches.ts.

import { syncBuiltinESMExports } from 'node:module';
import { refuseFakeTimers } from './fake-timers.ts';
import { refuseForeignRealm } from './foreign-realm.ts';
import { applyAgain, applyPatches, applyWhereUndone, areUnchanged, restorePatches } from './patch.ts';
import { ambientPatches } from './patches.ts';
import { type AppliedPatch, ambientRegistry } from './registry.ts';
import { patchLateModules } from './traps/late-traps.ts';

/**
 * Installs the ambient layer for a session of runs, unless another holder did already.
 *
 * @returns A function that releases it; calling it again does nothing. The last release restores every
 *   property.
 * @throws {EnvironmentError} If other fake timers are installed, a property cannot be patched, another
 *   version of wavetank is loaded, or this is a `vm` context. Nothing is patched then.
 */
export function acquireAmbient(): () => void {
  const registry = ambientRegistry();
  holdAmbient();
  registry.sessions++;
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    registry.sessions--;
    // Nobody is on a host any more: following contexts costs every promise of the process a little.
    if (registry.sessions === 0) registry.storage.disable();
    registry.holders--;
    if (registry.holders > 0) return;
    restorePatches(registry.patches);
    registry.patches = [];
    for (const undo of registry.onRelease.splice(0)) undo();
    syncBuiltinESMExports();
  };
}

/**
 * Installs the ambient layer for good, unless a holder did already. Outside of a run, everything passes
 * through it unchanged.
 *
 * @throws {EnvironmentError} As {@link acquireAmbient}.
 */
export function holdAmbient(): void {
  const registry = ambientRegistry();
  refuseSurroundings();
  if (registry.holders === 0) {
    registry.patches = install(registry.lastPatches);
    registry.lastPatches = registry.patches;
    syncBuiltinESMExports();
  } else if (applyWhereUndone(registry.patches)) syncBuiltinESMExports();
  if (patchLateModules()) syncBuiltinESMExports();
  registry.holders++;
}

/**
 * Refuses surroundings in which nothing can be simulated.
 *
 * @throws {EnvironmentError} In a `vm` context, and under fake timers.
 */
export function refuseSurroundings(): void {
  refuseForeignRealm();
  refuseFakeTimers();
}

/**
 * Sees to it, before each run, that clocks and timers are those of the hosts: a test beside the exploration
 * may have faked them meanwhile, or put the real ones back that it took before wavetank was loaded.
 *
 * @throws {EnvironmentError} Under fake timers.
 */
export function keepClocks(): void {
  refuseFakeTimers();
  const { patches } = ambientRegistry();
  const clocks = clockPatches.get(patches) ?? patches.filter(({ target }) => target === globalThis);
  clockPatches.set(patches, clocks);
  applyWhereUndone(clocks);
}

/** Those of the globals, which tests fake. */
const clockPatches = new WeakMap<readonly AppliedPatch[], readonly AppliedPatch[]>();

/** Lists what is patched now; empty while nobody holds the ambient layer. */
export function patchedProperties(): readonly AppliedPatch[] {
  return ambientRegistry().patches;
}

/** Patches as the last time, if nothing has changed since, or from scratch. */
function install(last: readonly AppliedPatch[]): readonly AppliedPatch[] {
  if (last.length === 0 || !areUnchanged(last)) return applyPatches(ambientPatches());
  try {
    applyAgain(last);
    return last;
  } catch {
    restorePatches(last);
    // Fails too, and says what it failed at.
    return applyPatches(ambientPatches());
  }
}
