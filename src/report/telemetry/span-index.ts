// Finds the span on whose behalf something was done: from what its host was doing, by way of the messages
// that led to it, back to an operation, a life of a host or a timer.

import type { Activity } from '../../history/provenance.ts';
import type { RequestName, SentEntry, StepEntry } from '../../history/trace.ts';
import type { RunSpan } from './run-span.ts';

/** Where and when something was done. */
export interface Whereabouts {
  readonly host: string;
  readonly step: number;
}

type Message = Extract<Activity, { kind: 'message' }>;

/** A chain of messages this long is none: a trace that was made by hand may lead in a circle. */
const DEPTH_MAX = 200;

/** Names a message, whatever its hosts and labels are called. */
export function messageKey(
  from: string,
  to: string,
  { message, label, nth }: { message: string; label: string; nth: number },
): string {
  return JSON.stringify([from, to, message, label, nth]);
}

/** Names a request among those between two hosts. */
export function requestKey(from: string, to: string, { label, nth }: RequestName): string {
  return messageKey(from, to, { message: 'request', label, nth });
}

/** Names the arrival of a message. */
export function arrivalKey(from: string, to: string, message: Omit<Message, 'kind' | 'from'>): string {
  return `${messageKey(from, to, message)}${message.isCopy ? ' again' : ''}`;
}

/** The spans so far, by what they stand for. */
export class SpanIndex {
  readonly operations: Map<number, RunSpan> = new Map();
  /** By {@link requestKey}. */
  readonly requests: Map<string, RunSpan> = new Map();
  /** What was done for messages that arrived, by {@link arrivalKey}. */
  readonly arrivals: Map<string, RunSpan> = new Map();
  /** The present or last life of each host. */
  readonly lives: Map<string, RunSpan> = new Map();
  readonly sent: Map<string, SentEntry> = new Map();
  readonly steps: Map<number, StepEntry> = new Map();
  readonly #timers = new Map<number, RunSpan>();
  readonly #makeTimer: (fired: StepEntry) => RunSpan;

  /** @param makeTimer - Makes the span of a timer that was set on nobody's behalf. */
  constructor(makeTimer: (fired: StepEntry) => RunSpan) {
    this.#makeTimer = makeTimer;
  }

  /** The span on whose behalf a host did something; undefined where nobody knows. */
  behind(at: Whereabouts, activity: Activity | undefined, depth = 0): RunSpan | undefined {
    if (activity === undefined || depth > DEPTH_MAX) return this.lives.get(at.host);
    switch (activity.kind) {
      case 'operation':
        return this.operations.get(activity.id);
      case 'message':
        return this.#behindMessage(at, activity, depth);
      case 'timer': {
        const { after } = activity;
        const isItsOwn = after === undefined || after.kind === 'boot' || after.kind === 'other';
        return isItsOwn ? this.#timer(at) : this.behind(at, after, depth + 1);
      }
      default:
        return this.lives.get(at.host);
    }
  }

  #behindMessage(at: Whereabouts, message: Message, depth: number): RunSpan | undefined {
    const { from } = message;
    const arrival = this.arrivals.get(arrivalKey(from, at.host, message));
    if (arrival !== undefined) return arrival;
    const sent = this.sent.get(messageKey(from, at.host, message));
    if (sent === undefined) return this.lives.get(at.host);
    if (sent.request === undefined)
      // Who accepts a connection does so for whoever asked for it.
      return this.behind({ host: from, step: sent.step }, sent.cause, depth + 1);
    // What becomes of an answer is the business of who asked.
    const asked = this.requests.get(requestKey(at.host, from, sent.request));
    if (asked !== undefined && message.message === 'response') return asked.parent;
    const answering = this.arrivals.get(
      arrivalKey(from, at.host, { message: 'request', ...sent.request, isCopy: false }),
    );
    return answering ?? asked?.parent ?? this.lives.get(at.host);
  }

  /** The timer that fired on a host and led to a step. */
  #timer({ host, step }: Whereabouts): RunSpan | undefined {
    let fired = this.steps.get(step);
    for (let depth = 0; fired !== undefined && depth < DEPTH_MAX; depth++) {
      if (fired.host === host && fired.what.startsWith('timer of ')) break;
      fired = fired.cause === undefined ? undefined : this.steps.get(fired.cause);
    }
    if (fired === undefined || fired.host !== host) return this.lives.get(host);
    let span = this.#timers.get(fired.step);
    if (span === undefined) this.#timers.set(fired.step, (span = this.#makeTimer(fired)));
    return span;
  }
}
