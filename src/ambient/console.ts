// What a host prints: `console` and the writes to `process.stdout` and `process.stderr`.

import { Console } from 'node:console';
import process from 'node:process';
import type { HostContext } from './context.ts';
import { type AnyFunction, type Patch, dispatch, patchMethod } from './patch.ts';
import type { StreamName } from './process/standard-streams.ts';

/** Patches the methods of `console`, and `write` of the standard streams. */
export function consolePatches(): Patch[] {
  const consoles = new WeakMap<HostContext, Console>();
  const consoleOf = (host: HostContext): Console => {
    let known = consoles.get(host);
    if (known === undefined) consoles.set(host, (known = hostConsole(host)));
    return known;
  };
  const methods = Object.keys(Console.prototype).filter(
    (key) => typeof console[key as keyof Console] === 'function',
  ) as (keyof Console)[];
  return [
    ...methods.map((key) =>
      patchMethod(`console.${key}`, console, key, (original) =>
        dispatch(original, (host, args) => {
          const own = consoleOf(host);
          return Reflect.apply(own[key] as AnyFunction, own, args);
        }),
      ),
    ),
    patchedWrite('stdout'),
    patchedWrite('stderr'),
  ];
}

/** A console of Node.js itself, so that groups, counters and tables are as they should be. */
function hostConsole(host: HostContext): Console {
  const sink = (stream: StreamName): NodeJS.WritableStream =>
    ({ write: (text: string) => print(host, stream, text) }) as unknown as NodeJS.WritableStream;
  return new Console({
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    ignoreErrors: false,
    colorMode: false,
  });
}

/** For code that took the real stream: what a host writes to it goes to the host's own. */
function patchedWrite(stream: StreamName): Patch {
  return patchMethod(`process.${stream}.write`, process[stream], 'write', (original) =>
    dispatch(original, (host, args) => {
      const own = host.process[stream];
      return Reflect.apply(Reflect.get(own, 'write') as AnyFunction, own, args);
    }),
  );
}

function print(host: HostContext, stream: StreamName, text: string): boolean {
  host.process.write(stream, text);
  return true;
}
