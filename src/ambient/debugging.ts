// Whether a debugger looks at this process, or soon will.

import inspector from 'node:inspector';
import { ambientRegistry } from './registry.ts';

/** From now on, code is compiled for a debugger: before anything is loaded that it is to show. */
export function expectDebugger(): void {
  ambientRegistry().expectsDebugger = true;
}

/** Whether code is to say where its sources are. */
export function isForDebugger(): boolean {
  return ambientRegistry().expectsDebugger === true || inspector.url() !== undefined;
}

/** Whether a debugger may hold up what runs now. */
export function isInspected(): boolean {
  return inspector.url() !== undefined;
}
