// What the environment of the process says about explorations: `WAVETANK_SEED` and `WAVETANK_RUNS`, which a
// person sets to make runs again or to make more of them, and in CI the commit as the default seed.

import { OptionError } from '../errors.ts';
import { commitHash, isInCi } from './commit.ts';

/** What is said. */
export interface RunEnvironment {
  /** `WAVETANK_SEED`, or in CI the seed of the commit. */
  readonly seed?: number;
  /** Where the seed comes from, in words; absent where nothing is said of it. */
  readonly seedOrigin?: string;
  /** `WAVETANK_RUNS`. */
  readonly runs?: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/** How the code of a test gives what the environment may say otherwise. */
interface Given {
  readonly seed?: number | undefined;
  readonly environment?: boolean | undefined;
}

const SEED_MAX = 0xffff_ffff;

/**
 * Reads the environment. A variable comes before the option of the same meaning; the commit is a default,
 * which comes after it.
 *
 * @param given - The options of the exploration; `environment: false` says that nothing is to be read.
 * @throws {OptionError} If a variable is no number of its kind.
 */
export function runEnvironment(
  given: Given = {},
  env: Env = process.env,
  folder: string = process.cwd(),
): RunEnvironment {
  if (given.environment === false) return {};
  const runs = variable(env, 'WAVETANK_RUNS', 'an integer >= 1', 1, Number.MAX_SAFE_INTEGER);
  return { ...seedOf(given, env, folder), ...(runs === undefined ? {} : { runs }) };
}

/** How to explore from a seed again, as a line of text; undefined where the code of the test says it. */
export function seedNote({ seed, seedOrigin }: RunEnvironment): string | undefined {
  if (seed === undefined || seedOrigin === undefined) return undefined;
  return `base seed ${seed}, from ${seedOrigin}: WAVETANK_SEED=${seed} makes the same runs again`;
}

function seedOf({ seed }: Given, env: Env, folder: string): RunEnvironment {
  const wanted = variable(env, 'WAVETANK_SEED', `an integer from 0 to ${SEED_MAX}`, 0, SEED_MAX);
  if (wanted !== undefined) return { seed: wanted, seedOrigin: 'WAVETANK_SEED' };
  const hash = seed === undefined && isInCi(env) ? commitHash(env, folder) : undefined;
  if (hash === undefined) return {};
  return { seed: Number.parseInt(hash.slice(0, 8), 16), seedOrigin: `commit ${hash.slice(0, 12)}` };
}

/** A variable that is a whole number. An empty one says nothing: CI services set those, too. */
function variable(env: Env, name: string, what: string, min: number, max: number): number | undefined {
  const word = (env[name] ?? '').trim();
  if (word === '') return undefined;
  const value = Number(word);
  if (/^\d+$/.test(word) && value >= min && value <= max) return value;
  throw OptionError.expected(name, what, env[name], 'It is a variable of the environment.');
}
