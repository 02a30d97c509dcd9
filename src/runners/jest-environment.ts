// The environment of Jest in which a test file can simulate: that of Node.js, among the globals of Node.js
// itself. Jest's own makes a `vm` context for each file, whose Date and Math nothing else follows.

import { TestEnvironment } from 'jest-environment-node';
import vm from 'node:vm';

/** What stands for the context that is none: that of Node.js itself. */
class MainContext {
  readonly isMainContext = true;
}

type Environment = ConstructorParameters<typeof TestEnvironment>;

/** Runs the modules of a test file as Node.js runs them, and takes away what the file adds to the globals. */
export class WavetankEnvironment extends TestEnvironment {
  readonly #before: ReadonlySet<PropertyKey> = new Set(Reflect.ownKeys(globalThis));

  constructor(...[config, context]: Environment) {
    super(config, context);
    takeMainContexts();
    const { projectConfig } = config;
    const global = globalThis as typeof globalThis & Record<PropertyKey, unknown>;
    this.global = global;
    // What Jest itself keeps in use while a test has fake timers.
    define(Symbol.for('jest-native-promise'), Promise);
    define(Symbol.for('jest-native-now'), Date.now.bind(Date));
    Object.assign(global, structuredClone(projectConfig.globals));
    // They work on the globals that they were made for.
    const { moduleMocker, fakeTimers, fakeTimersModern } = this;
    if (moduleMocker !== null)
      this.moduleMocker = new (moduleMocker.constructor as new (global: object) => object)(global);
    if (fakeTimers !== null) {
      const Legacy = fakeTimers.constructor as new (options: object) => { dispose(): void };
      const timerConfig = { idToRef: (id: number) => ({ id, ref, unref: ref }), refToId: idOf };
      const options = { config: projectConfig, global, moduleMocker: this.moduleMocker, timerConfig };
      this.fakeTimers = new Legacy(options);
    }
    if (fakeTimersModern !== null) {
      const Modern = fakeTimersModern.constructor as new (options: object) => { dispose(): void };
      fakeTimersModern.dispose();
      this.fakeTimersModern = new Modern({ config: projectConfig, global });
    }
  }

  override getVmContext(): vm.Context | null {
    return new MainContext();
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    for (const key of Reflect.ownKeys(globalThis)) {
      if (this.#before.has(key) || isShared(key)) continue;
      Reflect.deleteProperty(globalThis, key);
    }
  }
}

function ref(this: unknown): unknown {
  return this;
}

function idOf(timer: { readonly id: number } | undefined): number | undefined {
  return timer?.id;
}

/** What other test files of the process go on using: wavetank's registry, undici's dispatcher. */
function isShared(key: PropertyKey): boolean {
  return typeof key === 'symbol' && /^(?:wavetank|undici|nodejs|opentelemetry)/.test(key.description ?? '');
}

function define(key: symbol, value: unknown): void {
  Object.defineProperty(globalThis, key, { value, configurable: true, writable: true });
}

const TAKEN = Symbol.for('wavetank.main-contexts');

/** Lets `node:vm` take a `MainContext` for a context. Jest 30 compiles by one function, 29 by the other. */
function takeMainContexts(): void {
  const shelf = vm as unknown as Record<symbol, unknown>;
  if (shelf[TAKEN] === true) return;
  shelf[TAKEN] = true;
  const { compileFunction, Script } = vm;
  const runInContext = Reflect.get(Script.prototype, 'runInContext');
  vm.compileFunction = function (code, parameters, options = {}) {
    const { parsingContext, importModuleDynamically, ...rest } = options;
    if (!isMainContext(parsingContext)) return compileFunction(code, parameters, options);
    return compileFunction(code, parameters, {
      ...rest,
      importModuleDynamically: loaderOf(importModuleDynamically),
    });
  };
  Script.prototype.runInContext = function (this: vm.Script, context, options) {
    return isMainContext(context)
      ? this.runInThisContext(options)
      : runInContext.call(this, context, options);
  };
}

function isMainContext(context: unknown): boolean {
  return typeof context === 'object' && context !== null && 'isMainContext' in context;
}

type Loader = vm.CompileFunctionOptions['importModuleDynamically'];

/** `import()` is that of Node.js, as Jest has none without `--experimental-vm-modules`. */
function loaderOf(given: Loader): Loader {
  const hasModules = 'SourceTextModule' in vm;
  return hasModules
    ? given
    : (vm.constants as { USE_MAIN_CONTEXT_DEFAULT_LOADER: Loader }).USE_MAIN_CONTEXT_DEFAULT_LOADER;
}
