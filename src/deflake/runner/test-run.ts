// Runs the tests of a file, on the host that evaluated it and in its virtual time, and takes down what came
// of each.

import { currentHost } from '../../ambient/registry.ts';
import type { TestOrder } from '../conditions.ts';
import { Attempt, nextTurn, type Ending } from './attempt.ts';
import { Choice } from './choose.ts';
import type { Collector } from './collector.ts';
import { failedWith, PASSED, UNRUN, type Outcome } from './outcome.ts';
import { PATH_SEPARATOR, pathOf, suitesAround } from './tree.ts';
import type { Dialect, Hook, SuiteNode, TestNode, TestScope } from './tree.ts';
import { newSuite } from './tree.ts';

/** Errors that turned up when every test was over. */
export const AFTER_TESTS = 'after the tests';
/** Begins the name of the hooks that run after the tests of a suite. */
export const HOOKS_AFTER = 'hooks after ';
/**
 * How long a file may go on when its tests are over, in virtual milliseconds, where somebody still
 * listens.
 */
const AFTER_MS = 1_000;

/** A test or hook that runs. */
interface Running {
  attempt: Attempt | undefined;
  /** An error that nobody caught, while no function of the test ran. */
  late: Ending;
}

/** See above. */
export class TestRun {
  readonly outcomes: Map<string, Outcome> = new Map();
  /** The tests that ran, in the order in which they began; those of the tree alone. */
  readonly ran: string[] = [];
  readonly #collector: Collector;
  readonly #choice: Choice;
  readonly #dialect: Dialect;
  readonly #running = new Set<Running>();
  /** Called when the file waits for what can never happen, before its tests are known. */
  onStuck: (() => void) | undefined;
  #onIdle: (() => void) | undefined;

  constructor(collector: Collector, { order, dialect }: { order: TestOrder; dialect: Dialect }) {
    this.#collector = collector;
    this.#choice = new Choice(collector.root, order);
    this.#dialect = dialect;
  }

  /** Runs everything. @param evaluated - Kept when all tests of the file are registered. */
  async run(evaluated: Promise<void>): Promise<void> {
    const { root } = this.#collector;
    let isEvaluated = false;
    const all = evaluated.then(() => void (isEvaluated = true));
    // A file may wait for its own tests only where they run while it is evaluated.
    await (this.#dialect === 'node:test' ? Promise.race([all, nextTurn()]) : all);
    await this.#inSuite(root, async () => {
      const started = new Set<unknown>();
      for (;;) {
        const added = new Promise<void>((resolve) => (this.#collector.onAdded = resolve));
        const children = root.children.filter((child) => !started.has(child));
        if (children.length === 0 && isEvaluated) return;
        if (children.length === 0) await Promise.race([all, added]);
        const [first] = groupsOf(this.#choice.ordered(children));
        for (const child of first ?? []) started.add(child);
        await this.#together(first ?? []);
      }
    });
    if (this.#dialect === 'node:test') await this.#afterwards();
  }

  /** An error that nobody caught. */
  uncaught(error: unknown): void {
    const [current] = [...this.#running].slice(-1);
    if (current === undefined) this.outcomes.set(AFTER_TESTS, failedWith(error));
    else if (current.attempt === undefined) current.late ??= { error };
    else current.attempt.fail(error);
  }

  /** Nothing is left that could ever happen. */
  idle(): void {
    const error = new Error(
      'the test waits for a promise that nothing can keep any more: the event loop is empty',
    );
    for (const { attempt } of this.#running) attempt?.fail(error);
    if (this.#onIdle !== undefined) this.#onIdle();
    else if (this.#running.size === 0) this.onStuck?.();
  }

  /** What is still open may fail when all tests are over: that fails the file. */
  async #afterwards(): Promise<void> {
    this.outcomes.set(AFTER_TESTS, this.outcomes.get(AFTER_TESTS) ?? PASSED);
    const timers = currentHost()?.timers;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      timers?.setTimeout(resolve, AFTER_MS).unref();
    });
  }

  async #together(children: readonly (SuiteNode | TestNode)[]): Promise<void> {
    await Promise.all(
      children.map((child) => (child.kind === 'test' ? this.#runTest(child) : this.#runSuite(child))),
    );
  }

  async #runSuite(suite: SuiteNode): Promise<void> {
    await suite.ready;
    if (!this.#choice.hasChosen(suite)) return this.#refuse(suite, undefined);
    await this.#inSuite(suite, async () => {
      for (const group of groupsOf(this.#choice.ordered(suite.children))) await this.#together(group);
    });
  }

  /** Runs what is in a suite between its hooks. */
  async #inSuite(suite: SuiteNode, inner: () => Promise<void>): Promise<void> {
    const failure = await this.#hooks(suite.hooks.before, suite, 'the hook before all tests');
    if (failure === undefined) await inner();
    else this.#refuse(suite, failure);
    const { after } = suite.hooks;
    if (after.length === 0) return;
    const ending = await this.#hooks(
      suite.dialect === 'vitest' ? after.toReversed() : after,
      suite,
      'the hook after all tests',
    );
    const name = pathOf(suite).join(PATH_SEPARATOR);
    this.outcomes.set(
      `${HOOKS_AFTER}${name || 'the tests'}`,
      ending === undefined ? PASSED : failedWith(ending.error),
    );
  }

  /** What a suite cannot run fails for the same reason; what it need not run does not. */
  #refuse(suite: SuiteNode, failure: Ending): void {
    for (const child of suite.children) {
      if (child.kind === 'suite') this.#refuse(child, failure);
      else {
        const isChosen = failure !== undefined && this.#choice.isChosen(child);
        this.outcomes.set(child.id, isChosen ? failedWith(failure.error) : UNRUN);
        child.over();
      }
    }
  }

  /** Runs the hooks around all tests of a suite. */
  async #hooks(hooks: readonly Hook[], suite: SuiteNode, what: string): Promise<Ending> {
    if (hooks.length === 0) return undefined;
    const running: Running = { attempt: undefined, late: undefined };
    this.#running.add(running);
    const { dialect } = suite;
    const node = this.#collector.newTest({ dialect, name: what }, () => {}, {
      parent: suite,
      over: () => {},
    });
    const { scope } = this.#scopeOf(node);
    let ending: Ending;
    for (const hook of hooks)
      ending ??= await this.#call(running, () => hook.run(scope), hook.timeoutMs, what);
    await nextTurn();
    this.#running.delete(running);
    return ending ?? running.late;
  }

  async #runTest(test: TestNode): Promise<void> {
    if (!this.#choice.isChosen(test)) {
      this.outcomes.set(test.id, UNRUN);
      return test.over();
    }
    this.ran.push(test.id);
    await this.#perform(test);
  }

  async #runSubtest(test: TestNode): Promise<void> {
    if (test.mode === 'run') return this.#perform(test);
    this.outcomes.set(test.id, UNRUN);
    test.over();
  }

  async #perform(test: TestNode): Promise<void> {
    const host = currentHost();
    host?.noteOnce(`test begins: ${test.id}`);
    const running: Running = { attempt: undefined, late: undefined };
    this.#running.add(running);
    const { scope, finish, isSkipped } = this.#scopeOf(test);
    const suites = suitesAround(test);
    const isReversed = test.dialect === 'vitest';
    let ending: Ending;
    for (const hook of suites.flatMap(({ hooks }) => hooks.beforeEach))
      ending ??= await this.#call(running, () => hook.run(scope), hook.timeoutMs, 'the hook before the test');
    ending ??= await this.#call(running, () => test.body(scope), test.timeoutMs, 'the test');
    const after = suites.toReversed().flatMap(({ hooks }) => {
      return isReversed ? hooks.afterEach.toReversed() : hooks.afterEach;
    });
    for (const hook of after) {
      const ended = await this.#call(
        running,
        () => hook.run(scope),
        hook.timeoutMs,
        'the hook after the test',
      );
      ending ??= ended;
    }
    const ended = await this.#call(running, finish, test.timeoutMs, 'cleaning up after the test');
    ending ??= ended;
    await nextTurn();
    this.#running.delete(running);
    ending ??= running.late;
    const outcome = outcomeOf(test, ending);
    this.outcomes.set(test.id, isSkipped() ? UNRUN : outcome);
    host?.noteOnce(`test ${outcome.verdict}: ${test.id}`);
    test.over();
  }

  async #call(
    running: Running,
    call: () => unknown,
    timeoutMs: number | undefined,
    what: string,
  ): Promise<Ending> {
    const attempt = new Attempt();
    running.attempt = attempt;
    const ending = await attempt.begin(call, timeoutMs, what);
    running.attempt = undefined;
    return ending;
  }

  #scopeOf(test: TestNode): { scope: TestScope; finish: () => Promise<void>; isSkipped: () => boolean } {
    const over = new AbortController();
    const cleanUps: (() => unknown)[] = [];
    const subtests: Promise<void>[] = [];
    const inners: TestNode[] = [];
    let isSkipped = false;
    const suite = newSuite(test.name, test.parent, { dialect: test.dialect });
    let last: Promise<void> = Promise.resolve();
    const scope: TestScope = {
      test,
      suite,
      signal: over.signal,
      skip: () => void (isSkipped = true),
      onOver: (cleanUp) => cleanUps.unshift(cleanUp),
      // One after the other, as they were begun.
      subtest: (inner) => {
        inners.push(inner);
        last = last.then(() => this.#runSubtest(inner));
        subtests.push(last);
        return last;
      },
    };
    const finish = async (): Promise<void> => {
      await Promise.all(subtests);
      const failed = inners.filter(({ id }) => this.outcomes.get(id)?.verdict === 'failed');
      for (const { run } of suite.hooks.after) await run(scope);
      over.abort();
      for (const cleanUp of cleanUps) await cleanUp();
      const names = failed.map(({ name }) => `\`${name}\``);
      if (failed.length > 0) throw new Error(`${failed.length} of its subtests failed: ${names.join(', ')}`);
    };
    return { scope, finish, isSkipped: () => isSkipped };
  }
}

function outcomeOf({ failsOnPurpose }: TestNode, ending: Ending): Outcome {
  if (!failsOnPurpose) return ending === undefined ? PASSED : failedWith(ending.error);
  return ending === undefined ? failedWith(new Error('Expected the test to fail')) : PASSED;
}

/** What runs together: neighbours that are concurrent; all others alone. */
function groupsOf(children: readonly (SuiteNode | TestNode)[]): (SuiteNode | TestNode)[][] {
  const groups: (SuiteNode | TestNode)[][] = [];
  for (const child of children) {
    const last = groups.at(-1);
    if (last !== undefined && child.isConcurrent && last[0]?.isConcurrent === true) last.push(child);
    else groups.push([child]);
  }
  return groups;
}
