// When TCP sends again what was lost.

/** The first retransmission of a lost TCP segment; each further one waits twice as long (RFC 6298, Linux). */
export const RETRANSMIT_US = 200_000;
const RETRANSMIT_US_MAX = 120_000_000;

/** How long TCP waits for the next attempt, after it waited so long for one. */
export function nextWaitUs(waitUs: number): number {
  return Math.min(waitUs * 2, RETRANSMIT_US_MAX);
}
