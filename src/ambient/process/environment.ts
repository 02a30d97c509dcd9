// `process.env`: one object for everybody, also for packages that took it while loading; what it shows is the
// environment of the host that asks, or the real one.

import { currentHost } from '../registry.ts';

type Environment = Record<string, string | undefined>;

/** Makes the object that stands for `process.env`. */
export function createEnvironment(real: () => Environment): Environment {
  const now = (): Environment => currentHost()?.process.env ?? real();
  return new Proxy(real(), {
    get: (_, key) => Reflect.get(now(), key) as unknown,
    has: (_, key) => Reflect.has(now(), key),
    set: (_, key, value) => Reflect.set(now(), key, textOf(key, value)),
    deleteProperty: (_, key) => Reflect.deleteProperty(now(), key),
    ownKeys: () => Reflect.ownKeys(now()),
    getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(now(), key),
    defineProperty: (_, key, descriptor) => Reflect.defineProperty(now(), key, descriptor),
  });
}

/** Node.js makes a string of every value. */
function textOf(key: PropertyKey, value: unknown): unknown {
  return typeof key === 'symbol' ? value : String(value);
}
