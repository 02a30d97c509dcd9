// `test`, `describe` and the hooks as Jest and Vitest have them: what differs between the two is data.

import { OptionError } from '../../errors.ts';
import { withCallback } from './attempt.ts';
import type { Collector, Registration } from './collector.ts';
import { rowsOf } from './each.ts';
import type { Body, Dialect, Hooks, TestScope } from './tree.ts';

/** What one of the two has that the other has not. */
export interface Manner {
  readonly dialect: Dialect & ('jest' | 'vitest');
  /** How long tests and hooks may take, in milliseconds; a file may change it. */
  readonly limits: { testMs: number; hookMs: number };
  /** Around each test: what its assertions count. */
  around(scope: TestScope, body: () => unknown): unknown;
  /** What a test's function gets. Jest's gets nothing, and a callback where it has a parameter. */
  context(scope: TestScope): unknown;
}

type Function = (...args: unknown[]) => unknown;
type Words = Record<string, unknown>;

interface Modes {
  readonly mode?: 'run' | 'skip' | 'todo';
  readonly isOnly?: boolean;
  readonly isConcurrent?: boolean;
  readonly failsOnPurpose?: boolean;
}

/** The properties of `test` and `describe` that only change how it runs. */
const MODIFIERS: Readonly<Record<string, Modes>> = {
  only: { isOnly: true },
  skip: { mode: 'skip' },
  concurrent: { isConcurrent: true },
  sequential: { isConcurrent: false },
  fails: { failsOnPurpose: true },
  failing: { failsOnPurpose: true },
  shuffle: {},
};

/** Makes the words by which a file registers its tests. */
export function jestLikeWords(collector: Collector, manner: Manner): Words {
  const test = new Chain((...call) => registerTest(collector, manner, ...call));
  const describe = new Chain((...call) => registerSuite(collector, manner, ...call));
  const hook =
    (kind: keyof Hooks) =>
    (run: unknown, timeout?: unknown): void => {
      const body = hookBody(manner, run as Function, kind);
      collector.hook(kind, body, typeof timeout === 'number' ? timeout : manner.limits.hookMs);
    };
  return {
    test: test.word({}),
    it: test.word({}),
    describe: describe.word({}),
    suite: describe.word({}),
    beforeAll: hook('before'),
    afterAll: hook('after'),
    beforeEach: hook('beforeEach'),
    afterEach: hook('afterEach'),
    fit: test.word({ isOnly: true }),
    xit: test.word({ mode: 'skip' }),
    xtest: test.word({ mode: 'skip' }),
    fdescribe: describe.word({ isOnly: true }),
    xdescribe: describe.word({ mode: 'skip' }),
  };
}

type Register = (modes: Modes, args: readonly unknown[], row?: readonly unknown[]) => void;

/** `test`, `test.only`, `test.concurrent.only.each(...)`: each property a word like the first. */
class Chain {
  readonly #register: Register;

  constructor(register: Register) {
    this.#register = register;
  }

  word(modes: Modes): Function {
    const call = (...args: unknown[]): void => this.#register(modes, args);
    return new Proxy(call, {
      get: (target, key) => {
        if (typeof key !== 'string') return Reflect.get(target, key) as unknown;
        const modifier = MODIFIERS[key];
        if (modifier !== undefined) return this.word({ ...modes, ...modifier });
        if (key === 'todo') return (...args: unknown[]) => this.#register({ ...modes, mode: 'todo' }, args);
        if (key === 'each' || key === 'for') return this.#each(modes, key === 'for');
        if (key === 'skipIf') return (is: unknown) => this.word(is ? { ...modes, mode: 'skip' } : modes);
        if (key === 'runIf') return (is: unknown) => this.word(is ? modes : { ...modes, mode: 'skip' });
        if (key === 'extend') return refused('test.extend');
        return Reflect.get(target, key) as unknown;
      },
    });
  }

  #each(modes: Modes, isWhole: boolean): Function {
    return (table, ...rest) =>
      (title: unknown, ...args: unknown[]) => {
        for (const { name, args: row } of rowsOf(table as readonly unknown[], rest, titleOf(title)))
          this.#register(modes, [name, ...args], isWhole ? [row.length === 1 ? row[0] : row] : row);
      };
  }
}

function registerTest(
  collector: Collector,
  manner: Manner,
  modes: Modes,
  args: readonly unknown[],
  row: readonly unknown[] = [],
): void {
  const registration = registrationOf(manner, modes, args);
  const run = args.slice(1).find((arg) => typeof arg === 'function') as Function | undefined;
  if (run === undefined) {
    void collector.test({ ...registration, mode: 'todo' }, () => {});
    return;
  }
  void collector.test(registration, (scope) =>
    manner.around(scope, () => {
      if (manner.dialect === 'vitest') return run(...row, manner.context(scope));
      return run.length > row.length ? withCallback((done) => run(...row, done)) : run(...row);
    }),
  );
}

function registerSuite(
  collector: Collector,
  manner: Manner,
  modes: Modes,
  args: readonly unknown[],
  row: readonly unknown[] = [],
): void {
  const define = args.slice(1).find((arg) => typeof arg === 'function') as Function | undefined;
  collector.suite(registrationOf(manner, modes, args), () => define?.(...row));
}

/** `(name, fn, timeout)`, and of Vitest `(name, options, fn)`. */
function registrationOf(manner: Manner, modes: Modes, args: readonly unknown[]): Registration {
  const options = (args.find((arg) => typeof arg === 'object' && arg !== null) ?? {}) as Words;
  const number = args.slice(1).find((arg) => typeof arg === 'number');
  const given = number ?? options['timeout'];
  const own: Modes = {
    ...(options['skip'] === true ? { mode: 'skip' } : {}),
    ...(options['todo'] === true ? { mode: 'todo' } : {}),
    ...(options['only'] === true ? { isOnly: true } : {}),
    ...(options['concurrent'] === true ? { isConcurrent: true } : {}),
    ...(options['fails'] === true ? { failsOnPurpose: true } : {}),
  };
  return {
    dialect: manner.dialect,
    name: titleOf(args[0]),
    timeoutMs: typeof given === 'number' && given > 0 ? given : manner.limits.testMs,
    ...own,
    ...modes,
  };
}

function titleOf(title: unknown): string {
  return typeof title === 'function' ? title.name : String(title);
}

/** What a hook of Vitest returns, where it is a function, runs when what it is for is over. */
function hookBody(manner: Manner, run: Function, kind: keyof Hooks): Body {
  if (manner.dialect === 'jest') return () => (run.length > 0 ? withCallback((done) => run(done)) : run());
  return async (scope) => {
    const cleanUp = await run(manner.context(scope));
    if (typeof cleanUp !== 'function') return;
    if (kind === 'beforeEach') scope.onOver(cleanUp as () => unknown);
    else if (kind === 'before') {
      const parent = scope.test.parent;
      parent?.hooks.after.push({ run: cleanUp as Body, timeoutMs: manner.limits.hookMs });
    }
  };
}

/** A word that deflake does not know. */
export function refused(name: string): () => never {
  return () => {
    throw new OptionError(
      `deflake does not know \`${name}\`. Take it out of the file, or out of a copy of it.`,
    );
  };
}
