// A client as the code that drives it sees it: what it asks for is an operation of the history.

import { OptionError } from '../errors.ts';
import type { History } from '../history/history.ts';
import { OUTCOME_TYPES, outcomeOfError, outcomeOfValue } from '../history/operation.ts';
import type { Operation, Outcome, OutcomeType } from '../history/operation.ts';
import type { Activities } from '../host/activities.ts';

/** A client, for the code that drives it. */
export interface Client {
  readonly name: string;
  /**
   * Records an operation: its invocation, and whether it ended `ok`, `fail` (certainly without effect) or
   * `info` (unknown). A response counts by its status; an error of the network does not throw.
   *
   * @param run - Makes the call. It gets the id of the operation, which may travel with the request, so that
   *   the service can tell in which order it applied operations (see `verifyOrder` of `wavetank/checkers`).
   * @throws What `run` threw, if it is an assertion or a bug of the code rather than of the network.
   * @throws {OptionError} If `options.outcome` answers with no type of outcome.
   */
  operation<Value>(
    name: string,
    input: unknown,
    run: (id: number) => Promise<Value> | Value,
    options?: OperationOptions<Value>,
  ): Promise<Outcome<Value>>;
}

/** Options of {@link Client.operation}. */
export interface OperationOptions<Value> {
  /**
   * Decides what an outcome counts as, where the service knows better: a 404 to a delete that is `ok`, a 500
   * that certainly had no effect. Undefined: as it is.
   */
  readonly outcome?: (outcome: Outcome<Value>) => OutcomeType | undefined;
}

/** Makes a client. */
export function createClient({
  name,
  history,
  activities,
  onOperation,
}: {
  name: string;
  history: History;
  activities: Activities | undefined;
  onOperation: (operation: Operation, type: 'invoke' | Operation['type']) => void;
}): Client {
  return {
    name,
    async operation(label, input, run, { outcome: decide } = {}) {
      const begun = history.invoke(name, label, input);
      const { id } = begun;
      onOperation(begun, 'invoke');
      const begin = () => outcomeOf(() => run(id));
      const outcome = await (activities?.handle({ kind: 'operation', id, name: label }, begin) ?? begin());
      const ended =
        decide === undefined ? outcome : { ...outcome, type: checkedType(decide(outcome), outcome) };
      onOperation(history.end(id, ended), ended.type);
      return ended;
    },
  };
}

/** @throws What the call threw, if that is a bug of the caller's own code. */
async function outcomeOf<Value>(call: () => Promise<Value> | Value): Promise<Outcome<Value>> {
  try {
    return outcomeOfValue(await call());
  } catch (error) {
    const outcome = outcomeOfError(error);
    if (outcome === undefined) throw error;
    return outcome;
  }
}

function checkedType(decided: OutcomeType | undefined, outcome: Outcome<unknown>): OutcomeType {
  if (decided === undefined) return outcome.type;
  if (OUTCOME_TYPES.includes(decided)) return decided;
  throw OptionError.expected('what outcome() answered', '"ok", "fail", "info" or nothing', decided);
}
