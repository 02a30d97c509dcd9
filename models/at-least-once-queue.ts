// A queue that delivers a message again until it is acknowledged.

import fc, { type Arbitrary } from 'fast-check';
import { UNKNOWN, type Answer, type Model } from './model.ts';
import { shown, told } from './words.ts';

/** What a client asks of an at-least-once queue. */
export type DeliveryInput =
  | { readonly name: 'send' | 'acknowledge'; readonly message: string }
  | { readonly name: 'receive' | 'backlog' };

/** How many copies of a message there are that nobody acknowledged. */
export interface Copies {
  /** Those that were never delivered. */
  readonly waiting: number;
  /** Those that were delivered at least once. */
  readonly delivered: number;
}

/** The copies of each message that has any. */
export type DeliveryState = Readonly<Record<string, Copies>>;

/**
 * An at-least-once queue, as SQS, RabbitMQ or Pub/Sub are: a message is delivered, and delivered again,
 * until it is acknowledged. Nothing is lost before that.
 *
 * - `send` puts a copy of a message in. Its answer tells nothing; the model does not look at it.
 * - `receive` answers a message of which there is a copy that nobody acknowledged. It stays in the queue,
 *   and is delivered from then on. null: there is none that was never delivered; those that were are hidden
 *   for a while after each delivery, and the model does not know how long that is. So null while a copy
 *   waits for its first delivery is wrong.
 * - `acknowledge` takes one delivered copy of a message out for good, and answers whether there was one.
 * - `backlog` answers how many copies nobody acknowledged.
 *
 * Left to choice: the order of messages; when a message is delivered again, and how often; which copy it is,
 * where a message was sent twice.
 *
 * A message that was lost after its first delivery shows in the answer to `acknowledge` or `backlog`.
 */
export function atLeastOnceQueue(): Model<
  DeliveryState,
  DeliveryInput,
  string | boolean | number | null | undefined
> {
  return {
    name: 'at-least-once queue',
    initial: {},
    isReader: ({ name }) => name === 'backlog',
    next(state, input, answer) {
      switch (input.name) {
        case 'send':
          return [changed(state, input.message, { waiting: 1, delivered: 0 })];
        case 'receive':
          return afterReceive(state, answer);
        case 'acknowledge': {
          const isThere = (copiesOf(state, input.message)?.delivered ?? 0) > 0;
          if (answer !== UNKNOWN && answer !== isThere) return [];
          return [isThere ? changed(state, input.message, { waiting: 0, delivered: -1 }) : state];
        }
        default:
          return answer === UNKNOWN || answer === backlogOf(state) ? [state] : [];
      }
    },
    describeState(state) {
      const each = Object.entries(state).map(
        ([message, copies]) => `${shown(message)} (${copiesText(copies)})`,
      );
      return each.length === 0 ? 'empty' : each.join(', ');
    },
    describe: inWords,
  };
}

function afterReceive(state: DeliveryState, answer: Answer<unknown>): readonly DeliveryState[] {
  const all = Object.entries(state);
  const states: DeliveryState[] = [];
  const isAllDelivered = all.every(([, { waiting }]) => waiting === 0);
  let staysAsItIs = isAllDelivered && (answer === UNKNOWN || answer === null);
  for (const [message, { waiting, delivered }] of all) {
    if (answer !== UNKNOWN && answer !== message) continue;
    if (delivered > 0) staysAsItIs = true;
    if (waiting > 0) states.push(changed(state, message, { waiting: -1, delivered: 1 }));
  }
  return staysAsItIs ? [state, ...states] : states;
}

function changed(state: DeliveryState, message: string, by: Copies): DeliveryState {
  const { waiting, delivered } = copiesOf(state, message) ?? { waiting: 0, delivered: 0 };
  const copies: Copies = { waiting: waiting + by.waiting, delivered: delivered + by.delivered };
  if (copies.waiting + copies.delivered > 0) return { ...state, [message]: copies };
  const { [message]: _none, ...rest } = state;
  return rest;
}

function copiesOf(state: DeliveryState, message: string): Copies | undefined {
  return Object.hasOwn(state, message) ? state[message] : undefined;
}

function backlogOf(state: DeliveryState): number {
  return Object.values(state).reduce((sum, { waiting, delivered }) => sum + waiting + delivered, 0);
}

function copiesText({ waiting, delivered }: Copies): string {
  if (waiting + delivered === 1) return waiting === 1 ? 'never delivered' : 'delivered';
  return `${waiting} never delivered, ${delivered} delivered`;
}

function inWords(input: DeliveryInput, answer: Answer<string | boolean | number | null | undefined>): string {
  switch (input.name) {
    case 'send':
      return told(answer, `asked to send ${shown(input.message)}`, () => `sent ${shown(input.message)}`);
    case 'receive':
      return told(answer, 'asked to receive', (message) =>
        message === null ? 'received nothing' : `received ${shown(message)}`,
      );
    case 'acknowledge': {
      const message = shown(input.message);
      return told(answer, `asked to acknowledge ${message}`, (wasThere) =>
        wasThere === true ? `acknowledged ${message}` : `was told that there is no ${message} to acknowledge`,
      );
    }
    default:
      return told(answer, 'asked for the backlog', (count) => `was told a backlog of ${shown(count)}`);
  }
}

/**
 * Operations on an at-least-once queue.
 *
 * @param options.messages - Few, so that what is acknowledged was often delivered. Default: `a` to `c`.
 */
export function deliveryOperations(
  options: { readonly messages?: Arbitrary<string> } = {},
): Arbitrary<DeliveryInput> {
  const message = options.messages ?? fc.constantFrom('a', 'b', 'c');
  return fc.oneof(
    message.map((each) => ({ name: 'send', message: each }) as const),
    fc.constant({ name: 'receive' } as const),
    message.map((each) => ({ name: 'acknowledge', message: each }) as const),
    fc.constant({ name: 'backlog' } as const),
  );
}
