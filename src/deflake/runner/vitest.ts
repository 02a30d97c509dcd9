// `vitest` as a file of tests sees it: its words over a collector of ours, its `expect` and its mocks from
// the packages that the project has installed.

import type { Collector } from './collector.ts';
import { FakeTimers } from './fake-timers.ts';
import { exportOf, installed, type Installed } from './installed.ts';
import { jestLikeWords, refused } from './jest-like.ts';
import type { RunnerModule } from './runner-module.ts';

/** The packages of Vitest that a run needs, loaded. */
export interface VitestParts {
  readonly expect: Installed;
  readonly spy: Installed;
}

type Words = Record<string, unknown>;
type Expect = ((...args: unknown[]) => unknown) & Words;
interface AssertionState {
  readonly assertionCalls: number;
  readonly expectedAssertionsNumber?: number | null;
  readonly isExpectingAssertions?: boolean;
}

const TEST_MS = 5_000;
const HOOK_MS = 10_000;
const REFUSED: readonly string[] = ['mock', 'doMock', 'unmock', 'doUnmock', 'importActual', 'importMock'];

/** Loads what a file needs. */
export async function loadVitest(file: string): Promise<VitestParts> {
  return { expect: await installed('@vitest/expect', file), spy: await installed('@vitest/spy', file) };
}

/** Makes the module for one run. */
export function vitestModule(collector: Collector, parts: VitestParts): RunnerModule {
  let expect: Expect | undefined;
  const theExpect = (): Expect => (expect ??= makeExpect(parts.expect));
  const limits = { testMs: TEST_MS, hookMs: HOOK_MS };
  const timers = new FakeTimers('vi');
  const words = jestLikeWords(collector, {
    dialect: 'vitest',
    limits,
    around: async (scope, body) => {
      const counts = 'missing' in parts.expect ? undefined : countingIn(parts.expect, theExpect());
      counts?.begin(scope.test.id);
      await body();
      counts?.end();
    },
    context: (scope) => ({
      get expect() {
        return theExpect();
      },
      task: { name: scope.test.name, id: scope.test.id, mode: 'run' },
      signal: scope.signal,
      skip: () => scope.skip(),
      onTestFinished: (cleanUp: () => unknown) => scope.onOver(cleanUp),
      onTestFailed: () => {},
    }),
  });
  const vi = viOf(parts.spy, timers, limits);
  const restore = (): void => {
    timers.restore();
    if ('missing' in parts.spy) return;
    exportOf<() => void>(parts.spy, 'restoreAllMocks')();
    (vi['unstubAllGlobals'] as () => void)();
  };
  const module = {
    ...words,
    vi,
    vitest: vi,
    get expect() {
      return theExpect();
    },
    get assert() {
      return exportOf<Words>(parts.expect, 'chai')['assert'];
    },
    get chai() {
      return exportOf<Words>(parts.expect, 'chai');
    },
    expectTypeOf: () => anything(),
    assertType: () => {},
    onTestFinished: refused('onTestFinished outside of a test: take it from the context of the test'),
  };
  return { module, restore };
}

/** Whatever is asked of a type holds: types are checked by the compiler. */
function anything(): unknown {
  const answer: unknown = new Proxy(() => {}, { get: () => answer, apply: () => answer });
  return answer;
}

function makeExpect(found: Installed): Expect {
  const chai = exportOf<Words & { use(plugin: unknown): void; expect: Expect }>(found, 'chai');
  for (const plugin of ['JestExtend', 'JestChaiExpect', 'JestAsymmetricMatchers'])
    chai.use(exportOf(found, plugin));
  const begun = (...args: unknown[]): unknown => {
    setState({ assertionCalls: getState(expect).assertionCalls + 1 }, expect);
    return chai.expect(...args);
  };
  const expect: Expect = Object.assign(begun, chai.expect);
  const getState = exportOf<(expect: Expect) => AssertionState>(found, 'getState');
  const setState = exportOf<(state: unknown, expect: Expect) => void>(found, 'setState');
  Object.assign(expect, {
    getState: () => getState(expect),
    setState: (state: unknown) => setState(state, expect),
    assertions: (count: number) => setState({ expectedAssertionsNumber: count }, expect),
    hasAssertions: () => setState({ isExpectingAssertions: true }, expect),
    unreachable: (message = 'expected not to be reached') => chai['assert'] && fail(message),
    soft: expect,
    poll: refused('expect.poll'),
    addEqualityTesters: exportOf(found, 'addCustomEqualityTesters'),
  });
  // Where the matchers of a chain look for what a test has counted so far.
  const global = exportOf<symbol>(found, 'GLOBAL_EXPECT');
  Object.defineProperty(globalThis, global, { value: expect, writable: true, configurable: true });
  return expect;
}

function fail(message: string): never {
  throw new Error(message);
}

/** `expect.assertions` and `expect.hasAssertions`, for one test. */
function countingIn(found: Installed, expect: Expect): { begin(name: string): void; end(): void } {
  const getState = exportOf<(expect: Expect) => AssertionState>(found, 'getState');
  const setState = exportOf<(state: unknown, expect: Expect) => void>(found, 'setState');
  return {
    begin: (name) => {
      const none = { assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null };
      setState({ ...none, currentTestName: name, testPath: '' }, expect);
    },
    end: () => {
      const { assertionCalls, expectedAssertionsNumber, isExpectingAssertions } = getState(expect);
      const wanted = expectedAssertionsNumber ?? undefined;
      if (wanted !== undefined && wanted !== assertionCalls)
        fail(`expected number of assertions to be ${wanted}, but got ${assertionCalls}`);
      if (isExpectingAssertions === true && assertionCalls === 0)
        fail('expected any number of assertion, but got none');
    },
  };
}

function viOf(spy: Installed, timers: FakeTimers, limits: { testMs: number; hookMs: number }): Words {
  const stubbed = new Map<string, PropertyDescriptor | undefined>();
  const changed = new Map<string, string | undefined>();
  const unstubAllGlobals = (): Words => {
    for (const [name, was] of stubbed) {
      if (was === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, was);
    }
    stubbed.clear();
    return vi;
  };
  const vi: Words = {
    ...timers.words(() => vi),
    ...Object.fromEntries(REFUSED.map((name) => [name, refused(`vi.${name}`)])),
    hoisted: (make: () => unknown) => make(),
    mocked: (value: unknown) => value,
    resetModules: refused('vi.resetModules'),
    setConfig: ({ testTimeout, hookTimeout }: { testTimeout?: number; hookTimeout?: number }) => {
      limits.testMs = testTimeout ?? limits.testMs;
      limits.hookMs = hookTimeout ?? limits.hookMs;
    },
    stubGlobal: (name: string, value: unknown) => {
      if (!stubbed.has(name)) stubbed.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      Object.defineProperty(globalThis, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: true,
      });
      return vi;
    },
    unstubAllGlobals,
    stubEnv: (name: string, value: string) => {
      if (!changed.has(name)) changed.set(name, process.env[name]);
      process.env[name] = value;
      return vi;
    },
    unstubAllEnvs: () => {
      for (const [name, was] of changed) {
        if (was === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = was;
      }
      changed.clear();
      return vi;
    },
    waitFor: waitFor,
    waitUntil: (condition: () => unknown, options?: number | WaitOptions) =>
      waitFor(async () => {
        const value = await condition();
        if (value === undefined || value === null || value === false)
          throw new Error('waitUntil() timed out');
        return value;
      }, options),
  };
  for (const name of ['fn', 'spyOn', 'isMockFunction'])
    Object.defineProperty(vi, name, { get: () => exportOf(spy, name), enumerable: true });
  for (const name of ['restoreAllMocks', 'clearAllMocks', 'resetAllMocks'])
    vi[name] = () => {
      exportOf<() => void>(spy, name)();
      return vi;
    };
  return vi;
}

interface WaitOptions {
  readonly interval?: number;
  readonly timeout?: number;
}

/** Polls until it does not throw. */
async function waitFor(condition: () => unknown, options: number | WaitOptions = {}): Promise<unknown> {
  const { interval = 50, timeout = 1000 } = typeof options === 'number' ? { timeout: options } : options;
  const endMs = performance.now() + timeout;
  for (;;) {
    try {
      return await condition();
    } catch (error) {
      if (performance.now() >= endMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
