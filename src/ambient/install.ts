// Installs the ambient layer and takes it out again: counts its holders, patches for the first and restores
// after the last. What is patched is listed in patches.ts.

import { syncBuiltinESMExports } from 'node:module';
import { EnvironmentError } from '../errors.ts';
import { applyAgain, applyPatches, areUnchanged, restorePatches } from './patch.ts';
import { ambientPatches } from './patches.ts';
import { type AppliedPatch, ambientRegistry } from './registry.ts';
import { patchLateModules } from './traps/late-traps.ts';

/**
 * Installs the ambient layer for a session of runs, unless another holder did already.
 *
 * @returns A function that releases it; calling it again does nothing. The last release restores every
 *   property.
 * @throws {EnvironmentError} If other fake timers are installed, a property cannot be patched, or another
 *   version of wavetank is loaded. Nothing is patched then.
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
  refuseOtherFakeTimers();
  if (registry.holders === 0) {
    registry.patches = install(registry.lastPatches);
    registry.lastPatches = registry.patches;
    syncBuiltinESMExports();
  }
  if (patchLateModules()) syncBuiltinESMExports();
  registry.holders++;
}

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

function refuseOtherFakeTimers(): void {
  const date = Date as { isFake?: unknown; isMock?: unknown };
  // fake-timers (so Sinon, Vitest and Jest) marks `Date` and its timers; node:test's mock.timers marks
  // `Date`, and its timers only by their name.
  const isFaked =
    date.isFake !== undefined ||
    date.isMock !== undefined ||
    'clock' in setTimeout ||
    setTimeout.name.startsWith('bound ');
  if (!isFaked) return;
  throw new EnvironmentError(
    'Expected the timers and Date of Node.js, got fake ones. A simulation brings its own virtual time: ' +
      'take the others out first (`vi.useRealTimers()`, `jest.useRealTimers()`, `clock.uninstall()`, ' +
      '`mock.timers.reset()`).',
  );
}
