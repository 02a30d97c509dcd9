// Source maps of Node.js: on while wavetank is installed and somebody needs them, and as before afterwards.

import process from 'node:process';
import { ambientRegistry } from './registry.ts';

interface MapSettings {
  readonly sourceMapsEnabled?: boolean;
}

/** Enables source maps until the ambient layer is released. */
export function enableSourceMaps(): void {
  const { sourceMapsEnabled = false } = process as MapSettings;
  if (sourceMapsEnabled) return;
  process.setSourceMapsEnabled(true);
  ambientRegistry().onRelease.push(() => process.setSourceMapsEnabled(false));
}
