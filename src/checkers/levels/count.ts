// What the kinds of service levels share: how many samples there have to be, and how an answer is put
// together.

import { OptionError } from '../../errors.ts';
import type { Evidence } from '../../history/evidence.ts';
import { describeCall, waitedUs } from '../../history/call-text.ts';
import type { Histogram } from '../../history/histogram.ts';
import type { TimedCall } from '../../history/traffic.ts';
import type { Judgement } from '../judgement.ts';
import type { Distribution } from './level.ts';

const SHOWN_MAX = 3;

/** @throws {OptionError} If it is no whole number from 1 on. */
export function samplesMinOf(given: unknown, otherwise: number): number {
  if (given === undefined) return Math.max(1, Math.ceil(otherwise));
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 1) return given;
  throw OptionError.expected('samplesMin', 'a whole number >= 1', given);
}

/** What several bounds say together, where none is broken. */
export function togetherOf(judgements: readonly Judgement[]): Judgement {
  return judgements.find(({ verdict }) => verdict === 'unknown') ?? { verdict: 'ok', message: '' };
}

/** A call that breaks a level, or is one of many that do. */
export interface Offender {
  readonly call: TimedCall;
  /** How long it took, or has taken so far. */
  readonly us: number;
  readonly text: string;
}

/** An offender as data: of its call nothing but what a report shows. */
export function offenderData({ call, us, text }: Offender): Offender {
  const { kind, name, from, to, nth, operation, sentMs, endedMs, end, status, isError, isCalm } = call;
  const plain = { kind, name, from, to, nth, operation, sentMs, endedMs, end, status, isError, isCalm };
  return { call: plain, us, text };
}

/** Notes a call as it is now. */
export function offenderOf(call: TimedCall, nowMs: number): Offender {
  return { call, us: waitedUs(call, nowMs), text: describeCall(call, nowMs) };
}

/** The answer of a level that is broken: what is wrong, and the calls that show it, the worst first. */
export function brokenBy(what: string, offenders: readonly Offender[]): Judgement {
  const shown = offenders.slice(0, SHOWN_MAX).map(({ text }) => `\n    ${text}`);
  const more = offenders.length - shown.length;
  const list = `${shown.length === 0 ? '' : ':'}${shown.join('')}${more > 0 ? '\n    and others' : ''}`;
  return { verdict: 'illegal', message: `${what}${list}`, evidence: evidenceOf(offenders) };
}

function evidenceOf(offenders: readonly Offender[]): Evidence {
  return {
    kind: 'requests',
    requests: offenders.map(({ call: { name, from, to, nth, operation, sentMs, end, status }, us }) => ({
      name,
      from,
      to,
      nth,
      ...(operation < 0 ? {} : { operation }),
      sentMs,
      waitedMs: us / 1000,
      end,
      ...(status === undefined ? {} : { status }),
    })),
  };
}

/** What was counted, as data. */
export function distributionOf(unit: Distribution['unit'], histogram: Histogram): Distribution {
  return {
    unit,
    p50: histogram.percentile(50),
    p95: histogram.percentile(95),
    p99: histogram.percentile(99),
    max: histogram.max,
    buckets: histogram.buckets(),
  };
}
