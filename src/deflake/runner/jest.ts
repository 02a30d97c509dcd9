// `@jest/globals`, and the same as globals, as a file of tests sees them: Jest's words over a collector of
// ours, its `expect` and its mocks from the packages that the project has installed.

import type { Collector } from './collector.ts';
import { FakeTimers } from './fake-timers.ts';
import { exportOf, installed, type Installed } from './installed.ts';
import { jestLikeWords, refused } from './jest-like.ts';
import type { RunnerModule } from './runner-module.ts';

/** The packages of Jest that a run needs, loaded. */
export interface JestParts {
  readonly expect: Installed;
  readonly mock: Installed;
}

type Words = Record<string, unknown>;
type Expect = ((...args: unknown[]) => unknown) & {
  setState(state: unknown): void;
  extractExpectedAssertionsErrors(): readonly { readonly error: unknown }[];
};
type Mocker = Words & { restoreAllMocks(): void };

const TEST_MS = 5_000;
const REFUSED: readonly string[] = [
  ...['mock', 'doMock', 'unmock', 'dontMock', 'setMock', 'requireActual', 'requireMock', 'resetModules'],
  ...['isolateModules', 'isolateModulesAsync', 'createMockFromModule', 'unstable_mockModule'],
];

/** Loads what a file needs. */
export async function loadJest(file: string): Promise<JestParts> {
  return { expect: await installed('expect', file), mock: await installed('jest-mock', file) };
}

/** Makes the module for one run. */
export function jestModule(collector: Collector, parts: JestParts): RunnerModule {
  const theExpect = (): Expect => exportOf<Expect>(parts.expect, 'expect');
  const limits = { testMs: TEST_MS, hookMs: TEST_MS };
  const timers = new FakeTimers('jest');
  let mocker: Mocker | undefined;
  const theMocker = (): Mocker => {
    const Mocker = exportOf<new (global: unknown) => Mocker>(parts.mock, 'ModuleMocker');
    return (mocker ??= new Mocker(globalThis));
  };
  const words = jestLikeWords(collector, {
    dialect: 'jest',
    limits,
    around: async (scope, body) => {
      const expect = 'missing' in parts.expect ? undefined : theExpect();
      const none = { assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null };
      expect?.setState({ ...none, currentTestName: scope.test.id, suppressedErrors: [] });
      await body();
      const [first] = expect?.extractExpectedAssertionsErrors() ?? [];
      if (first !== undefined) throw first.error;
    },
    context: () => undefined,
  });
  const module = {
    ...words,
    jest: jestOf(theMocker, timers, limits),
    get expect() {
      return theExpect();
    },
  };
  const restore = (): void => {
    timers.restore();
    mocker?.restoreAllMocks();
  };
  return { module, restore };
}

function jestOf(mocker: () => Mocker, timers: FakeTimers, limits: { testMs: number; hookMs: number }): Words {
  const jest: Words = {
    ...timers.words(() => jest),
    ...Object.fromEntries(REFUSED.map((name) => [name, refused(`jest.${name}`)])),
    mocked: (value: unknown) => value,
    setTimeout: (ms: number) => {
      Object.assign(limits, { testMs: ms, hookMs: ms });
      return jest;
    },
    // A test that passes when it is tried again is what is looked for.
    retryTimes: () => jest,
  };
  for (const name of ['fn', 'spyOn', 'isMockFunction', 'replaceProperty'])
    jest[name] = (...args: unknown[]) => (mocker()[name] as (...args: unknown[]) => unknown)(...args);
  for (const name of ['restoreAllMocks', 'clearAllMocks', 'resetAllMocks'])
    jest[name] = () => {
      (mocker()[name] as () => void)();
      return jest;
    };
  return jest;
}
