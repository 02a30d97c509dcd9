// Exhaustive search within a bound: every order of what touches each other, under every few faults, by making
// the run again with other choices. It proposes plans and is told their results; it makes no runs itself.

import { OptionError } from '../../errors.ts';
import type { Fault, FaultPlan } from '../../faults/fault.ts';
import { didStrike, singleFaults } from '../../faults/single-faults.ts';
import { struckOf } from '../../faults/struck.ts';
import type { ExtentReport } from '../../report/document.ts';
import type { RunResult } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { checkBound, type CheckedBound, type ExhaustiveBound } from './exhaustive-bound.ts';

/** How far an exhaustive search has come. */
export type ExhaustiveSummary = Omit<ExtentReport, 'bound' | 'outside'>;

/** The orders of the runs with one set of faults: a binary tree of choices, walked depth first. */
interface Tree {
  readonly faults: readonly Fault[];
  /** The states that were there at points with a choice. */
  readonly states: Set<string>;
  /** The share of the tree that is done, where each choice halves it. */
  share: number;
  runs: number;
}

interface Node {
  readonly tree: Tree;
  readonly choices: readonly number[];
}

/** Behind the next event of any host: the choice that takes nothing to commute. */
const ANYWHERE = 3;

/**
 * Makes all runs of a small scenario that differ in the order of events or in up to two faults.
 *
 * The orders: a message may arrive at any time that the latency of its link allows, a timer up to 63
 * microseconds late; everything happens as early as the order lets it. So an event either goes or waits for
 * the next one that it does not commute with: one of its own host, or, if it was seen to change the
 * scenario's `state` while checks look on after every step, the next one that changes it; without `state`,
 * the next one anywhere. (Clients count as one host, because they share the history.) Events that commute are
 * not tried in both orders, as with sleep sets. Faults are those of the scenario's budget that are finitely
 * many: a message that the run without them sent is dropped, reset, refused, delayed or comes twice; a host
 * crashes before a step.
 *
 * What is not within the bound: that an event comes late without anything else coming first; other lengths of
 * faults than one; other workloads, and other draws of code under test (`Math.random`).
 *
 * Source: stateless search as in Model Checking for Programming Languages using VeriSoft (Godefroid, 1997),
 * with sleep sets (Partial-Order Methods for the Verification of Concurrent Systems, Godefroid, 1996). Not
 * dynamic partial-order reduction (Flanagan and Godefroid, 2005), which finds the points to return to by the
 * races of a run: with deadlines, an event can prevent another without a race between them that shows. The
 * estimate is that of Knuth (Estimating the Efficiency of Backtrack Programs, 1975) for the leaves of a
 * depth-first walk, as in Kilby, Slaney, Thiébaux and Walsh (Estimating Search Tree Size, 2006).
 *
 * Determinism: draws nothing. The plans that it proposes are a function of (scenario, bound, results).
 */
export class ExhaustiveSearch {
  readonly #budget: Scenario['faults'];
  readonly #bound: CheckedBound;
  readonly #trees: Tree[] = [];
  readonly #nodes: Node[] = [];
  readonly #tried = new Map<FaultPlan, Node>();
  /** Sets of faults that were proposed, by their members in the order of the alphabet. */
  readonly #known = new Set<string>();
  readonly #done = { runs: 0, orders: 0, merged: 0, faultSets: 0, treeRuns: 0, trees: 0 };

  /** @throws {OptionError} If the bound is none. */
  constructor(scenario: Pick<Scenario, 'faults'>, bound: ExhaustiveBound = {}) {
    this.#budget = scenario.faults;
    this.#bound = checkBound('bound', bound);
    this.#add([]);
  }

  /** The next run to be made; undefined when nothing is left, or everything left waits for results. */
  next(): { readonly plan: FaultPlan } | undefined {
    const tree = this.#nodes.length === 0 ? this.#trees.shift() : undefined;
    const node = tree === undefined ? this.#nodes.pop() : { tree, choices: [] };
    if (node === undefined) return undefined;
    const plan: FaultPlan = {
      faults: [...node.tree.faults],
      latency: this.#bound.hasOrders ? 'drawn' : 'calm',
      order: { choices: [...node.choices] },
    };
    this.#tried.set(plan, node);
    return { plan };
  }

  /**
   * Takes the result of a run that was proposed.
   *
   * @throws {OptionError} If it was not, or was told before.
   */
  told(result: Pick<RunResult, 'plan' | 'choices' | 'ledger' | 'steps'>): void {
    const node = this.#tried.get(result.plan);
    if (node === undefined || result.choices === undefined)
      throw OptionError.expected('result', 'of a plan that this search proposed', result.plan);
    this.#tried.delete(result.plan);
    this.#done.runs++;
    const { tree, choices } = node;
    tree.runs++;
    if (choices.length > 0) this.#walked(node, result.choices);
    // A fault that struck nothing makes no other run than without it.
    else if (tree.faults.some((fault) => !didStrike(fault, result.ledger))) tree.share = 1;
    else {
      this.#done.faultSets++;
      this.#addFaults(tree, result);
      this.#walked(node, result.choices);
    }
    if (tree.share < 1) return;
    this.#done.trees++;
    this.#done.treeRuns += tree.runs;
    tree.states.clear();
  }

  summary(): ExhaustiveSummary {
    const { runs, orders, merged, faultSets } = this.#done;
    const left = this.#nodes.length + this.#trees.length + this.#tried.size;
    const isComplete = left === 0;
    const runsEstimated = isComplete ? runs : Math.max(this.#estimate(), runs + left);
    const sets = faultSets === 1 ? '' : ` under ${faultSets} sets of faults`;
    const seen = merged === 0 ? '' : `, ${merged} of them cut off at a state that was there before`;
    const text = isComplete
      ? `complete within this bound: ${counted('order', orders)}${sets}, ${counted('run', runs)}${seen}`
      : `not complete: ${counted('order', orders)}${sets} in ${counted('run', runs)}${seen}; ` +
        `at least ${counted('run', left)} left, of about ${runsEstimated} by estimate`;
    return { isComplete, runs, orders, faultSets, merged, left, runsEstimated, text };
  }

  /** Notes the points at which the run could have gone another way, the last first. */
  #walked({ tree, choices }: Node, { points, isRedundant }: NonNullable<RunResult['choices']>): void {
    let depth = choices.length;
    let isMerged = false;
    for (; depth < points.length && this.#bound.hasOrders; depth++) {
      const { state, behind } = points[depth] as (typeof points)[number];
      isMerged = state !== undefined && this.#bound.mergesStates && tree.states.has(state);
      if (isMerged) break;
      if (state !== undefined) tree.states.add(state);
      const before = points.slice(0, depth).map(({ choice }) => choice);
      this.#nodes.push({ tree, choices: [...before, this.#bound.reduces ? behind : ANYWHERE] });
    }
    if (isMerged) this.#done.merged++;
    if (!isRedundant && !isMerged) this.#done.orders++;
    tree.share += 2 ** -depth;
  }

  #addFaults({ faults }: Tree, { plan, steps }: Pick<RunResult, 'plan' | 'steps'>): void {
    if (faults.length >= this.#bound.faultsMax) return;
    const sent = struckOf(plan)?.sent?.() ?? [];
    const more = singleFaults(this.#budget, { sent, steps }, { times: this.#bound.times, given: faults });
    for (const fault of more) this.#add([...faults, fault]);
  }

  #add(faults: readonly Fault[]): void {
    const members = faults.map((fault) => JSON.stringify(fault));
    const key = JSON.stringify(members.toSorted());
    // The same fault twice is that fault once.
    if (this.#known.has(key) || new Set(members).size < members.length) return;
    this.#known.add(key);
    this.#trees.push({ faults, states: new Set(), share: 0, runs: 0 });
  }

  /** Trees that are not begun yet take what the others took; those that are, by the share that is done. */
  #estimate(): number {
    const { treeRuns, trees } = this.#done;
    const begun = new Set([...this.#nodes, ...this.#tried.values()].map(({ tree }) => tree));
    let total = treeRuns;
    for (const { runs, share } of begun) total += share === 0 ? runs + 1 : runs / share;
    const each = total / Math.max(1, trees + begun.size);
    return Math.round(total + each * this.#trees.length);
  }
}

function counted(what: string, count: number): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
