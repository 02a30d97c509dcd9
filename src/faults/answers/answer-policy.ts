// Decides what becomes of the requests of one run: by the faults of its plan, by its chances, and by the
// outages that last now. Writes down what really struck.

import type { AnswerPolicy, AnswerWindow, ServedRequest, Twist } from '../../host/answering.ts';
import { combine32, hashString } from '../../random/hash.ts';
import type { KeyedRandom } from '../../random/keyed.ts';
import type { FaultPlan } from '../fault.ts';
import { isRequestFault } from '../fault.ts';
import type { Ledger } from '../ledger.ts';
import type { AnswerOptions } from './table.ts';
import type { RequestChance, RequestFault, RequestRef } from './answer-fault.ts';
import type { RequestKind } from './request-kind.ts';
import { describeRequestFault, drawRequestFault, REQUEST_KINDS, requestKind } from './table.ts';

/** Kinds of timed faults that are about answers. */
const WINDOWS: readonly string[] = ['outage', 'brownout'];

/** What a policy is made of. */
export interface PolicyOptions {
  readonly random: KeyedRandom;
  readonly ledger: Ledger;
  readonly olderSchema: AnswerOptions['olderSchema'];
  /** Whether a request with this method may arrive twice. */
  readonly mayDuplicate: (method: string) => boolean;
  /** Told of what struck, in words. */
  readonly noted: (text: string) => void;
}

/** @returns undefined where the plan has nothing to say of answers, so that such a run pays nothing. */
export function compileAnswers(plan: FaultPlan, options: PolicyOptions): AnswerPolicy | undefined {
  const faults = plan.faults.filter(isRequestFault);
  const chances = plan.answerChances ?? [];
  const hasWindows = plan.faults.some(({ kind }) => WINDOWS.includes(kind));
  if (faults.length === 0 && chances.length === 0 && !hasWindows) return undefined;
  return new Answers(faults, chances, options);
}

class Answers implements AnswerPolicy {
  readonly #options: PolicyOptions;
  readonly #planned = new Map<string, RequestFault>();
  readonly #chances: readonly { readonly chance: RequestChance; readonly key: number }[];
  readonly #windows = new Set<AnswerWindow>();
  readonly #told = new Set<() => void>();

  constructor(faults: readonly RequestFault[], chances: readonly RequestChance[], options: PolicyOptions) {
    this.#options = options;
    for (const fault of faults.toReversed()) this.#planned.set(nameOf(fault), fault);
    const order = REQUEST_KINDS.map(({ kind }) => kind);
    this.#chances = chances
      .toSorted((left, right) => order.indexOf(left.kind) - order.indexOf(right.kind))
      .map((chance) => ({ chance, key: hashString(`answer ${chance.kind}`) }));
  }

  twist(request: ServedRequest): Twist | undefined {
    for (const window of this.#windows) {
      const twist = window.host === request.to ? window.twist(request) : undefined;
      if (twist !== undefined) return twist;
    }
    const { from, to, method, topic, nth } = request;
    const ref: RequestRef = { from, to, label: topic.label, nth };
    const fault = this.#planned.get(nameOf(ref)) ?? this.#draw(ref, topic.key);
    if (fault === undefined) return undefined;
    const { olderSchema, ledger, mayDuplicate, noted } = this.#options;
    return (requestKind(fault.kind) as RequestKind).twist(fault, {
      request,
      olderSchema: olderSchema?.[to],
      mayDuplicate: mayDuplicate(method),
      struck: (struck) => {
        ledger.add(struck);
        noted(describeRequestFault(struck));
      },
    });
  }

  refuses(host: string): boolean {
    for (const window of this.#windows) if (window.host === host && window.refuses()) return true;
    return false;
  }

  open(window: AnswerWindow): () => void {
    this.#windows.add(window);
    return () => void this.#windows.delete(window);
  }

  whenOver(told: () => void): () => void {
    this.#told.add(told);
    return () => void this.#told.delete(told);
  }

  end(): void {
    for (const told of this.#told) told();
    this.#told.clear();
    this.#windows.clear();
  }

  /** One draw for each chance and request, and more for what strikes: keyed by kind, topic and occurrence. */
  #draw(ref: RequestRef, topicKey: number): RequestFault | undefined {
    const { random } = this.#options;
    for (const { chance, key: kindKey } of this.#chances) {
      if (chance.hosts?.includes(ref.to) === false) continue;
      const key = combine32(topicKey, kindKey);
      if (!random.chance(chance.rate, key, ref.nth)) continue;
      let draws = 0;
      return drawRequestFault(ref, chance, (bound) => random.below(bound, combine32(key, ++draws), ref.nth));
    }
    return undefined;
  }
}

function nameOf({ from, to, label, nth }: RequestRef): string {
  return `${from} -> ${to} ${label} #${nth}`;
}
