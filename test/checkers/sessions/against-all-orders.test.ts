// The guarantees of sessions against a search through all orders, and through all that a read may have seen,
// which is too simple to be wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Judgement } from '../../../src/checkers/judgement.ts';
import { causallyConsistent } from '../../../src/checkers/sessions/causal.ts';
import { sessionGuarantees } from '../../../src/checkers/sessions/guarantees.ts';
import type { SessionGuarantee } from '../../../src/checkers/sessions/visibility.ts';
import type { Operation } from '../../../src/history/operation.ts';
import { KeyedRandom } from '../../../src/random/keyed.ts';

const HISTORIES = Number(process.env['WAVETANK_HISTORIES'] ?? 1_000);
const CLIENTS = 3;
const OPERATIONS_MAX = 6;

interface Step {
  readonly id: number;
  readonly client: number;
  readonly isWrite: boolean;
  readonly isSure: boolean;
  readonly key: string;
  /** What it wrote or read: the id of a write; undefined for the initial value. */
  readonly value: number | undefined;
}

function draw(random: (bound: number) => number): Step[] {
  const count = OPERATIONS_MAX - (random(8) < 5 ? 0 : random(OPERATIONS_MAX - 1));
  const shapes = Array.from({ length: count }, (_, id) => {
    const isWrite = random(8) < 3;
    const client = random(CLIENTS);
    const key = random(5) === 0 ? 'y' : 'x';
    return { id, client, isWrite, isSure: !isWrite || random(6) > 0, key };
  });
  return shapes.map((shape) => {
    const candidates = shapes.filter((each) => each.isWrite && each.key === shape.key);
    const read = candidates[random(candidates.length * 3 + 1) % Math.max(1, candidates.length)];
    const isInitial = random(12) === 0;
    return { ...shape, value: shape.isWrite ? shape.id : isInitial ? undefined : read?.id };
  });
}

/** The n-th operation of each client takes from n to n + 1. */
function historyOf(steps: readonly Step[]): Operation[] {
  return steps.map(({ id, client, isWrite, isSure, key, value = null }, i) => {
    const invokedMs = rankOf(steps, i);
    const input = isWrite ? { key, value } : { key };
    const began = { id, client: `c${client}`, name: isWrite ? 'write' : 'read', input, invokedMs };
    return isSure ? { ...began, type: 'ok', endedMs: invokedMs + 1, value } : { ...began, type: 'info' };
  });
}

function rankOf(steps: readonly Step[], at: number): number {
  return steps.slice(0, at).filter(({ client }) => client === steps[at]?.client).length;
}

/** No read may end before its write begins, and somebody must write what is read. */
function hasFutureRead(steps: readonly Step[]): boolean {
  return steps.some(({ isWrite, value }, i) => {
    const write = steps.findIndex((each) => each.isWrite && each.id === value);
    return !isWrite && value !== undefined && rankOf(steps, write) > rankOf(steps, i) + 1;
  });
}

const known = new Map<string, readonly (readonly number[])[]>();

function permutations(ids: readonly number[]): readonly (readonly number[])[] {
  const name = ids.join();
  const found =
    known.get(name) ??
    (ids.length === 0
      ? [[]]
      : ids.flatMap((id) => permutations(ids.filter((each) => each !== id)).map((rest) => [id, ...rest])));
  known.set(name, found);
  return found;
}

const isBefore = (one: Step, other: Step): boolean =>
  one.isSure && one.client === other.client && one.id < other.id;

/**
 * Whether any order of all writes, any interleaving and anything that reads may have seen explains a
 * history.
 */
function isExplained(steps: readonly Step[], guarantees: ReadonlySet<SessionGuarantee>): boolean {
  const writes = steps.filter(({ isWrite }) => isWrite);
  return permutations(writes.map(({ id }) => id)).some((order) => {
    const later = (one: number, other: number): boolean => order.indexOf(one) > order.indexOf(other);
    const areInOrder = writes.every((one) =>
      writes.every((other) => !isBefore(one, other) || later(other.id, one.id)),
    );
    return areInOrder && goOn(steps, new Map(), { guarantees, later });
  });
}

interface Rules {
  readonly guarantees: ReadonlySet<SessionGuarantee>;
  /** Whether a write comes after another one in the order of all. */
  readonly later: (one: number, other: number) => boolean;
}

/** Lets any of the operations come next. @param done - The writes that each operation that came has seen. */
function goOn(steps: readonly Step[], done: ReadonlyMap<Step, ReadonlySet<number>>, rules: Rules): boolean {
  const left = steps.filter((step) => !done.has(step));
  if (left.every(({ isWrite }) => isWrite)) return goOnWithWrites(left, done, rules);
  return left.some((next) => {
    if (left.some((each) => isBefore(each, next))) return false;
    if (next.isWrite)
      return mayWrite(next, done, rules) && goOn(steps, new Map([...done, [next, new Set()]]), rules);
    return viewsOf(next, done, rules).some((view) => goOn(steps, new Map([...done, [next, view]]), rules));
  });
}

function goOnWithWrites(
  left: readonly Step[],
  done: ReadonlyMap<Step, ReadonlySet<number>>,
  rules: Rules,
): boolean {
  return left.every((write) => !write.isSure || mayWrite(write, done, rules));
}

/** What its client has seen must come before it. */
function mayWrite(
  write: Step,
  done: ReadonlyMap<Step, ReadonlySet<number>>,
  { guarantees, later }: Rules,
): boolean {
  if (!guarantees.has('writes follow reads')) return true;
  return [...done].every(
    ([read, view]) => read.isWrite || !isBefore(read, write) || [...view].every((id) => later(write.id, id)),
  );
}

/** All sets of writes that a read may have seen, if it answered what it did. */
function viewsOf(
  read: Step,
  done: ReadonlyMap<Step, ReadonlySet<number>>,
  { guarantees, later }: Rules,
): Set<number>[] {
  const writes = [...done.keys()].filter(({ isWrite }) => isWrite);
  const all = Array.from({ length: 2 ** writes.length }, (_, bits) =>
    writes.filter((__, i) => (bits >> i) & 1),
  );
  return all
    .filter((view) => {
      const sees = (write: Step): boolean => view.includes(write);
      const seesAll = (ids: ReadonlySet<number>): boolean =>
        writes.every((each) => !ids.has(each.id) || sees(each));
      const answer = view
        .filter(({ key }) => key === read.key)
        .toSorted((a, b) => (later(a.id, b.id) ? 1 : -1));
      if (answer.at(-1)?.id !== read.value) return false;
      for (const [step, seen] of done) {
        if (step.isWrite) {
          if (guarantees.has('read your writes') && isBefore(step, read) && !sees(step)) return false;
          if (!sees(step) && view.some((write) => isBefore(step, write))) return false;
          continue;
        }
        if (guarantees.has('monotonic reads') && isBefore(step, read) && !seesAll(seen)) return false;
        const isFollowed = view.some((write) => isBefore(step, write));
        if (guarantees.has('writes follow reads') && isFollowed && !seesAll(seen)) return false;
      }
      return true;
    })
    .map((view) => new Set(view.map(({ id }) => id)));
}

/** Which operations follow from which, by program and by what was read. */
function causesOf(steps: readonly Step[]): boolean[][] {
  const causes = steps.map((to) =>
    steps.map((from) => isBefore(from, to) || (!to.isWrite && from.isWrite && from.id === to.value)),
  );
  const row = (i: number): boolean[] => causes[i] as boolean[];
  for (const k of causes.keys())
    for (const i of causes.keys())
      for (const j of causes.keys()) row(i)[j] ||= row(i)[k] === true && row(k)[j] === true;
  return causes;
}

/** Whether orders explain the answers: one for each read, or one for all. */
function isCausal(steps: readonly Step[], variant: 'CC' | 'CCv'): boolean {
  const causes = causesOf(steps);
  const isCause = (from: number, to: number): boolean => causes[to]?.[from] === true;
  if (steps.some(({ id }) => isCause(id, id))) return false;
  const orders = permutations(steps.map(({ id }) => id)).filter((order) =>
    order.every((to, i) => order.slice(i + 1).every((later) => !isCause(later, to))),
  );
  const isRight = (read: Step, order: readonly number[]): boolean => {
    const seen = order.filter(
      (id) => isCause(id, read.id) && steps[id]?.isWrite === true && steps[id]?.key === read.key,
    );
    return seen.at(-1) === read.value;
  };
  const reads = steps.filter(({ isWrite }) => !isWrite);
  return variant === 'CC'
    ? reads.every((read) => orders.some((order) => isRight(read, order)))
    : orders.some((order) => reads.every((read) => isRight(read, order)));
}

const SETS: readonly (readonly SessionGuarantee[])[] = [
  ['monotonic writes'],
  ['monotonic writes', 'read your writes'],
  ['monotonic writes', 'monotonic reads'],
  ['monotonic writes', 'writes follow reads'],
  ['monotonic writes', 'monotonic reads', 'read your writes'],
  ['monotonic writes', 'writes follow reads', 'read your writes'],
  ['monotonic writes', 'writes follow reads', 'monotonic reads'],
  ['monotonic writes', 'writes follow reads', 'monotonic reads', 'read your writes'],
];

test(`${HISTORIES} histories: the same verdicts as by trying everything`, () => {
  const random = new KeyedRandom(1);
  let drawn = 0;
  let apart = 0;
  const kept = new Map<string, number>();
  for (let i = 0; i < HISTORIES; i++) {
    const steps = draw((bound) => random.below(bound, 1, drawn++));
    const history = historyOf(steps);
    const shown = JSON.stringify(history);
    const isSane = !hasFutureRead(steps);
    const hasRead = steps.some(({ isWrite }) => !isWrite);
    const note = (name: string, { verdict, message }: Judgement, isRight: boolean): void => {
      const expected = !hasRead ? 'unknown' : isSane && isRight ? 'ok' : 'illegal';
      assert.equal(verdict, expected, `${name}: ${shown}\n${message}`);
      kept.set(`${name}: ${verdict}`, (kept.get(`${name}: ${verdict}`) ?? 0) + 1);
    };
    const impossible: (readonly SessionGuarantee[])[] = [];
    const isAllExplained = isSane && hasRead && isExplained(steps, new Set(SETS.at(-1)));
    for (const guarantees of SETS) {
      // What a part of them forbids, all forbid; and what all allow, a part of them does.
      const isRight =
        isAllExplained ||
        (isSane &&
          hasRead &&
          !impossible.some((those) => those.every((each) => guarantees.includes(each))) &&
          isExplained(steps, new Set(guarantees)));
      if (!isRight) impossible.push(guarantees);
      note(guarantees.join(', '), sessionGuarantees(history, { guarantees }), isRight);
    }
    if (isCausal(steps, 'CC') && !isCausal(steps, 'CCv')) apart++;
    for (const variant of ['CC', 'CCv'] as const) {
      note(variant, causallyConsistent(history, { variant }), isCausal(steps, variant));
    }
  }
  for (const [name, count] of kept) assert.ok(count > HISTORIES / 100, `${name}: ${count}`);
  assert.ok(apart > HISTORIES / 1000, `causally consistent and not convergent: ${apart}`);
  assert.equal(kept.size, 30, JSON.stringify([...kept]));
});
