// Which tests of a file run, and in which order.

import { combine32, hashString } from '../../random/hash.ts';
import type { TestOrder } from '../conditions.ts';
import { PATH_SEPARATOR, pathOf, suitesAround, testsOf } from './tree.ts';
import type { SuiteNode, TestNode } from './tree.ts';

type Child = SuiteNode | TestNode;

/** Chooses among the tests of one file. */
export class Choice {
  readonly #root: SuiteNode;
  readonly #order: TestOrder;
  readonly #ranks: ReadonlyMap<string, number> | undefined;

  constructor(root: SuiteNode, order: TestOrder) {
    this.#root = root;
    this.#order = order;
    const isList = typeof order === 'object' && 'only' in order;
    this.#ranks = isList ? new Map(order.only.map((id, i) => [id, i])) : undefined;
  }

  /**
   * Whether a test runs. `.only` means something to Vitest and Jest; to node:test without a flag it does
   * not.
   */
  isChosen(test: TestNode): boolean {
    if (test.mode !== 'run' || suitesAround(test).some(({ mode }) => mode !== 'run')) return false;
    if (this.#ranks !== undefined && !this.#ranks.has(test.id)) return false;
    if (test.dialect === 'node:test' || !hasOnly(this.#root)) return true;
    return test.isOnly || suitesAround(test).some((suite) => suite.isOnly && !hasOnlyWithin(suite));
  }

  /** Whether anything of a suite runs. */
  hasChosen(suite: SuiteNode): boolean {
    return testsOf(suite).some((test) => this.isChosen(test));
  }

  /**
   * Puts the children of a suite into their order.
   *
   * Determinism: where it is shuffled, by a hash of the seed and each child's path.
   */
  ordered(children: readonly Child[]): readonly Child[] {
    if (this.#order === 'as written') return children;
    return children
      .map((child, i) => ({ child, rank: this.#rankOf(child), i }))
      .toSorted((left, right) => left.rank - right.rank || left.i - right.i)
      .map(({ child }) => child);
  }

  #rankOf(child: Child): number {
    const ranks = this.#ranks;
    if (ranks !== undefined) {
      const ids = child.kind === 'test' ? [child.id] : testsOf(child).map(({ id }) => id);
      return Math.min(...ids.map((id) => ranks.get(id) ?? Number.POSITIVE_INFINITY), Number.MAX_SAFE_INTEGER);
    }
    const { shuffled } = this.#order as { readonly shuffled: number };
    const path = child.kind === 'test' ? child.id : pathOf(child).join(PATH_SEPARATOR);
    return combine32(shuffled, hashString(path));
  }
}

function hasOnly(suite: SuiteNode): boolean {
  return suite.isOnly || hasOnlyWithin(suite);
}

function hasOnlyWithin(suite: SuiteNode): boolean {
  return suite.children.some((child) => (child.kind === 'test' ? child.isOnly : hasOnly(child)));
}
