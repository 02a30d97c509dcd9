// The tests of a file as they were registered: suites, tests and hooks, whichever test runner's words were
// used.

/** The test runner whose words a test was written in: some things mean something else in each. */
export type Dialect = 'node:test' | 'vitest' | 'jest';

/** What a body gets from who runs it. */
export interface TestScope {
  readonly test: TestNode;
  /** Aborted when the test is over. */
  readonly signal: AbortSignal;
  /** Says that the rest of the test is not to be judged. */
  skip(): void;
  /** Runs when the test is over, whatever came of it; the last one first. */
  onOver(cleanUp: () => unknown): void;
  /** Hooks around the subtests of this test. */
  readonly suite: SuiteNode;
  /** Runs a test within this one. */
  subtest(test: TestNode): Promise<void>;
}

/** The body of a test or a hook. */
export type Body = (scope: TestScope) => unknown;

/** A function that runs before or after tests. */
export interface Hook {
  readonly run: Body;
  /** Undefined for no limit. */
  readonly timeoutMs: number | undefined;
}

/** The hooks of a suite, in the order of registration. */
export interface Hooks {
  readonly before: Hook[];
  readonly after: Hook[];
  readonly beforeEach: Hook[];
  readonly afterEach: Hook[];
}

interface NodeOfTree {
  readonly name: string;
  readonly parent: SuiteNode | undefined;
  readonly mode: 'run' | 'skip' | 'todo';
  readonly isOnly: boolean;
  /** Whether it runs together with its neighbours that are, too. */
  readonly isConcurrent: boolean;
}

/** A group of tests. */
export interface SuiteNode extends NodeOfTree {
  readonly kind: 'suite';
  readonly dialect: Dialect;
  readonly hooks: Hooks;
  readonly children: (SuiteNode | TestNode)[];
  /** What its function still has to do before its tests are all known. */
  ready: Promise<unknown> | undefined;
}

/** A test. */
export interface TestNode extends NodeOfTree {
  readonly kind: 'test';
  readonly dialect: Dialect;
  /** The names from the outermost suite inwards: unique in its file. */
  readonly id: string;
  readonly body: Body;
  readonly timeoutMs: number | undefined;
  /** Whether it passes if it fails. */
  readonly failsOnPurpose: boolean;
  /** Tells who waits for it that it is over. */
  readonly over: () => void;
}

/** What joins the names of suites and tests. */
export const PATH_SEPARATOR = ' > ';

/** A suite without anything in it. */
export function newSuite(
  name: string,
  parent: SuiteNode | undefined,
  {
    dialect,
    ...modes
  }: Partial<Pick<SuiteNode, 'mode' | 'isOnly' | 'isConcurrent'>> & {
    readonly dialect: Dialect;
  },
): SuiteNode {
  return {
    kind: 'suite',
    name,
    parent,
    dialect,
    mode: 'run',
    isOnly: false,
    isConcurrent: false,
    ...modes,
    hooks: { before: [], after: [], beforeEach: [], afterEach: [] },
    children: [],
    ready: undefined,
  };
}

/** The names from the outermost suite inwards. */
export function pathOf(node: Pick<SuiteNode | TestNode, 'name' | 'parent'>): string[] {
  const above = node.parent === undefined ? [] : pathOf(node.parent);
  return node.name === '' && node.parent === undefined ? above : [...above, node.name];
}

/** The suites around a node, from the outermost inwards. */
export function suitesAround(node: SuiteNode | TestNode): SuiteNode[] {
  return node.parent === undefined ? [] : [...suitesAround(node.parent), node.parent];
}

/** Every test of a suite, in the order of registration. */
export function testsOf(suite: SuiteNode): TestNode[] {
  return suite.children.flatMap((child) => (child.kind === 'test' ? [child] : testsOf(child)));
}
