// Every saga is completed or fully compensated: no step is left done where another was undone, and none
// waits for ever. (Garcia-Molina and Salem, Sagas, 1987.)

import { culpritOf, judged, named, unseen, type Breach, type Integrity } from './culprit.ts';
import { checkSelectors, recordsOf, type Source } from './source.ts';
import type { ObservedRecord } from '../../history/observed.ts';

/** A step of a saga. `idle`: it was never done, so there is nothing to undo. */
export interface SagaStep {
  readonly name: string;
  readonly state: 'idle' | 'done' | 'compensated';
}

/** What {@link sagasSettled} judges. */
export interface SagasSettledOptions<Row> {
  readonly of: Source<Row>;
  /** What became of each step, as the services that did it tell. Undefined: that cannot be seen now. */
  readonly steps: (saga: Row, key: string) => readonly SagaStep[] | undefined;
  /** Whether a saga says of itself that it is over. Those that are not are left alone. Default: all are. */
  readonly isOver?: (saga: Row, key: string) => boolean;
}

/**
 * Judges whether of each saga that is over either every step is done, or none is any more. Asked under
 * `eventually` without `isOver`, it also finds the sagas that never come to an end.
 *
 * @throws {OptionError} If an option is missing or of the wrong type.
 * @example
 * sagasSettled({ of: orders, steps: (order) => [
 *   { name: 'payment', state: isPaid(order) ? 'done' : 'idle' },
 *   { name: 'parcel', state: isShipped(order) ? 'done' : 'idle' },
 * ] });
 */
export function sagasSettled<Row>({ of, steps, isOver = () => true }: SagasSettledOptions<Row>): Integrity {
  checkSelectors('sagasSettled', { steps, isOver });
  const sagas = recordsOf('sagasSettled({ of })', of);
  if (sagas === undefined) return unseen('sagas');
  const breaches: Breach[] = [];
  for (const saga of sagas) {
    if (!isOver(saga.value, saga.key)) continue;
    const seen = steps(saga.value, saga.key);
    if (seen === undefined) return unseen('steps of sagas');
    breaches.push(...breachOf(saga, seen));
  }
  return judged(breaches);
}

function breachOf(saga: ObservedRecord<unknown>, steps: readonly SagaStep[]): Breach[] {
  const done = steps.filter(({ state }) => state === 'done').map(({ name }) => name);
  const undone = steps.filter(({ state }) => state !== 'done');
  if (done.length === 0 || undone.length === 0) return [];
  const others = undone.map(({ name, state }) => `\`${name}\` is ${WORDS[state]}`).join(', ');
  const are = done.length === 1 ? 'is' : 'are';
  const what = `saga \`${saga.key}\` is half done: ${named(done)} ${are} done, ${others}`;
  return [{ what, culprits: [culpritOf(saga)] }];
}

const WORDS: Readonly<Record<SagaStep['state'], string>> = {
  idle: 'not done',
  done: 'done',
  compensated: 'undone',
};
