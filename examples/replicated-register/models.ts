// The register compared with its model: by a search for an order, and by the order that the register tells.
// And its elections with theirs.

import type { World } from 'wavetank';
import { linearizable, verifyOrder } from 'wavetank/checkers';
import type { Decision, Operation, Reading, WitnessResult } from 'wavetank/checkers';
import { leaderElection, register } from 'wavetank/models';
import type { ElectionInput, RegisterInput } from 'wavetank/models';
import { nodes } from './promises.ts';
import { textOf, type Entry } from './services/messages.ts';

const NOTHING: Entry = { number: 0, text: '' };

const reading: Reading<RegisterInput<Entry>, Entry> = {
  input({ name, input }) {
    if (name === 'read') return { name };
    return { name: 'write', value: { number: input as number, text: textOf(input as number) } };
  },
};

/** There is an order in which each read answers what was written last. It is searched for. */
export function isLinearizable({ history }: World): Decision {
  return linearizable(register(NOTHING), history, reading);
}

/**
 * The order in which the register itself says that everything happened is right. Every answer has the number
 * of the write that it shows, as a revision of etcd: so nothing is searched, and a long history costs little.
 */
export function tellsItsOrder({ history }: World): WitnessResult {
  const answered = history.filter(({ type }) => type === 'ok');
  const shown = new Set(answered.filter(({ name }) => name === 'read').map(numberOf));
  // A write that nobody acknowledged had its effect, if it was read.
  const effective = history.filter(
    (each) => each.type === 'ok' || (each.name === 'write' && shown.has(numberOf(each))),
  );
  const order = effective.toSorted(
    (left, right) =>
      numberOf(left) - numberOf(right) ||
      Number(left.name === 'read') - Number(right.name === 'read') ||
      left.invokedMs - right.invokedMs,
  );
  return verifyOrder(
    register(NOTHING),
    history,
    order.map(({ id }) => id),
    reading,
  );
}

/**
 * In the whole run no term was won twice, and who leads at its end was elected. What two nodes lead at the
 * same time, `promises.ts` sees at once; here the leader before a crash and the one after it count as well.
 */
export function electionsAreSafe(world: World): Decision {
  const won = nodes(world).flatMap((node) =>
    (node.won ?? []).map((term): ElectionInput => ({ name: 'elected', node: node.name, term })),
  );
  const leading = nodes(world).flatMap(({ name: node, isLeader, term }): ElectionInput[] =>
    isLeader && term !== undefined ? [{ name: 'leading', node, term }] : [],
  );
  const history = [...won, ...leading].map(({ name, ...input }, id): Operation => {
    // When each was elected, nobody wrote down; by the end, all of them were.
    const { nowMs: endedMs } = world;
    const invokedMs = name === 'elected' ? 0 : endedMs;
    return { id, client: `${input.node}, ${id}`, name, input, type: 'ok', value: true, invokedMs, endedMs };
  });
  return linearizable(leaderElection(), history);
}

function numberOf({ name, input, value }: Operation): number {
  return name === 'write' ? (input as number) : (value as Entry).number;
}
