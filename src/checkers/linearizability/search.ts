// The search for an order in which the operations of a history could have taken effect, one after another and
// each between its beginning and its end, so that a model allows every answer.

// Source: Testing and Verifying Concurrent Objects (Wing and Gong, 1993), with the memory of Testing for
// Linearizability (Lowe, 2017). Differs in how a configuration is kept: relative to the operations that have
// all taken effect, so that its size depends on how many overlap and not on how long the history is.

import type { Model } from '../../../models/model.ts';
import type { Call } from './call.ts';
import { Configurations, GrowingSet, States } from './configurations.ts';
import { isSure, type Candidate, type Order } from './order.ts';

/** How many words a configuration may take, on the average of as many as there may be. */
const WORDS_EACH = 16;

/** What a search may use. */
export interface SearchBudget {
  /** How many operations may be looked at, each as often as it is. */
  readonly steps: number;
  /** How many configurations may be kept in memory. */
  readonly configurations: number;
}

/** The operations in the order in which they took effect, last one first. */
export interface Placed<State> {
  readonly call: number;
  readonly state: State;
  readonly before: Placed<State> | undefined;
  readonly count: number;
}

/** Where a search got furthest before it could not go on. */
export interface Impasse<State> {
  /** The order up to there. */
  readonly placed: Placed<State> | undefined;
  /** The operation that ended there, and could take effect nowhere. */
  readonly blocked: number;
  /** All that had begun by then and had not taken effect. */
  readonly open: readonly number[];
}

export type SearchResult<State> =
  | { readonly kind: 'found'; readonly placed: Placed<State> | undefined; readonly steps: number }
  | { readonly kind: 'none'; readonly impasse: Impasse<State>; readonly steps: number }
  | { readonly kind: 'gave up'; readonly limit: keyof SearchBudget; readonly steps: number };

/** A moment of the search: which operations could be the next, and how far they were tried. */
interface Turn<State> {
  /** Those that could be the next, the one that ends first in front. */
  readonly open: readonly Candidate[];
  at: number;
  alternatives: readonly State[];
  alternative: number;
  readonly placed: Placed<State> | undefined;
  base: number;
  top: number;
}

/** Searches one part of a history. Calls are in the order in which they began. */
export class Search<State, Input, Output> {
  readonly #model: Model<State, Input, Output>;
  readonly #calls: readonly Call<Input, Output>[];
  readonly #budget: SearchBudget;
  readonly #order: Order;
  readonly #configurations = new Configurations();
  readonly #states = new States();
  /** Those whose end is known, and must be placed; and the others. */
  readonly #certain: GrowingSet;
  readonly #uncertain: GrowingSet;
  /** The number of a call among those of its sort. */
  readonly #numbers: readonly number[];
  readonly #turns: Turn<State>[] = [];
  #placed: Placed<State> | undefined;
  #certainLeft = 0;
  #steps = 0;
  #furthestPlace = -1;
  #impasse: Impasse<State> | undefined;

  constructor(
    model: Model<State, Input, Output>,
    calls: readonly Call<Input, Output>[],
    options: { readonly budget: SearchBudget; readonly order: Order },
  ) {
    this.#model = model;
    this.#calls = calls;
    this.#budget = options.budget;
    this.#order = options.order;
    let uncertain = 0;
    this.#numbers = calls.map((call) => (isSure(call) ? this.#certainLeft++ : uncertain++));
    this.#certain = new GrowingSet(this.#certainLeft);
    this.#uncertain = new GrowingSet(uncertain);
  }

  run(): SearchResult<State> {
    const { steps: stepsMax, configurations: configurationsMax } = this.#budget;
    this.#turns.push(this.#turn());
    while (this.#certainLeft > 0) {
      const turn = this.#turns.at(-1);
      if (turn === undefined) {
        return { kind: 'none', impasse: this.#impasse as Impasse<State>, steps: this.#steps };
      }
      if (this.#steps >= stepsMax) return { kind: 'gave up', limit: 'steps', steps: this.#steps };
      const { size, words } = this.#configurations;
      if (size >= configurationsMax || words >= configurationsMax * WORDS_EACH) {
        return { kind: 'gave up', limit: 'configurations', steps: this.#steps };
      }
      if (this.#goOn(turn)) this.#turns.push(this.#turn());
      else this.#turns.pop();
    }
    return { kind: 'found', placed: this.#placed, steps: this.#steps };
  }

  /** Begins a turn: looks which operations could be the next. */
  #turn(): Turn<State> {
    const open = this.#order.open();
    this.#steps += open.length;
    this.#noteImpasse(open);
    if (open.length > 1) open.sort((left, right) => left.deadline - right.deadline || left.call - right.call);
    return { open, at: -1, alternatives: [], alternative: 0, placed: this.#placed, base: 0, top: 0 };
  }

  /** Lets the next open operation take effect that leads anywhere new. @returns false if none does. */
  #goOn(turn: Turn<State>): boolean {
    if (turn.at >= 0 && this.#placed !== turn.placed) {
      const candidate = turn.open[turn.at] as Candidate;
      this.#takeBack(turn, candidate);
      // Placing what only reads later could not be better.
      if (this.#isReader(candidate)) return false;
      turn.alternative++;
    }
    for (;;) {
      while (turn.alternative < turn.alternatives.length) {
        if (this.#place(turn)) return true;
        turn.alternative++;
      }
      const candidate = turn.open[++turn.at];
      if (candidate === undefined) return false;
      this.#steps++;
      const { input, answer } = this.#calls[candidate.call] as Call<Input, Output>;
      turn.alternatives = this.#model.next(this.#state, input, answer);
      turn.alternative = 0;
    }
  }

  get #state(): State {
    return this.#placed === undefined ? this.#model.initial : this.#placed.state;
  }

  #isReader({ call }: Candidate): boolean {
    return this.#model.isReader?.((this.#calls[call] as Call<Input, Output>).input) === true;
  }

  #place(turn: Turn<State>): boolean {
    const candidate = turn.open[turn.at] as Candidate;
    const { call } = candidate;
    const { isSure: isCertain } = candidate;
    const set = isCertain ? this.#certain : this.#uncertain;
    const state = turn.alternatives[turn.alternative] as State;
    const number = this.#states.numberOf(state);
    // What nobody knows to have happened, and changes nothing, need not have happened.
    if (!isCertain && number === this.#states.numberOf(this.#state)) return false;
    turn.base = set.base;
    turn.top = set.top;
    set.add(this.#numbers[call] as number);
    if (!this.#configurations.add(this.#certain, this.#uncertain, number)) {
      set.remove(this.#numbers[call] as number, turn.base, turn.top);
      return false;
    }
    const before = this.#placed;
    this.#placed = { call, state, before, count: (before?.count ?? 0) + 1 };
    if (isCertain) this.#certainLeft--;
    this.#order.take(candidate);
    return true;
  }

  #takeBack({ placed, base, top }: Turn<State>, candidate: Candidate): void {
    const { isSure: isCertain } = candidate;
    (isCertain ? this.#certain : this.#uncertain).remove(this.#numbers[candidate.call] as number, base, top);
    if (isCertain) this.#certainLeft++;
    this.#placed = placed;
    this.#order.giveBack(candidate);
  }

  /** Nothing can come after the operation that ends next, as long as it has not taken effect. */
  #noteImpasse(open: readonly Candidate[]): void {
    const end = this.#order.end();
    if (end === undefined || end.place <= this.#furthestPlace) return;
    this.#furthestPlace = end.place;
    this.#impasse = { placed: this.#placed, blocked: end.call, open: open.map(({ call }) => call) };
  }
}
