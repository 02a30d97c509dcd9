// Takes down the suites, tests and hooks of a file while it is evaluated.

import { newSuite, PATH_SEPARATOR, pathOf } from './tree.ts';
import type { Body, Dialect, Hooks, SuiteNode, TestNode } from './tree.ts';

/** How a test or suite is registered: all dialects come down to this. */
export interface Registration {
  readonly dialect: Dialect;
  readonly name: string;
  readonly mode?: 'run' | 'skip' | 'todo';
  readonly isOnly?: boolean;
  readonly isConcurrent?: boolean;
  readonly failsOnPurpose?: boolean;
  readonly timeoutMs?: number | undefined;
}

/** See above. One for each run. */
export class Collector {
  readonly root: SuiteNode = newSuite('', undefined, { dialect: 'node:test' });
  /** Called when a test or suite is added. */
  onAdded: (() => void) | undefined;
  #current: SuiteNode = this.root;
  readonly #ids = new Map<string, number>();

  /** The suite whose function runs now. */
  get current(): SuiteNode {
    return this.#current;
  }

  /** Registers a test. @returns a promise that is kept when the test is over, whatever came of it. */
  test(registration: Registration, body: Body, parent: SuiteNode = this.#current): Promise<void> {
    let over: () => void = () => {};
    const done = new Promise<void>((resolve) => (over = resolve));
    parent.children.push(this.newTest(registration, body, { parent, over }));
    this.onAdded?.();
    return done;
  }

  /** Makes a test that is not part of the tree: a subtest, which runs at once. */
  newTest(
    { dialect, name, ...options }: Registration,
    body: Body,
    { parent, over }: { readonly parent: SuiteNode; readonly over: () => void },
  ): TestNode {
    return {
      kind: 'test',
      name,
      dialect,
      parent,
      mode: options.mode ?? 'run',
      isOnly: options.isOnly ?? false,
      isConcurrent: (options.isConcurrent ?? false) || parent.isConcurrent,
      failsOnPurpose: options.failsOnPurpose ?? false,
      timeoutMs: options.timeoutMs,
      id: this.#idOf(pathOf({ name, parent }).join(PATH_SEPARATOR)),
      body,
      over,
    };
  }

  /** Registers a suite, and calls its function, which registers what is in it. */
  suite(registration: Registration, define: () => unknown): void {
    const parent = this.#current;
    const { dialect, name, mode = parent.mode, isOnly = false, isConcurrent } = registration;
    const suite = newSuite(name, parent, {
      dialect,
      mode,
      isOnly,
      isConcurrent: isConcurrent ?? parent.isConcurrent,
    });
    parent.children.push(suite);
    this.#current = suite;
    try {
      const defined = define();
      if (defined instanceof Promise) suite.ready = defined;
    } finally {
      this.#current = parent;
    }
    this.onAdded?.();
  }

  hook(kind: keyof Hooks, run: Body, timeoutMs: number | undefined): void {
    this.#current.hooks[kind].push({ run, timeoutMs });
  }

  /** Two tests of one name are told apart by a number. */
  #idOf(path: string): string {
    const count = (this.#ids.get(path) ?? 0) + 1;
    this.#ids.set(path, count);
    return count === 1 ? path : `${path} #${count}`;
  }
}
