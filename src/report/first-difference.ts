// Compares two runs by what happened in them: messages, changes of hosts and of what they keep, operations
// and log lines. Says where they differ first, and what followed.

import type { TraceEntry } from '../history/trace.ts';
import { formatUs } from '../time/duration.ts';
import { contrastText, eventText, showable, type Seen } from './difference-words.ts';
import type { NeighbourReport } from './document.ts';

/** Where two runs differ first: places in their traces, and words. */
export type RunDifference = NonNullable<NeighbourReport['difference']>;

/** An entry that both runs may have. */
interface Happening {
  readonly place: number;
  readonly entry: Seen;
  /** What it is, without its time and its outcome: the how-many-eth thing of its kind. */
  readonly identity: string;
}

const FOLLOWED_MAX = 2;
/** What is due together may run so far apart, in a drawn order. */
const TOGETHER_US = 100;

/**
 * Finds the first moment at which two recorded runs differ.
 *
 * @param isTimed - Whether it counts that the same thing happens later. Default true; a drawn order moves
 *   everything a little.
 * @returns Undefined where nothing that can be seen differs.
 */
export function firstDifference(
  failedTrace: readonly TraceEntry[],
  passedTrace: readonly TraceEntry[],
  isTimed = true,
): RunDifference | undefined {
  const failed = happenings(failedTrace);
  const passed = happenings(passedTrace);
  let at = 0;
  while (at < failed.length && at < passed.length && isSame(failed[at], passed[at], isTimed)) at++;
  const [left, right] = [failed[at], passed[at]];
  if (left === undefined && right === undefined) return undefined;
  const [failedRest, passedRest] = [failed.slice(at), passed.slice(at)];
  const isLeftFirst =
    right === undefined || (left !== undefined && (!isTimed || left.entry.atUs <= right.entry.atUs));
  // What happens first is the difference; what the other run does meanwhile comes later in this one, too.
  const first = isLeftFirst
    ? told(left as Happening, right, passedRest, true)
    : told(right, left, failedRest, false);
  // The failed run ended with its failure: what comes later in the other is no difference.
  const endUs = failedTrace.at(-1)?.atUs ?? 0;
  const passedTillEnd = passedRest.filter(({ entry }) => entry.atUs <= endUs);
  const followed = whatFollowed(first, { failedRest, passedRest, passedTillEnd });
  return {
    ...(first.failed === undefined ? {} : { failed: first.failed.place }),
    ...(first.passed === undefined ? {} : { passed: first.passed.place }),
    text: [first.text, ...followed].join(' '),
  };
}

interface First {
  readonly failed: Happening | undefined;
  readonly passed: Happening | undefined;
  readonly text: string;
}

/** The first difference in words: the same thing that came out otherwise, or a thing that one run has. */
function told(
  lead: Happening,
  next: Happening | undefined,
  others: readonly Happening[],
  isLeftFirst: boolean,
): First {
  const twin = others.find(({ identity }) => identity === lead.identity);
  const where = isLeftFirst ? '' : 'in the passing run, ';
  if (twin === undefined) {
    const single = { failed: isLeftFirst ? lead : undefined, passed: isLeftFirst ? undefined : lead };
    return { ...single, text: `${where}${eventText(lead.entry)}; in the ${otherRun(isLeftFirst)}, never.` };
  }
  const pair = { failed: isLeftFirst ? lead : twin, passed: isLeftFirst ? twin : lead };
  const { failed, passed } = pair;
  const contrast = contrastText(failed.entry, passed.entry);
  if (contrast !== undefined) return { ...pair, text: `${contrast}.` };
  if (Math.abs(lead.entry.atUs - twin.entry.atUs) > TOGETHER_US) {
    const other = `in the ${otherRun(isLeftFirst)}, at ${formatUs(twin.entry.atUs)}`;
    return { ...pair, text: `${where}${eventText(lead.entry)}; ${other}.` };
  }
  const before = next === undefined ? '' : `, before ${eventText(next.entry, false)}`;
  return {
    ...pair,
    text: `${where}${eventText(lead.entry)}${before}; in the ${otherRun(isLeftFirst)}, after it.`,
  };
}

function otherRun(isLeftFirst: boolean): string {
  return isLeftFirst ? 'passing run' : 'failed run';
}

/** The first things after it that the failed run has otherwise, or else those that only the other has. */
function whatFollowed(
  first: First,
  rests: Readonly<Record<'failedRest' | 'passedRest' | 'passedTillEnd', readonly Happening[]>>,
): string[] {
  const inFailed = onlyIn(rests.failedRest, rests.passedRest, first);
  if (inFailed.length > 0) return [`Then ${listed(inFailed)}.`];
  const inPassed = onlyIn(rests.passedTillEnd, rests.failedRest, first);
  return inPassed.length > 0 ? [`What is missing then: ${listed(inPassed)}.`] : [];
}

function onlyIn(
  these: readonly Happening[],
  others: readonly Happening[],
  { failed, passed }: First,
): Happening[] {
  const known = new Map(others.map(({ identity, entry }) => [identity, entry]));
  const isNews = ({ entry, identity }: Happening): boolean => {
    const twin = known.get(identity);
    if (twin === undefined) return true;
    const isOutcome = entry.kind === 'operation' || entry.kind === 'state';
    return isOutcome && outcomeKey(entry) !== outcomeKey(twin);
  };
  return these
    .filter((each) => each !== failed && each !== passed && isTelling(each.entry) && isNews(each))
    .slice(0, FOLLOWED_MAX);
}

/** What is worth telling: an arrival follows from what was sent, and machines chat about connections. */
function isTelling(entry: Seen): boolean {
  if (entry.kind === 'sent') return entry.message !== 'signal' && entry.message !== 'connection';
  return entry.kind === 'host' || entry.kind === 'state' || entry.kind === 'operation';
}

function listed(happened: readonly Happening[]): string {
  return happened.map(({ entry }) => eventText(entry)).join(', and ');
}

function happenings(trace: readonly TraceEntry[]): Happening[] {
  const counts = new Map<string, number>();
  const found: Happening[] = [];
  for (const [place, entry] of trace.entries()) {
    if (isUntold(entry)) continue;
    const what = identityOf(entry);
    const nth = (counts.get(what) ?? 0) + 1;
    counts.set(what, nth);
    found.push({ place, entry, identity: `${what} ${nth}` });
  }
  return found;
}

/** What a run has besides of what it did: how it is counted, and how it is told. */
function isUntold(entry: TraceEntry): entry is Exclude<TraceEntry, Seen> {
  return ['step', 'note', 'fault', 'span'].includes(entry.kind);
}

function identityOf(entry: Seen): string {
  switch (entry.kind) {
    case 'sent':
    case 'arrived': {
      const { kind, from, to, message, label, nth } = entry;
      return JSON.stringify([kind, from, to, message, label, nth]);
    }
    case 'operation':
      return JSON.stringify([entry.kind, entry.client, entry.id, entry.type === 'invoke']);
    case 'state':
      return JSON.stringify([entry.kind, entry.host, entry.store, entry.patches.map(({ path }) => path)]);
    case 'log':
      return JSON.stringify([entry.kind, entry.host, entry.text]);
    default:
      return JSON.stringify([entry.kind, entry.host, entry.change]);
  }
}

function isSame(left: Happening | undefined, right: Happening | undefined, isTimed: boolean): boolean {
  if (left === undefined || right === undefined || left.identity !== right.identity) return false;
  const isThen = !isTimed || left.entry.atUs === right.entry.atUs;
  return isThen && outcomeKey(left.entry) === outcomeKey(right.entry);
}

/** What became of it. */
function outcomeKey(entry: Seen): string {
  if (entry.kind === 'sent')
    return JSON.stringify([entry.fate, entry.status, entry.delayUs, entry.isTwice === true]);
  if (entry.kind === 'operation') return entry.type;
  if (entry.kind === 'state') return JSON.stringify(entry.patches, (_, value: unknown) => showable(value));
  return '';
}
