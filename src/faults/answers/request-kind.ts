// What each kind of fault in an answer has to say of itself.

import type { ServedRequest, Twist, WholeAnswer } from '../../host/answering.ts';
import type { Draw, Loose } from '../timed.ts';
import type { OlderSchema, RequestChance, RequestFault, RequestRef } from './answer-fault.ts';

/** What a kind needs to carry out a fault. */
export interface Striking {
  readonly request: ServedRequest;
  /** Whether something on the way may send requests with this method again. */
  readonly mayDuplicate: boolean;
  /** The function that the budget has for the service. */
  readonly olderSchema: OlderSchema | undefined;
  /** Writes down that the fault made the run another one; in the form in which it did. */
  readonly struck: (fault: RequestFault) => void;
}

/** All there is to know of one kind of fault in answers. */
export interface RequestKind<F extends RequestFault = RequestFault> {
  readonly kind: F['kind'];
  /** Checks what it has besides its request. @throws {OptionError} */
  check(at: string, fault: Loose): void;
  /** In plain words. `request` is `POST /charge #2 from orders`. */
  describe(fault: F, request: string): string;
  /** Draws what it has besides its request. */
  draw(ref: RequestRef, draw: Draw, chance: RequestChance): F;
  /** @returns what becomes of the request; undefined where nothing does. */
  twist(fault: F, striking: Striking): Twist | undefined;
  /** Plainer forms, besides rounder times. */
  plainer?(fault: F): Iterable<F>;
}

/** An answer with another body; what was said of the old one is said of the new one. */
export function withBody(answer: WholeAnswer, text: string | Uint8Array, type?: string): WholeAnswer {
  const body = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const dropped = [
    'content-length',
    'content-encoding',
    'etag',
    ...(type === undefined ? [] : ['content-type']),
  ];
  const headers: [string, string][] = answer.headers
    .filter(([name]) => !dropped.includes(name.toLowerCase()))
    .map(([name, value]) => [name, value]);
  if (type !== undefined) headers.push(['content-type', type]);
  headers.push(['content-length', String(body.length)]);
  return { ...answer, headers, body };
}
