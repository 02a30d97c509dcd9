// `node:test` as a file of tests sees it, over a collector of ours.

import assert from 'node:assert';
import { mock as realMock } from 'node:test';
import { currentHost } from '../../ambient/registry.ts';
import { OptionError } from '../../errors.ts';
import { withCallback } from './attempt.ts';
import type { Collector, Registration } from './collector.ts';
import type { Body, Hooks, SuiteNode, TestScope } from './tree.ts';

type Mode = 'skip' | 'todo' | 'only';
/** What `test(name, options, fn)` takes, each of them optional. */
interface NodeOptions {
  readonly skip?: boolean | string;
  readonly todo?: boolean | string;
  readonly only?: boolean;
  readonly timeout?: number;
  readonly concurrency?: number | boolean | null;
  readonly plan?: number;
}
type NodeBody = (context: unknown, done: (error?: unknown) => void) => unknown;
type Mock = typeof realMock;

const dialect = 'node:test';

/** Makes what `require('node:test')` gives: the function `test`, with everything else as its properties. */
export function nodeTestModule(collector: Collector): unknown {
  const withModes = <Call extends (...args: never[]) => unknown>(
    make: (mode?: Mode) => Call,
  ): Call & Record<Mode, Call> =>
    Object.assign(make(), { skip: make('skip'), todo: make('todo'), only: make('only') });
  const test = withModes((mode) => (...args: unknown[]) => {
    const { registration, options, body } = readArguments(args, mode);
    return collector.test(registration, bodyOf(collector, body as NodeBody, options.plan));
  });
  const suite = withModes((mode) => (...args: unknown[]) => {
    const { registration, options, body } = readArguments(args, mode);
    const isConcurrent = options.concurrency === true || (options.concurrency || 0) > 1;
    collector.suite({ ...registration, ...(isConcurrent ? { isConcurrent } : {}) }, body as () => unknown);
    return Promise.resolve();
  });
  const hook = (kind: keyof Hooks) => (run: unknown, options?: NodeOptions) => {
    collector.hook(kind, hookBody(run), options?.timeout);
  };
  const hooks = { before: hook('before'), after: hook('after') };
  const each = { beforeEach: hook('beforeEach'), afterEach: hook('afterEach') };
  const others = { suite, describe: suite, ...hooks, ...each, mock: realMock, assert };
  const whole = Object.assign(test, others, { run: refused('run'), snapshot: undefined });
  return Object.assign(whole, { test: whole, it: whole, default: whole });
}

function refused(name: string): () => never {
  return () => {
    throw new OptionError(`deflake does not know \`${name}\` of node:test. Take it out of the file.`);
  };
}

function readArguments(
  args: readonly unknown[],
  mode: Mode | undefined,
): { registration: Registration; options: NodeOptions; body: unknown } {
  const body = args.find((arg) => typeof arg === 'function') ?? ((): void => {});
  const options = (args.find((arg) => typeof arg === 'object' && arg !== null) ?? {}) as NodeOptions;
  const named = args.find((arg) => typeof arg === 'string') ?? (body as { name?: string }).name;
  const isSkipped = mode === 'skip' || (options.skip ?? false) !== false;
  const isTodo = mode === 'todo' || (options.todo ?? false) !== false;
  return {
    options,
    body,
    registration: {
      dialect,
      name: named === undefined || named === '' ? '<anonymous>' : named,
      mode: isSkipped ? 'skip' : isTodo ? 'todo' : 'run',
      isOnly: mode === 'only' || options.only === true,
      timeoutMs: Number.isFinite(options.timeout) ? options.timeout : undefined,
    },
  };
}

function hookBody(run: unknown): Body {
  const call = run as NodeBody;
  return ({ test }) =>
    call.length >= 2
      ? withCallback((done) => call({ name: test.name }, done))
      : call({ name: test.name }, () => {});
}

function bodyOf(collector: Collector, body: NodeBody, plan: number | undefined): Body {
  return async (scope) => {
    const context = new NodeContext(collector, scope);
    if (plan !== undefined) context.plan(plan);
    if (body.length >= 2) await withCallback((done) => body(context, done));
    else await body(context, () => {});
    await context.finished();
  };
}

/** `t`. */
class NodeContext {
  readonly name: string;
  readonly fullName: string;
  readonly signal: AbortSignal;
  readonly assert: Record<string, unknown>;
  readonly #collector: Collector;
  readonly #scope: TestScope;
  #mock: Mock | undefined;
  #planned: number | undefined;
  #counted = 0;

  constructor(collector: Collector, scope: TestScope) {
    this.#collector = collector;
    this.#scope = scope;
    this.name = scope.test.name;
    this.fullName = scope.test.id;
    this.signal = scope.signal;
    this.assert = this.#countingAssert();
  }

  /** Mocks of the test: undone when it is over. */
  get mock(): Mock {
    if (this.#mock === undefined) {
      const mock = new (realMock.constructor as new () => Mock)();
      this.#mock = mock;
      this.#scope.onOver(() => mock.reset());
    }
    return this.#mock;
  }

  get test(): (...args: unknown[]) => Promise<void> {
    const subtest =
      (mode?: Mode) =>
      (...args: unknown[]) => {
        this.#counted++;
        const { registration, options, body } = readArguments(args, mode);
        const inner = bodyOf(this.#collector, body as NodeBody, options.plan);
        const parent: SuiteNode = this.#scope.suite;
        const test = this.#collector.newTest(registration, inner, { parent, over: () => {} });
        return this.#scope.subtest(test);
      };
    return Object.assign(subtest(), { skip: subtest('skip'), todo: subtest('todo'), only: subtest('only') });
  }

  before(run: unknown): unknown {
    return hookBody(run)(this.#scope);
  }

  after(run: unknown, options?: NodeOptions): void {
    this.#hook('after', run, options);
  }

  beforeEach(run: unknown, options?: NodeOptions): void {
    this.#hook('beforeEach', run, options);
  }

  afterEach(run: unknown, options?: NodeOptions): void {
    this.#hook('afterEach', run, options);
  }

  plan(count: number): void {
    this.#planned = count;
  }

  skip(): void {
    this.#scope.skip();
  }

  todo(): void {
    this.#scope.skip();
  }

  diagnostic(message: unknown): void {
    currentHost()?.print('stdout', String(message));
  }

  runOnly(): void {}

  /** Polls until it does not throw. */
  async waitFor<Result>(
    condition: () => Result | Promise<Result>,
    { interval = 50, timeout = 1000 }: { interval?: number; timeout?: number } = {},
  ): Promise<Result> {
    const endMs = performance.now() + timeout;
    for (;;) {
      try {
        return await condition();
      } catch (error) {
        if (performance.now() >= endMs) throw new Error('waitFor() timed out', { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }

  async finished(): Promise<void> {
    const planned = this.#planned;
    if (planned !== undefined && planned !== this.#counted)
      throw new Error(`plan expected ${planned} assertions but received ${this.#counted}`);
  }

  #hook(kind: keyof Hooks, run: unknown, options: NodeOptions | undefined): void {
    this.#scope.suite.hooks[kind].push({ run: hookBody(run), timeoutMs: options?.timeout });
  }

  #countingAssert(): Record<string, unknown> {
    const entries = Object.entries(assert).filter(([name]) => name !== 'strict' && name !== 'AssertionError');
    const counting = entries.map(([name, value]) => [
      name,
      (...args: unknown[]) => {
        this.#counted++;
        return (value as (...args: unknown[]) => unknown)(...args);
      },
    ]);
    return Object.fromEntries(counting) as Record<string, unknown>;
  }
}
