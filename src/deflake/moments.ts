// The times of day and days of the year at which tests are known to fail that pass otherwise: the end of a
// day, of a month, of a year, the days on which clocks are set.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A turn of the calendar: a run that begins shortly before it sees it happen. */
export interface Moment {
  readonly name: string;
  readonly ms: number;
}

/** Zones to the west and the east of UTC, with and without summer time, and one of half an hour. */
export const ZONES: readonly string[] = [
  'America/New_York',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Pacific/Auckland',
];

/** The hour of an ordinary run: far from every midnight of a zone with many people in it. */
const NOON_HOUR = 12;

/** Midday of a day, in UTC. @param today - `2026-11-21`. */
export function noonOf(today: string): number {
  return Date.parse(`${today}T00:00:00Z`) + NOON_HOUR * HOUR_MS;
}

/** Lists the turns of the year from a day on, the most ordinary first. */
export function momentsFrom(noonMs: number): readonly Moment[] {
  const day = noonMs - NOON_HOUR * HOUR_MS;
  const date = new Date(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const nextMonths = Array.from({ length: 12 }, (_, i) => Date.UTC(year, month + 1 + i, 1));
  const february = nextMonths.find((ms) => new Date(ms).getUTCMonth() === 2) as number;
  const january = nextMonths.find((ms) => new Date(ms).getUTCMonth() === 0) as number;
  const moments: Moment[] = [
    { name: 'a second ends', ms: noonMs + 1_000 },
    { name: 'a minute ends', ms: noonMs + MINUTE_MS },
    { name: 'an hour ends', ms: noonMs + HOUR_MS },
    { name: 'a day ends', ms: day + DAY_MS },
    { name: 'a month ends', ms: nextMonths[0] as number },
    ...nextMonths
      .slice(1)
      .filter((ms) => new Date(ms - DAY_MS).getUTCDate() === 31)
      .slice(0, 1)
      .map((ms) => ({ name: 'a month of 31 days ends', ms })),
    { name: 'February ends', ms: february },
    { name: 'the year ends', ms: january },
    { name: 'clocks in New York are set forward', ms: sunday(day, 2, 2) + 7 * HOUR_MS },
    { name: 'clocks in New York are set back', ms: sunday(day, 10, 1) + 6 * HOUR_MS },
    { name: 'clocks in Berlin are set forward', ms: lastSunday(day, 2) + HOUR_MS },
    { name: 'clocks in Berlin are set back', ms: lastSunday(day, 9) + HOUR_MS },
  ];
  return moments;
}

/** The `nth` Sunday of a month (0 is January), of this year or the next: the first that is not over. */
function sunday(fromMs: number, month: number, nth: number): number {
  const ofYear = (year: number): number => {
    const first = new Date(Date.UTC(year, month, 1));
    return first.getTime() + (((7 - first.getUTCDay()) % 7) + 7 * (nth - 1)) * DAY_MS;
  };
  return upcoming(fromMs, ofYear);
}

function lastSunday(fromMs: number, month: number): number {
  return upcoming(fromMs, (year) => {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return last.getTime() - last.getUTCDay() * DAY_MS;
  });
}

function upcoming(fromMs: number, ofYear: (year: number) => number): number {
  const year = new Date(fromMs).getUTCFullYear();
  const now = ofYear(year);
  return now > fromMs ? now : ofYear(year + 1);
}
