// What each trapped call says, as one text: the errors of traps.txt, and how they are collected.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { apiName } from '../../src/ambient/traps/trap-patches.ts';
import { lateTrapList, trapList } from '../../src/ambient/traps/trap-list.ts';
import type { EscapeError } from '../../src/errors.ts';
import { onHost } from './fake-host.ts';
import { trapCalls } from './trap-calls.ts';

/** The file with the exact errors, made on the newest Node.js by update-trap-texts.ts. */
export const textsFile: string = fileURLToPath(new URL('traps.txt', import.meta.url));

/** The errors of the file by the name of what was called. */
export function knownTexts(): Map<string, string> {
  const parts = readFileSync(textsFile, 'utf8').trimEnd().split('\n\n');
  return new Map(parts.map((part) => [apiOf(part), part]));
}

function apiOf(text: string): string {
  return /called `([\w.]+)\(/.exec(text)?.[1] ?? '';
}

/** The trapped functions that this Node.js has. */
export function trappedApis(): string[] {
  const found = [...trapList, ...lateTrapList].flatMap(({ module, keys }) =>
    keys.filter((key) => exists(module, key)).map((key) => apiName(module, key)),
  );
  return [...new Set(found)];
}

function exists(module: string, path: string): boolean {
  let value: unknown = module === 'globalThis' ? globalThis : builtin(module);
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value !== undefined;
}

/** A built-in module; some print warnings when they are loaded, which are no news here. */
export function builtin(module: string): object | undefined {
  const emitWarning = Object.getOwnPropertyDescriptor(process, 'emitWarning') as PropertyDescriptor;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule(`node:${module}`);
  } finally {
    Object.defineProperty(process, 'emitWarning', emitWarning);
  }
}

/** Makes a trapped call on a host. @returns what was noted, and what came out of the call. */
export async function escapesOf(api: string): Promise<{ noted: readonly EscapeError[]; thrown: unknown }> {
  let thrown: unknown;
  const { host } = await onHost(
    () => {
      try {
        return trapCalls[api]?.();
      } catch (error) {
        thrown = error;
        return undefined;
      }
    },
    { mayFail: true },
  );
  return { noted: host.escapes, thrown };
}

/** An error as the file has it: the place in the code, which every change of a file moves, has a name. */
export function textOf({ name, message }: EscapeError): string {
  return `${name}: ${message.replace(/at \S+:\d+:\d+,/, 'at SITE,')}`;
}
