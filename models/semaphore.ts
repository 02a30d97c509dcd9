// A semaphore: a number of permits, of which holders have some.

import fc from 'fast-check';
import { produce } from 'immer';
import { OptionError } from '../src/errors.ts';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { told } from './words.ts';

/** What a client asks of the semaphore. `semaphore` names one of several, which do not touch each other. */
export type SemaphoreInput =
  | {
      readonly name: 'acquire' | 'release';
      readonly holder: string;
      /** How many, >= 1. Default 1. */
      readonly permits?: number;
      readonly semaphore?: string;
    }
  | { readonly name: 'available'; readonly semaphore?: string };

/** Whether it was done; for `available`, how many permits are free. */
export type SemaphoreOutput = boolean | number;

/** How many permits each holder has; those who have none are not in it. */
export type Permits = Readonly<Record<string, number>>;

/**
 * Makes the model of a semaphore.
 *
 * - `acquire` answers true if that many permits were free, and gives them to `holder`, who may have some
 *   already; false if not, and gives none. One that waits is one that only ever answers true.
 * - `release` answers true if `holder` had that many, and takes them back; false if not, and takes none.
 * - `available` answers how many are free.
 *
 * Nothing is left open. A permit that comes back twice is never two permits, and nobody gives back what
 * another holds.
 *
 * Source: Cooperating Sequential Processes (Dijkstra, 1965); differs in that permits have holders.
 *
 * @param permits - How many there are: an integer, >= 1.
 * @throws {OptionError} If it is none.
 */
export function semaphore(permits: number): Model<Permits, SemaphoreInput, SemaphoreOutput> {
  if (!Number.isSafeInteger(permits) || permits < 1) {
    throw OptionError.expected('permits', 'an integer, >= 1', permits);
  }
  const freeOf = (held: Permits): number =>
    permits - Object.values(held).reduce((sum, count) => sum + count, 0);
  return {
    name: `semaphore of ${permits} permits`,
    initial: {},
    partOf: (input) => input.semaphore ?? '',
    isReader: ({ name }) => name === 'available',
    next(held, input, answer) {
      const free = freeOf(held);
      if (input.name === 'available') return answer === UNKNOWN || answer === free ? [held] : [];
      const { name, holder, permits: count = 1 } = input;
      const has = held[holder] ?? 0;
      const isDone = count >= 1 && count <= (name === 'acquire' ? free : has);
      if (answer !== UNKNOWN && answer !== isDone) return [];
      if (!isDone) return [held];
      return [
        produce(held, (draft) => {
          const left = name === 'acquire' ? has + count : has - count;
          if (left === 0) delete draft[holder];
          else draft[holder] = left;
        }),
      ];
    },
    describe,
    describeState(held) {
      const holders = Object.keys(held)
        .toSorted()
        .map((holder) => `${holder} has ${held[holder]}`);
      return [`${freeOf(held)} of ${permits} permits free`, ...holders].join(', ');
    },
  };
}

function describe(input: SemaphoreInput, answer: Answer<SemaphoreOutput>): string {
  const of = input.semaphore === undefined ? '' : ` of ${input.semaphore}`;
  if (input.name === 'available') {
    const asked = `asked how many permits${of} are free`;
    return told(answer, asked, (free) => `${asked}: ${free}`);
  }
  const { name, holder, permits = 1 } = input;
  const what = `${permits === 1 ? 'a permit' : `${permits} permits`}${of} as ${holder}`;
  const asked = `asked to ${name} ${what}`;
  return told(answer, asked, (isDone) =>
    isDone === true ? `${name}d ${what}` : `${asked}, and was refused`,
  );
}

/**
 * Operations of a semaphore.
 *
 * @param options.holders - Who asks. Default: `a`, `b` and `c`.
 * @param options.permitsMax - How many permits one asks for at most. Default 2.
 */
export function semaphoreOperations({
  holders = ['a', 'b', 'c'],
  permitsMax = 2,
}: {
  readonly holders?: readonly string[];
  readonly permitsMax?: number;
} = {}): fc.Arbitrary<SemaphoreInput> {
  const plain = { noNullPrototype: true } as const;
  const holder = fc.constantFrom(...holders);
  const permits = fc.integer({ min: 1, max: permitsMax });
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ name: fc.constant('acquire' as const), holder, permits }, plain) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('release' as const), holder, permits }, plain) },
    { weight: 2, arbitrary: fc.record({ name: fc.constant('available' as const) }, plain) },
  );
}
