// Stops a call that would leave the simulation, with an error that names the API, the host and the line. What
// is stopped is the business of the lists beside this file, and of whoever calls `escape`.

import process from 'node:process';
import { longStack, userSiteOf } from '../../engine/call-site.ts';
import { EscapeError } from '../../errors.ts';
import type { HostContext } from '../context.ts';

// The folder of the test run, not that of a host.
const folder = process.cwd();

const SHOWN_MAX = 40;

/**
 * Stops a call of a host, and notes it: the run fails with this error even where the code catches it.
 *
 * @param api - The function as people call it: `child_process.spawn`.
 * @param args - Shown shortened.
 * @param wayOut - What to do about it, as one or more sentences.
 * @throws {EscapeError} Always.
 */
export function escape(host: HostContext, api: string, args: readonly unknown[], wayOut: string): never {
  const did = `called \`${api}(${args.map(shortly).join(', ')})\``;
  throw noteEscape(host, { api, did, wayOut, stack: longStack() });
}

/** Notes an escape that is found when it is too late to stop it. @returns the error that was noted. */
export function noteEscape(
  host: HostContext,
  found: { api: string; did: string; wayOut: string; stack: string | undefined },
): EscapeError {
  const { api, did, wayOut, stack } = found;
  const { site, caller } = userSiteOf(stack, folder) ?? {};
  const atMs = host.timers.engine.nowUs / 1000;
  const error = new EscapeError({ api, did, host: host.name, site, caller, atMs, wayOut });
  host.escaped(error);
  return error;
}

/** An argument in a few characters: enough to recognize the call. */
function shortly(value: unknown): string {
  if (typeof value === 'string') return cut(JSON.stringify(value));
  if (typeof value === 'function') return value.name === '' ? '() => ...' : value.name;
  if (typeof value !== 'object' || value === null) return cut(String(value));
  if (Array.isArray(value)) return value.length === 0 ? '[]' : cut(`[${value.map(shortly).join(', ')}]`);
  if (value instanceof URL) return cut(`URL ${value.href}`);
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  if (name !== undefined && name !== 'Object') return typeof name === 'string' ? name : '...';
  return Object.keys(value).length === 0 ? '{}' : '{ ... }';
}

function cut(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 3)}...` : text;
}
