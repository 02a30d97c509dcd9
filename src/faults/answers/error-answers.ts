// Errors that a service answers with, and answers that come late, never, or not at all.

import { STATUS_CODES } from 'node:http';
import { OptionError } from '../../errors.ts';
import type { WholeAnswer } from '../../host/answering.ts';
import { usFromMs } from '../../time/duration.ts';
import { checkTimes, msText, type Loose } from '../timed.ts';
import type { AnswerFault, HangFault, LostAnswerFault, SlowAnswerFault } from './answer-fault.ts';
import type { RequestKind } from './request-kind.ts';

/** The statuses that are drawn where nothing else is said. */
export const STATUSES: readonly number[] = [500, 503, 429, 502, 504];
const TOO_MANY_REQUESTS = 429;
const RETRY_AFTER_S_MAX = 3;
const MS_MAX_DEFAULT = 1_000;

/** An error as services and proxies answer it. */
export function errorAnswer(status: number, retryAfterMs?: number): WholeAnswer {
  const statusText = STATUS_CODES[status] ?? 'Error';
  const body = new TextEncoder().encode(`${statusText}\n`);
  const headers: [string, string][] = [
    ['content-type', 'text/plain'],
    ['content-length', String(body.length)],
  ];
  if (retryAfterMs !== undefined) headers.push(['retry-after', String(Math.ceil(retryAfterMs / 1000))]);
  return { status, statusText, headers, body };
}

function checkFlag(at: string, fault: Loose, name: string): void {
  if (typeof fault[name] !== 'boolean')
    throw OptionError.expected(`${at}.${name}`, 'true or false', fault[name]);
}

/** Whether a value is a status from `min` to 599. */
export function isStatus(value: unknown, min: number): boolean {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= 599;
}

/** See {@link AnswerFault}. */
export const answerKind: RequestKind<AnswerFault> = {
  kind: 'answer',
  check(at, fault) {
    if (!isStatus(fault['status'], 400))
      throw OptionError.expected(`${at}.status`, 'an integer from 400 to 599', fault['status']);
    checkFlag(at, fault, 'executed');
    if (fault['retryAfterMs'] !== undefined) checkTimes(at, fault, ['retryAfterMs']);
  },
  describe({ to, status, executed, retryAfterMs }, request) {
    const later = retryAfterMs === undefined ? '' : ` with Retry-After ${Math.ceil(retryAfterMs / 1000)}`;
    return `${to} answers ${status}${later} to ${request}, ${executed ? 'after' : 'without'} executing it`;
  },
  draw(ref, draw, { statuses = STATUSES }) {
    const status = statuses[draw(statuses.length)] as number;
    const executed = draw(2) === 0 && status >= 500;
    const seconds = draw(RETRY_AFTER_S_MAX + 1);
    const isPatient = !executed && (status === TOO_MANY_REQUESTS || status === 503) && seconds > 0;
    const retry = isPatient ? { retryAfterMs: seconds * 1000 } : {};
    return { kind: 'answer', ...ref, status, executed, ...retry };
  },
  twist(fault, { struck }) {
    struck(fault);
    const answer = errorAnswer(fault.status, fault.retryAfterMs);
    return { executions: fault.executed ? 1 : 0, answer: () => answer };
  },
  *plainer(fault) {
    const { retryAfterMs, ...prompt } = fault;
    if (retryAfterMs !== undefined) yield prompt;
    if (fault.executed) yield { ...fault, executed: false };
    const at = STATUSES.indexOf(fault.status);
    for (const status of at === -1 ? STATUSES : STATUSES.slice(0, at)) yield { ...fault, status };
  },
};

/** See {@link SlowAnswerFault}. */
export const slowAnswerKind: RequestKind<SlowAnswerFault> = {
  kind: 'slowAnswer',
  check(at, fault) {
    checkTimes(at, fault, ['byMs']);
    checkFlag(at, fault, 'executed');
  },
  describe: ({ to, byMs, executed }, request) =>
    executed
      ? `${to} executes ${request} and answers ${msText(byMs)} late`
      : `${to} begins to execute ${request} ${msText(byMs)} late`,
  draw: (ref, draw, { msMax = MS_MAX_DEFAULT }) => ({
    kind: 'slowAnswer',
    ...ref,
    byMs: (1 + draw(usFromMs(msMax))) / 1000,
    executed: draw(2) === 0,
  }),
  twist(fault, { struck }) {
    struck(fault);
    const us = usFromMs(fault.byMs);
    return fault.executed ? { afterUs: us } : { beforeUs: us };
  },
  *plainer(fault) {
    if (fault.executed) yield { ...fault, executed: false };
  },
};

/** See {@link HangFault}. */
export const hangKind: RequestKind<HangFault> = {
  kind: 'hang',
  check: (at, fault) => checkFlag(at, fault, 'executed'),
  describe: ({ to, executed }, request) =>
    `${to} ${executed ? 'executes' : 'takes'} ${request} and never answers`,
  draw: (ref, draw) => ({ kind: 'hang', ...ref, executed: draw(2) === 0 }),
  twist(fault, { struck }) {
    struck(fault);
    return { executions: fault.executed ? 1 : 0, answer: () => 'hang' };
  },
  *plainer(fault) {
    if (fault.executed) yield { ...fault, executed: false };
  },
};

/** See {@link LostAnswerFault}. */
export const lostAnswerKind: RequestKind<LostAnswerFault> = {
  kind: 'lostAnswer',
  check(at, { ending }) {
    if (ending !== 'close' && ending !== 'reset')
      throw OptionError.expected(`${at}.ending`, '"close" or "reset"', ending);
  },
  describe: ({ to, ending }, request) =>
    `${to} executes ${request} and ${ending}s the connection instead of answering`,
  draw: (ref, draw) => ({ kind: 'lostAnswer', ...ref, ending: draw(2) === 0 ? 'reset' : 'close' }),
  twist(fault, { struck }) {
    struck(fault);
    return { answer: () => fault.ending };
  },
  *plainer(fault) {
    if (fault.ending === 'close') yield { ...fault, ending: 'reset' };
  },
};
