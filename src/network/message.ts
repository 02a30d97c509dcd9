// What travels on a link, as rules and plans see it: who sends what to whom, for the how-many-eth time.

import type { Link, Topic } from './link.ts';

/**
 * What kind of thing a message is. `connection`: the attempt to open one. `chunk`: a later part of a body.
 * `segment`: a part of a stream that is not HTTP/1.
 */
export type MessageKind = 'datagram' | 'request' | 'response' | 'chunk' | 'segment' | 'connection' | 'signal';

/**
 * A message on its way. `signal` is what the machines themselves say: a refusal, a reset, a hang-up.
 * Only datagrams, and requests that their sender allows, can arrive twice.
 */
export interface Envelope {
  readonly link: Link;
  readonly topic: Topic;
  /** Which message of its topic on its link this is, counted from 1. */
  readonly nth: number;
  readonly sentUs: number;
  readonly mayDuplicate: boolean;
  /** False for what travels on a connection that is open: it cannot be refused any more. */
  readonly mayRefuse: boolean;
  /** What it weighs on the link, in bytes. */
  readonly byteLength: number;
}

/** A message as user code sees it in rules and in lists of what is in flight. */
export interface MessageView {
  readonly from: string;
  readonly to: string;
  readonly kind: MessageKind;
  /** `POST /charge` for a request and its response; what the sender named it for a datagram. */
  readonly label: string;
  readonly nth: number;
  readonly sentMs: number;
}

/** Shows an envelope to user code. */
export function viewOf(envelope: Envelope): MessageView {
  const { link, topic, nth, sentUs } = envelope;
  return {
    from: link.source,
    to: link.target,
    kind: topic.kind,
    label: topic.label,
    nth,
    sentMs: sentUs / 1000,
  };
}

/** Names a message in words: `response to POST /charge #1`. */
export function nameOf(kind: MessageKind, label: string, nth: number): string {
  if (kind === 'request') return `${label} #${nth}`;
  if (kind === 'response') return `response to ${label} #${nth}`;
  return `${kind} ${label} #${nth}`;
}
