// The single deviations from a calm run: what could have gone wrong with each message, each host, each
// request and each operation on a disk, one at a time and within the fault budget.

import { drawRequestFault, REQUEST_KINDS } from '../../faults/answers/table.ts';
import type { FaultBudget } from '../../faults/budget.ts';
import { drawCore } from '../../faults/core.ts';
import { DISK_KIND_NAMES, DISK_KINDS, type DiskFault, type DiskRef } from '../../faults/disk-fault.ts';
import {
  isMessageFault,
  isTimedFault,
  type Fault,
  type FaultPlan,
  type MessageFault,
  type TimedFault,
} from '../../faults/fault.ts';
import { STRIKES } from '../../faults/injector.ts';
import { TIMED_KINDS } from '../../faults/kinds/table.ts';
import type { MessageTopic } from '../../faults/struck.ts';
import { isAllowed } from '../../faults/survivable.ts';
import { drawContext } from '../../faults/timed.ts';
import { withinBudget } from '../../faults/within-budget.ts';
import { combine32, hashString } from '../../random/hash.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { routeOf } from '../statistics/routes.ts';
import type { Sounding } from '../soundings.ts';
import { drawsOf, inTurn, spread, spreadOver } from './draws.ts';

/** What is different from the calm plan. */
export type Deviation = Partial<FaultPlan>;

/** What a fault of a message has besides its message. */
interface Form {
  readonly byMs?: number;
  readonly afterMs?: number;
}

/** How long a message is late, in milliseconds: on the scales on which systems have time-outs. */
const DELAYS: readonly Form[] = [{ byMs: 1_500 }, { byMs: 150 }, { byMs: 15_000 }, { byMs: 15 }];
/** How much later a message comes again. */
const AGAIN: readonly Form[] = [{ afterMs: 50 }, { afterMs: 2_000 }];
/** Of more messages of one topic only some are tried. */
const MESSAGES_MAX = 64;
/** So many forms of each kind of fault that begins at a time, and of each that befalls a request. */
const TIMED_FORMS = 48;
const REQUEST_FORMS = 3;
const CORE_FORMS = 8;
/** So many lost responses come before everything else. */
const LOST_ANSWERS_FIRST = 2;

/** One message. */
type Message = MessageTopic & { readonly nth: number };

/**
 * Lists the single deviations, those of different kinds in turn, so that each beginning of the list has
 * something of everything: responses of two hosts that are lost first, after which nobody can know the
 * outcome; and those of hosts that ask nobody else, where something was done.
 *
 * Determinism: a function of (scenario, sounding). The form of a fault that begins at a time (how long, which
 * groups of hosts) is drawn by its number; its moment is a step of the calm run, spread evenly.
 */
export function deviationsOf({ faults: budget, hosts, network }: Scenario, sounding: Sounding): Deviation[] {
  const names = [...hosts.keys()];
  const weather = weatherOf(sounding);
  const orders: Deviation[] = [{ order: 'drawn' }];
  if (budget === undefined) return inTurn([weather.map(single), orders]);
  const listed = (faults: readonly (readonly Fault[])[]): Deviation[] => {
    const isPossible = (fault: Fault): boolean =>
      isAllowed(budget, fault) && withinBudget(budget, [fault]).length === 1;
    return inTurn(faults.map((each) => each.filter(isPossible).map(single)));
  };
  const messages = listed(messageFaults(budget, sounding, network.mayDuplicate));
  const first = lostAnswersOf(messages).slice(0, LOST_ANSWERS_FIRST);
  const others = inTurn([
    messages.filter((each) => !first.includes(each)),
    listed(timedFaults(budget, names, sounding.steps)),
    listed([...requestFaults(budget, sounding), ...diskFaults(budget, sounding)]),
    inTurn([listed([weather]), cores(budget, names), orders]),
  ]);
  return [...first, ...others];
}

/** The first lost response of each host. */
function lostAnswersOf(deviations: readonly Deviation[]): Deviation[] {
  const byHost = new Map<string, Deviation>();
  for (const each of deviations) {
    const [fault] = each.faults ?? [];
    const isLost = fault?.kind === 'drop' && isAnswer(fault);
    if (isLost && !byHost.has(fault.from)) byHost.set(fault.from, each);
  }
  return [...byHost.values()];
}

/** The calm plan with some deviations; undefined where together they exceed the budget. */
export function planOf(
  budget: FaultBudget | undefined,
  deviations: readonly Deviation[],
): FaultPlan | undefined {
  const faults = deviations.flatMap((each) => each.faults ?? []);
  const timed = faults.filter(isTimedFault).toSorted((left, right) => left.atMs - right.atMs);
  if (budget !== undefined && withinBudget(budget, timed).length < timed.length) return undefined;
  const all = [...timed, ...faults.filter((fault) => !isTimedFault(fault))];
  return { latency: 'calm', order: 'calm', ...Object.assign({}, ...deviations), faults: all } as FaultPlan;
}

function single(fault: Fault): Deviation {
  return { faults: [fault] };
}

/** What happened of itself, to messages that the calm run has as well: the latest first. */
function weatherOf({ weather, messages }: Sounding): Fault[] {
  const counts = new Map(messages.map(({ topic, count }) => [keyOf(topic), count]));
  const known = weather.filter(
    (fault) => !isMessageFault(fault) || fault.nth <= (counts.get(keyOf(fault)) ?? 0),
  );
  const lateMs = (fault: Fault): number => (fault.kind === 'delay' ? fault.byMs : Number.POSITIVE_INFINITY);
  return known.toSorted((left, right) => lateMs(right) - lateMs(left));
}

function keyOf({ from, to, message, label }: MessageTopic): string {
  return `${from} ${to} ${message} ${label}`;
}

function messageFaults(
  budget: FaultBudget,
  { messages, clients }: Sounding,
  mayDuplicate: ReadonlySet<string>,
): (readonly MessageFault[])[] {
  const of = (kind: MessageFault['kind'], forms: readonly Form[]): MessageFault[] => {
    if (budget[kind] === undefined || budget[kind] === false) return [];
    const classes = new Map<string, Message[][]>();
    for (const { topic, count } of messages) {
      // What a host says to itself passes no network.
      if (!STRIKES[kind].includes(topic.message) || topic.from === topic.to) continue;
      if (kind === 'duplicate' && !isSentAgain(topic, mayDuplicate)) continue;
      const nths = spreadOver(count, MESSAGES_MAX).map((index): Message => ({ ...topic, nth: index + 1 }));
      const name = classOf(topic, clients);
      classes.set(name, [...(classes.get(name) ?? []), nths]);
    }
    return inTurn(
      [...classes.values()].map((topics) =>
        inEachForm(inTurn(topics), forms).map((message) => ({ kind, ...message }) as MessageFault),
      ),
    );
  };
  const askers = new Set(messages.filter(({ topic }) => isRequest(topic)).map(({ topic }) => topic.from));
  const rankOf = (message: MessageTopic): number =>
    isAnswer(message) ? 1 + Number(!askers.has(message.from)) : 0;
  return [
    of('drop', [{}]).toSorted((left, right) => rankOf(right) - rankOf(left)),
    of('delay', DELAYS),
    of('duplicate', AGAIN),
    of('reset', [{}]),
    of('refuse', [{}]),
  ];
}

/** Each message once, in one form after another; then each in the next form. */
function inEachForm(messages: readonly Message[], forms: readonly Form[]): (Message & Form)[] {
  return forms.flatMap((_, pass) =>
    messages.map((message, i) => ({ ...message, ...forms[(i + pass) % forms.length] })),
  );
}

/** What messages of one route have in common: one client is as good as another. */
function classOf({ from, to, message, label }: MessageTopic, clients: readonly string[]): string {
  const end = (name: string): string => (clients.includes(name) ? '' : name);
  return `${end(from)} ${end(to)} ${message} ${routeOf(label)}`;
}

function isAnswer({ message }: Pick<MessageTopic, 'message'>): boolean {
  return message === 'response';
}

function isRequest({ message }: MessageTopic): boolean {
  return message === 'request';
}

function isSentAgain({ message, label }: MessageTopic, mayDuplicate: ReadonlySet<string>): boolean {
  return message === 'datagram' || mayDuplicate.has(label.split(' ')[0] ?? '');
}

/** Several forms of each kind that the budget has, for each request. */
function requestFaults(budget: FaultBudget, { messages }: Sounding): (readonly Fault[])[] {
  const requests = messages.filter(({ topic }) => isRequest(topic));
  return REQUEST_KINDS.flatMap(({ kind }) => {
    if (budget[kind] === undefined || budget[kind] === false) return [];
    const forms = Array.from({ length: REQUEST_FORMS }, (_, form) => {
      const topics = requests.map(({ topic: { from, to, label }, count }) =>
        spreadOver(count, MESSAGES_MAX).map((index) => {
          const draw = drawsOf(combine32(hashString(`${kind} ${from} ${to} ${label} ${index}`), form));
          const { statuses } = statusesOf(budget, kind, to);
          const chance = { kind, rate: 1, ...(statuses === undefined ? {} : { statuses }) };
          return drawRequestFault({ from, to, label, nth: index + 1 }, chance, draw);
        }),
      );
      return inTurn(topics);
    });
    return [forms.flat()];
  });
}

function statusesOf(
  { answer }: FaultBudget,
  kind: string,
  host: string,
): { readonly statuses: readonly number[] | undefined } {
  const isNamed = kind === 'answer' && typeof answer === 'object' && !Array.isArray(answer);
  return { statuses: isNamed ? (answer as Readonly<Record<string, readonly number[]>>)[host] : undefined };
}

/** Drawn forms of each kind that the budget has, each beginning before a step of the calm run. */
function timedFaults(
  budget: FaultBudget,
  hosts: readonly string[],
  steps: number,
): (readonly TimedFault[])[] {
  return TIMED_KINDS.map((kind) => {
    if (budget[kind.kind] === undefined) return [];
    const key = hashString(kind.kind);
    const forms: TimedFault[] = [];
    // Half of what is drawn is nothing.
    for (let nth = 0; nth < 4 * TIMED_FORMS && forms.length < TIMED_FORMS; nth++) {
      const drawn = kind.draw(drawContext(budget, hosts, drawsOf(combine32(key, nth))));
      const fault = drawn[nth % Math.max(1, drawn.length)];
      if (fault !== undefined) forms.push(atStep(fault, 1 + Math.floor(spread(forms.length + 1) * steps)));
    }
    return forms;
  });
}

/** What begins before anything boots keeps its time. */
function atStep(fault: TimedFault, step: number): TimedFault {
  return fault.atMs === 0 ? fault : { ...fault, atMs: 0, after: { step } };
}

function diskFaults(budget: FaultBudget, { diskCalls }: Sounding): (readonly DiskFault[])[] {
  return DISK_KIND_NAMES.map((kind) => {
    const allowed = budget[kind] ?? [];
    const fitting = diskCalls.filter(
      ({ host, operation }) =>
        allowed.includes(host) && DISK_KINDS[kind].includes(operation as DiskRef['operation']),
    );
    return spreadOver(fitting.length, MESSAGES_MAX).map((index) => {
      const { host, operation, path, nth, bytes } = fitting[index] as Sounding['diskCalls'][number];
      const ref: DiskRef = { host, operation: operation as DiskRef['operation'], path, nth };
      return diskFault(kind, ref, bytes);
    });
  });
}

function diskFault(kind: DiskFault['kind'], ref: DiskRef, bytes: number): DiskFault {
  switch (kind) {
    case 'shortWrite':
      return { kind, ...ref, bytes: Math.max(1, Math.floor(bytes / 2)) };
    case 'slowSync':
      return { kind, ...ref, byMs: 1_500 };
    case 'flippedBit':
      return { kind, ...ref, bit: bytes * 4 };
    case 'misdirectedWrite':
      return { kind, ...ref, byBytes: 512 };
    default:
      return { kind, ...ref };
  }
}

function cores({ survivable }: FaultBudget, hosts: readonly string[]): Deviation[] {
  const found = new Map<string, readonly string[]>();
  for (let nth = 0; nth < 4 * CORE_FORMS && found.size < CORE_FORMS; nth++) {
    const core = drawCore(survivable?.core, hosts, drawsOf(nth));
    if (core !== undefined) found.set(core.join(' '), core);
  }
  return [...found.values()].map((core) => ({ core }));
}
