// The times that code gives its spans, read off the clocks of its host, as virtual time.

import type { TimeInput } from '@opentelemetry/api';
import type { Incarnation } from '../incarnation.ts';

/** Virtual microseconds of a time as OpenTelemetry takes it. Default: now. */
export function virtualUsOf(incarnation: Incarnation, time: TimeInput | undefined): number {
  const { machine, clock } = incarnation;
  const { nowUs } = machine.park.engine;
  const us = time === undefined ? Number.NaN : microsecondsOf(time);
  if (!Number.isFinite(us)) return nowUs;
  const { epochMs, wallErrorUs } = machine.clock;
  // As SDKs do: a number that is too small for a date counts from when the process began.
  const isUptime = typeof time === 'number' && time < epochMs;
  const virtualUs = isUptime ? nowUs - clock.uptimeUs() + us : us - epochMs * 1000 - wallErrorUs;
  return Math.max(0, Math.round(virtualUs));
}

function microsecondsOf(time: TimeInput): number {
  if (time instanceof Date) return time.getTime() * 1000;
  if (typeof time === 'number') return time * 1000;
  const [seconds, nanoseconds] = time;
  return seconds * 1e6 + nanoseconds / 1000;
}
