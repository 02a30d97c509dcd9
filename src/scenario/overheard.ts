// The world as the checks of a recorded run see it: what they are answered by the functions and getters that
// hosts expose is told on. Nothing is called or read but what a check calls and reads.

import { types } from 'node:util';
import type { HostHandle } from './host-handle.ts';
import type { World } from './world.ts';

/** What a function answered that says something by itself. */
export type Answer = string | number | bigint | boolean | null;

/** Hears that something exposed was `value` when a check asked: `isLeader()` of a function. */
export type Hearing = (host: string, name: string, value: Answer) => void;

type Exports = Record<string, unknown>;
type Callable = (...parameters: unknown[]) => unknown;

/** A world that is the given one, but that it tells what is asked of the exports of its hosts. */
export function overheard(world: World, heard: Hearing): World {
  const handles = new Map<HostHandle, HostHandle>();
  const host = (name: string): HostHandle => {
    const handle = world.host(name);
    let listening = handles.get(handle);
    if (listening === undefined) handles.set(handle, (listening = listeningHandle(handle, heard)));
    return listening;
  };
  return Object.create(world, { host: { value: host, enumerable: true } }) as World;
}

function listeningHandle(handle: HostHandle, heard: Hearing): HostHandle {
  const known = new WeakMap<Exports, Exports>();
  const get = (): Exports | undefined => {
    const { exports } = handle;
    if (exports === undefined || types.isProxy(exports) || !hasMore(exports)) return exports;
    let listening = known.get(exports);
    const tell = (name: string, value: unknown): void => {
      if (isAnswer(value)) heard(handle.name, name, value);
    };
    if (listening === undefined) known.set(exports, (listening = listeningExports(exports, tell)));
    return listening;
  };
  return Object.create(handle, { exports: { get, enumerable: true } }) as HostHandle;
}

/** Whether there is more to it than data, which is read off anyway. */
function hasMore(exports: Exports): boolean {
  const properties = Object.values(Object.getOwnPropertyDescriptors(exports));
  return properties.some((each) => each.get !== undefined || typeof each.value === 'function');
}

function listeningExports(exports: Exports, tell: (name: string, value: unknown) => void): Exports {
  const functions = new WeakMap<object, unknown>();
  const listening: Exports = new Proxy(exports, {
    get(target, key) {
      // Getters and methods of classes may have private fields, which no proxy has.
      const value: unknown = Reflect.get(target, key);
      const property = Object.getOwnPropertyDescriptor(target, key);
      if (typeof key === 'symbol' || property === undefined) return value;
      if (typeof value !== 'function') {
        if (property.get !== undefined) tell(key, value);
        return value;
      }
      // What is frozen must be answered as it is.
      if (property.configurable === false && property.writable === false) return value;
      if (!functions.has(value)) {
        functions.set(
          value,
          askedFunction(value as Callable, { listening, target, tell: (answer) => tell(`${key}()`, answer) }),
        );
      }
      return functions.get(value);
    },
  });
  return listening;
}

/** A function that tells what it answers where it is given nothing to answer to. */
function askedFunction(
  value: Callable,
  { listening, target, tell }: { listening: Exports; target: Exports; tell: (answer: unknown) => void },
): Callable {
  return new Proxy(value, {
    apply(asked, self, parameters: unknown[]) {
      const answer: unknown = Reflect.apply(asked, self === listening ? target : self, parameters);
      if (parameters.length === 0) tell(answer);
      return answer;
    },
  });
}

function isAnswer(value: unknown): value is Answer {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}
