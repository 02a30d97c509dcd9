// The one registry of what is patched, on `globalThis[Symbol.for('wavetank')]`: so that two copies of the
// package (ES module and CommonJS) share one storage and cannot both patch.

import { AsyncLocalStorage } from 'node:async_hooks';
import { EnvironmentError } from '../errors.ts';
import type { HostContext, HostStorage } from './context.ts';

/** The version of this copy of wavetank: copies of one version share their registry, others refuse. */
export const REGISTRY_VERSION = '0.1.0';

const REGISTRY_KEY = Symbol.for('wavetank');
/** Where markers look, which do not import anything of wavetank: see `sharedSlot` in src/markers.ts. */
const MARKERS_KEY = Symbol.for('wavetank.markers');

/** A property that is patched now, with all that is needed to restore it exactly. */
export interface AppliedPatch {
  /** The property in words: `process.hrtime`. */
  readonly name: string;
  readonly target: object;
  readonly key: PropertyKey;
  /** Its own descriptor before; undefined when it was inherited or absent. */
  readonly before: PropertyDescriptor | undefined;
  readonly patched: PropertyDescriptor;
}

/** What all copies of one version share. */
export interface AmbientRegistry {
  readonly version: string;
  readonly storage: HostStorage;
  /** How many acquired the ambient layer and have not released it. */
  holders: number;
  /** How many of them make runs now. */
  sessions: number;
  /** Whether code under test ever began an asynchronous context of its own; see user-contexts.ts. */
  hasUserContexts: boolean;
  /** What the code of hosts is doing: set while a run keeps a journal; see src/host/activities.ts. */
  activities: AsyncLocalStorage<unknown> | undefined;
  /** Whether a debugger will be let in: code that is compiled before shows its sources; see debugging.ts. */
  expectsDebugger?: boolean;
  /** What is patched now. */
  patches: readonly AppliedPatch[];
  /** What is to be undone when the last holder releases the layer. */
  readonly onRelease: (() => void)[];
  /** What was patched the last time. */
  lastPatches: readonly AppliedPatch[];
}

const registry = findOrCreateRegistry();

/**
 * Gives the registry that all copies of this version share.
 *
 * @throws {EnvironmentError} If a copy of another version was loaded first.
 */
export function ambientRegistry(): AmbientRegistry {
  if (registry.version !== REGISTRY_VERSION) {
    throw new EnvironmentError(
      `Expected one version of wavetank, got ${REGISTRY_VERSION} beside ${registry.version}, ` +
        'which was loaded first. Run `npm ls wavetank` and keep one of them.',
    );
  }
  return registry;
}

/**
 * Gives the storage that tells which host runs.
 *
 * @throws {EnvironmentError} If a copy of another version was loaded first.
 */
export function hostStorage(): HostStorage {
  return ambientRegistry().storage;
}

/** Gives the host whose code runs now; undefined outside a simulation. */
export function currentHost(): HostContext | undefined {
  return registry.storage.getStore();
}

function findOrCreateRegistry(): AmbientRegistry {
  const known = (globalThis as Record<symbol, unknown>)[REGISTRY_KEY] as AmbientRegistry | undefined;
  if (known !== undefined) return known;
  const created: AmbientRegistry = {
    version: REGISTRY_VERSION,
    storage: new AsyncLocalStorage<HostContext>(),
    holders: 0,
    sessions: 0,
    hasUserContexts: false,
    activities: undefined,
    patches: [],
    onRelease: [],
    lastPatches: [],
  };
  Object.defineProperty(globalThis, REGISTRY_KEY, { value: created, configurable: true });
  showToMarkers(created.storage);
  return created;
}

function showToMarkers(storage: HostStorage): void {
  const found = (globalThis as Record<symbol, unknown>)[MARKERS_KEY] as { storage: unknown } | undefined;
  if (found === undefined) Object.defineProperty(globalThis, MARKERS_KEY, { value: { storage } });
  else found.storage = storage;
}
