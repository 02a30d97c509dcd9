// `process.emitWarning` on a host: the event on the host's own process, and the line on its own stderr.

import process from 'node:process';
import type { HostProcess } from './host-process.ts';

interface WarningOptions {
  readonly type?: unknown;
  readonly code?: unknown;
  readonly detail?: unknown;
}

/** Announces a warning in a later tick, and prints it as Node.js does. */
export function emitWarning(own: HostProcess, args: readonly unknown[]): void {
  const [warning, second, third] = args;
  const options: WarningOptions =
    typeof second === 'object' && second !== null ? second : { type: second, code: third };
  const { type, code, detail } = options;
  const name = typeof type === 'string' ? type : 'Warning';
  const error = warning instanceof Error ? warning : Object.assign(new Error(String(warning)), { name });
  // Node.js tells of experimental features once in the life of the real process: no two runs would be alike.
  if (error.name === 'ExperimentalWarning') return;
  if (typeof code === 'string') Object.assign(error, { code });
  if (typeof detail === 'string') Object.assign(error, { detail });
  process.nextTick(() => {
    own.events.emit('warning', error);
    const shownCode = typeof code === 'string' ? `[${code}] ` : '';
    const shownDetail = typeof detail === 'string' ? `\n${detail}` : '';
    own.write('stderr', `(node:${own.pid}) ${shownCode}${error.name}: ${error.message}${shownDetail}\n`);
  });
}
