// What copies of OpenTelemetry's API share by way of the global object, one for each host: who registers
// there, registers for its own process, and what a host registered is gone with it.

import type { HostContext } from './context.ts';
import { type Accessor, type Patch, patchAccessor } from './patch.ts';
import { currentHost } from './registry.ts';

const API_KEY = Symbol.for('opentelemetry.js.api.1');
/** The API of logs has a place of its own. */
const LOGS_KEY = Symbol.for('io.opentelemetry.js.api.logs');
/** What wavetank registers, and a program may put its own in the place of. */
const WATCHED = ['trace', 'context', 'propagation'] as const;

/** What the API keeps under its key, by the name of what is registered. */
type Globals = Record<string, unknown>;

/** What gives tracers; of the API, as far as it matters here. */
interface Provider {
  getTracer(name: string, version?: string, options?: unknown): object;
}

/** The provider of the API itself, which hands on to one that is set later: one for all hosts. */
interface ProxyProvider extends Provider {
  setDelegate(delegate: Provider): void;
  getDelegate(): Provider;
  getDelegateTracer(name: string, version?: string, options?: unknown): object | undefined;
}

/** What one host registered. */
interface Registered {
  readonly values: Map<symbol, unknown>;
  /** The globals that its program may replace: wavetank put them there. */
  readonly replaceable: Set<string>;
  /** The API is about to look whether something is there already. */
  isRegistering: boolean;
  /** What the API's provider hands on to on this host, by that provider. */
  readonly delegates: WeakMap<object, Provider>;
}

const registered = new WeakMap<HostContext, Registered>();
const adopted = new WeakSet<object>();

/** Patches these places. */
export function openTelemetryPatches(): Patch[] {
  return [API_KEY, LOGS_KEY].map((key) => {
    // An accessor can be put only in the place of something.
    if (!(key in globalThis))
      Object.defineProperty(globalThis, key, { value: undefined, writable: true, configurable: true });
    return patchAccessor(`globalThis[${String(key)}]`, globalThis, key, (original) => perHost(key, original));
  });
}

function perHost(key: symbol, original: Accessor): Accessor {
  return {
    get: () => {
      const host = currentHost();
      if (host === undefined) return original.get();
      const own = registered.get(host);
      if (own === undefined) return undefined;
      own.isRegistering = false;
      return own.values.get(key);
    },
    set: (value) => {
      const host = currentHost();
      if (host === undefined) return original.set(value);
      const own = of(host);
      if (key === API_KEY && typeof value === 'object' && value !== null) {
        // The API assigns what is there already whenever it registers something.
        own.isRegistering = true;
        watch(own, value as Globals);
      }
      own.values.set(key, value);
    },
  };
}

function of(host: HostContext): Registered {
  let own = registered.get(host);
  if (own === undefined) {
    own = { values: new Map(), replaceable: new Set(), isRegistering: false, delegates: new WeakMap() };
    registered.set(host, own);
  }
  return own;
}

/**
 * Watches the globals of a host: a program that brings an SDK finds the place free that wavetank has taken.
 */
function watch(own: Registered, globals: Globals): void {
  for (const key of WATCHED) {
    if (Object.getOwnPropertyDescriptor(globals, key)?.get !== undefined) continue;
    let value = globals[key];
    Object.defineProperty(globals, key, {
      configurable: true,
      enumerable: true,
      get: () => (own.isRegistering && own.replaceable.has(key) ? undefined : value),
      set: (given: unknown) => {
        own.replaceable.delete(key);
        if (key === 'trace' && typeof given === 'object' && given !== null) adoptProvider(given);
        value = given;
      },
    });
  }
}

/** Marks what a host has registered as what its program may replace. */
export function letReplace(host: HostContext): void {
  for (const key of WATCHED) of(host).replaceable.add(key);
}

/**
 * Lets the provider of a copy of the API, and all tracers that it gave or gives, hand on to what the running
 * host has registered.
 */
export function adoptProvider(provider: object): void {
  if (!isProxyProvider(provider) || adopted.has(provider)) return;
  adopted.add(provider);
  const real = {
    set: provider.setDelegate.bind(provider),
    get: provider.getDelegate.bind(provider),
    tracer: provider.getDelegateTracer.bind(provider),
  };
  // What it hands on to where nothing is registered: tracers that do nothing.
  // oxlint-disable-next-line typescript/unbound-method -- applied to nothing
  const nothing: Provider = Reflect.apply(provider.getDelegate, {}, []);
  const delegate = (): Provider => {
    const host = currentHost();
    return host === undefined ? real.get() : (registered.get(host)?.delegates.get(provider) ?? nothing);
  };
  Object.assign(provider, {
    setDelegate(given: Provider): void {
      const host = currentHost();
      if (host === undefined) real.set(given);
      else of(host).delegates.set(provider, given);
    },
    getDelegate: delegate,
    getDelegateTracer(...words: Parameters<Provider['getTracer']>): object | undefined {
      // Tracers keep what they are given here for ever, whichever host they were made on.
      return currentHost() === undefined ? real.tracer(...words) : tracerOf(delegate, words);
    },
  });
}

/** A tracer that is that of whichever host asks it. */
function tracerOf(delegate: () => Provider, words: Parameters<Provider['getTracer']>): object {
  return new Proxy(
    {},
    {
      get(_, key) {
        const tracer = delegate().getTracer(...words);
        const value: unknown = Reflect.get(tracer, key);
        return typeof value === 'function' ? (value.bind(tracer) as unknown) : value;
      },
    },
  );
}

function isProxyProvider(value: unknown): value is ProxyProvider {
  return (
    typeof value === 'object' && value !== null && 'setDelegate' in value && 'getDelegateTracer' in value
  );
}
