// Stands between the clients of a run and its services: notes every request, keeps the answers that are asked
// for, and gives others where one is altered. What the fault plan has in store goes first.

import type { AnswerPolicy, AnswerWindow, ServedRequest, Twist, WholeAnswer } from '../host/answering.ts';
import type { VirtualNow } from '../time/host-clock.ts';
import type { RequestAlteration, RequestName } from './alteration.ts';

/** A request that reached a service, in the order of their coming. */
export interface NotedRequest extends RequestName {
  readonly host: string;
  readonly method: string;
  readonly atMs: number;
}

/** What a service answered, and how long it took. */
export interface KeptAnswer {
  readonly answer: WholeAnswer;
  readonly tookUs: number;
}

/** The answers to some requests, by {@link requestKey}. */
export type KeptAnswers = ReadonlyMap<string, KeptAnswer>;

/** A request, as one word. */
export function requestKey(host: string, { from, label, nth }: RequestName): string {
  return `${from} -> ${host} ${label} #${nth}`;
}

/** What is done to the requests of a run. */
export interface AnswerTask {
  /** The requests whose answers are to be kept. */
  readonly keep: ReadonlySet<string>;
  readonly kept: Map<string, KeptAnswer>;
  readonly alteration: RequestAlteration | undefined;
  /** The answers that it needs; kept in another run. */
  readonly answers: KeptAnswers;
  readonly note: (request: NotedRequest) => void;
}

/** The policy of one run. */
export class AlteredAnswers implements AnswerPolicy {
  readonly #planned: AnswerPolicy | undefined;
  readonly #time: VirtualNow;
  readonly #task: AnswerTask;
  readonly #twists: ReadonlyMap<string, Twist>;
  #isStormOver = false;

  constructor(planned: AnswerPolicy | undefined, time: VirtualNow, task: AnswerTask) {
    this.#planned = planned;
    this.#time = time;
    this.#task = task;
    this.#twists = twistsOf(task);
  }

  twist(request: ServedRequest): Twist | undefined {
    const planned = this.#isStormOver ? undefined : this.#planned?.twist(request);
    if (planned !== undefined) return planned;
    const { from, to: host, method, topic, nth } = request;
    const beganUs = this.#time.nowUs;
    const name = { from, label: topic.label, nth };
    this.#task.note({ ...name, host, method, atMs: beganUs / 1000 });
    const key = requestKey(host, name);
    if (!this.#task.keep.has(key)) return this.#twists.get(key);
    return {
      answer: (given) => {
        const tookUs = this.#time.nowUs - beganUs;
        if (given !== undefined) this.#task.kept.set(key, { answer: given, tookUs });
        return given;
      },
    };
  }

  refuses(host: string): boolean {
    return !this.#isStormOver && this.#planned?.refuses(host) === true;
  }

  open(window: AnswerWindow): () => void {
    return this.#planned?.open(window) ?? (() => {});
  }

  whenOver(told: () => void): () => void {
    return (this.#isStormOver ? undefined : this.#planned?.whenOver(told)) ?? (() => {});
  }

  /** The storm is over; what is altered need not be. */
  end(): void {
    this.#planned?.end();
    this.#isStormOver = true;
  }
}

function twistsOf({ alteration, answers }: AnswerTask): ReadonlyMap<string, Twist> {
  if (alteration === undefined) return new Map();
  const { host, kind, other } = alteration;
  const key = requestKey(host, alteration);
  const own = answers.get(key);
  const otherKey = other === undefined ? '' : requestKey(host, other);
  const given = answers.get(otherKey);
  if (own === undefined || (other !== undefined && given === undefined)) return new Map();
  if (kind === 'doubled') return new Map([[key, { executions: 2, answersFirst: true }]]);
  const answer = (): WholeAnswer => given?.answer ?? own.answer;
  if (kind !== 'swapped') return new Map([[key, { executions: 0, afterUs: own.tookUs, answer }]]);
  return new Map([
    [key, { answer }],
    [otherKey, { answer: () => own.answer }],
  ]);
}
