// Whether a store kept its promises to each of its clients: read your writes, monotonic reads, monotonic
// writes, writes follow reads.

import type { OperationsEvidence } from '../../history/evidence.ts';
import type { Operation } from '../../history/operation.ts';
import { shownText } from '../canonical-text.ts';
import type { Judgement } from '../judgement.ts';
import { accessesOf, inWords, type Accesses, type SessionOptions } from './access.ts';
import { cycles } from './arbitration.ts';
import { Causes } from './causes.ts';
import { causalOrder, Visibility, type SessionGuarantee } from './visibility.ts';
import { cyclicViolation, readViolation, TOLD_MAX, type Broken, type SessionViolation } from './violation.ts';

/** The answer about the promises to clients. `unknown`: nothing was read, or it took too much work. */
export interface SessionJudgement extends Judgement {
  readonly violations: readonly SessionViolation[];
}

const ALL: readonly SessionGuarantee[] = [
  'monotonic writes',
  'read your writes',
  'monotonic reads',
  'writes follow reads',
];

const STEPS_MAX = 50_000_000;

/**
 * Decides whether a store of registers kept session guarantees towards its clients.
 *
 * The history has reads and writes of keys; each value is written once to each key, unless the store tells
 * versions. The clock matters only where a read ended before its write began. A write of unknown outcome
 * that somebody read took effect some time after what its client had done before. A client does one thing
 * at a time.
 *
 * A guarantee is one part of the order in which a client did things, and what a read must see are the
 * writes from which it can be reached through those parts and from writes to their readers. A history is
 * legal if one order of all writes explains every answer: the last write of its key that the read must see,
 * or a later one. The writes of one client are in their order always, whatever is asked for: from one that
 * reads its own older version nobody can tell whether the read was stale or its writes were swapped. So a
 * violation names all the guarantees that together are impossible, and as few as possible.
 *
 * Source: Session Guarantees for Weakly Consistent Replicated Data (Terry and others, 1994). Differs in
 * that it judges what clients saw, not what servers hold; all four together are causal convergence.
 *
 * @param options.guarantees - Which ones must hold together. Default: all four.
 * @throws {HistoryError} If the history is malformed, a client did two things at once, an operation is
 *   neither a read nor a write, or two writes of a key have one value.
 * @example const judgement = sessionGuarantees(result.history); assert.equal(judgement.verdict, 'ok',
 *   judgement.message);
 */
export function sessionGuarantees(
  history: readonly Operation[],
  options: SessionOptions & { readonly guarantees?: readonly SessionGuarantee[] } = {},
): SessionJudgement {
  const asked = ALL.filter((each) => each === ALL[0] || (options.guarantees ?? ALL).includes(each));
  return judge(history, options, (accesses, visibility) => {
    const found: SessionViolation[] = [];
    for (const guarantees of subsetsOf(asked)) {
      if (found.some((each) => each.guarantees.every((one) => guarantees.includes(one)))) continue;
      const kept = new Set(guarantees);
      const { precedences, initialReads } = visibility.of(kept);
      const broken: Broken = {
        guarantees,
        promise: promiseOf(guarantees),
        causes: new Causes(accesses, kept),
      };
      found.push(
        ...initialReads.slice(0, TOLD_MAX).map((each) => readViolation('WriteCOInitRead', each, broken)),
        ...cycles(accesses, precedences).map((each) => cyclicViolation(each, broken)),
      );
    }
    return found;
  });
}

/** Does what all checks of clients have in common. */
export function judge(
  history: readonly Operation[],
  options: SessionOptions,
  violationsOf: (accesses: Accesses, visibility: Visibility) => SessionViolation[],
): SessionJudgement {
  const { stepsMax = STEPS_MAX } = options;
  const accesses = accessesOf(history, options);
  const { writes, readCount, sessionCount, impossible } = accesses;
  if (impossible.length > 0) {
    return judgement(
      impossible.slice(0, TOLD_MAX).map(({ read, write, message }) => {
        const operations = write === undefined ? [read.operation] : [read.operation, write];
        return { guarantees: [], kind: 'ThinAirRead', operations, message };
      }),
    );
  }
  if (readCount === 0) {
    return { verdict: 'unknown', message: 'nothing was read, so nothing is shown', violations: [] };
  }
  const steps = (writes.length + readCount) * sessionCount;
  if (steps > stepsMax) {
    const message =
      `no answer within ${stepsMax.toLocaleString('en')} steps, for ${writes.length + readCount} accesses ` +
      `of ${sessionCount} clients and unknown writes: raise \`stepsMax\` to ${steps.toLocaleString('en')}`;
    return { verdict: 'unknown', message, violations: [] };
  }
  const causal = causalOrder(accesses);
  if ('cycle' in causal) {
    const operations = causal.cycle.map(({ operation }) => operation);
    const message = `each follows from the next: ${causal.cycle.map(inWords).join('; ')}`;
    return judgement([{ guarantees: [], kind: 'CyclicCO', operations, message }]);
  }
  return judgement(violationsOf(accesses, new Visibility(accesses, causal.order)));
}

function judgement(violations: readonly SessionViolation[]): SessionJudgement {
  const message = violations.map((each) => each.message).join('\n');
  const [first] = violations;
  if (first === undefined) return { verdict: 'ok', message, violations };
  return { verdict: 'illegal', message, violations, evidence: evidenceOf(first.operations) };
}

function evidenceOf(operations: readonly Operation[]): OperationsEvidence {
  const text = ({ name, input, type, value }: Operation): string => {
    const answer = type === 'ok' ? (value === undefined ? type : shownText(value)) : type;
    return `${name} ${shownText(input)} → ${answer}`;
  };
  const shown = operations.map((operation) => ({ operation: operation.id, text: text(operation) }));
  return { kind: 'operations', operations: shown };
}

/** All sets that have the first, small ones before large ones. */
function subsetsOf(all: readonly SessionGuarantee[]): SessionGuarantee[][] {
  const [first, ...others] = all;
  let sets: SessionGuarantee[][] = [first === undefined ? [] : [first]];
  for (const each of others) sets = [...sets, ...sets.map((set) => [...set, each])];
  return sets.toSorted((one, other) => one.length - other.length);
}

function promiseOf(guarantees: readonly SessionGuarantee[]): string {
  const [first, ...others] = guarantees;
  // The order of a client's own writes is taken for granted beside another one.
  return (others.length === 0 ? [first] : others).join(' and ');
}
