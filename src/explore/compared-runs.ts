// Makes runs, and some of them twice, to see that they are the same again.

import type { RunResult } from '../scenario/result.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { RunInput } from '../scenario/simulation.ts';
import { assertSameRun, divergenceOf } from './divergence.ts';
import { refuseEscape } from './refuse-escape.ts';

/** The input of a run that may be made more than once: what the runs write into is another each time. */
export type FreshInput<Workload> = () => Omit<RunInput<Workload>, 'isRecorded'>;

/** Makes the runs of a scenario in this thread. */
export class ComparedRuns<Workload> {
  #isFirst = true;

  /**
   * Makes a run. The first of all may differ from those after it, so it is made twice and recorded at once;
   * others are recorded when they are seen to differ.
   *
   * @param isRepeated - Whether this one is made twice in any case. Default false.
   * @throws {DivergenceError} If it is another one the second time.
   * @throws {EscapeError} If a host is about to leave the simulation.
   */
  async make(fresh: FreshInput<Workload>, isRepeated = false): Promise<RunResult<Workload>> {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const make = async (): Promise<RunResult<Workload>> => {
      const result = await runOnce({ ...fresh(), isRecorded: isFirst });
      refuseEscape(result);
      return result;
    };
    const result = await make();
    if (!isFirst && !isRepeated) return result;
    const again = await make();
    if (isFirst) assertSameRun(result, again);
    else if (again.hash !== result.hash) {
      throw await divergenceOf({ ...fresh(), isRecorded: false }, result, again);
    }
    return result;
  }
}
