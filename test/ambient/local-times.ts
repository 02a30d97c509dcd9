// What a process says about local times: run by a host of a time zone, and by a real process with `TZ`.

/** Around changes of summer time, before there were any, and where fields overflow. */
const MOMENTS: readonly number[] = [
  ...['2024-03-31T00:59:59.999Z', '2024-03-31T01:00:00Z', '2024-10-27T00:30:00Z', '2024-10-27T01:30:00Z'],
  ...['2024-03-10T06:59:59Z', '2024-03-10T07:00:00Z', '2024-11-03T05:30:00Z', '2024-11-03T06:30:00Z'],
  ...['2024-04-06T14:59:59Z', '2024-04-06T15:15:00Z', '2024-10-05T15:29:00Z', '2024-10-05T15:31:00Z'],
  ...['1969-12-31T23:59:59Z', '1985-07-01T12:34:56.789Z', '2037-12-31T23:30:00Z'],
].map((text) => new Date(text).getTime());

const TEXTS: readonly string[] = [
  ...['2024-03-31T02:30', '2024-03-31T02:30:15.25', '2024-10-27T02:30:00', '2024-10-27', '2024', '2024-05'],
  ...['2024-03-31T02:30Z', '2024-03-31T02:30+05:00', 'Mar 10 2024 02:30', '10 Mar 2024 02:30:00 EST'],
  ...['Sun, 10 Mar 2024 02:30:00 GMT', 'Sun Mar 10 2024 02:30:00 GMT+0100 (CET)', '3/10/2024 2:30 PM'],
  ...['2024-10-06 02:15', '2024-10-06 02:15:00 UTC', '2024/10/06', 'nonsense', '', '2024-13-01T00:00'],
];

const SHOWN = [
  ...['getFullYear', 'getMonth', 'getDate', 'getDay', 'getHours', 'getMinutes', 'getSeconds', 'getYear'],
  ...['getMilliseconds', 'getTimezoneOffset', 'toString', 'toDateString', 'toTimeString', 'valueOf'],
  ...['toISOString', 'toUTCString'],
];

const SET: readonly (readonly [name: string, ...args: number[]])[] = [
  ['setHours', 2, 30],
  ['setHours', 26, -5, 70, 1001],
  ['setDate', 31],
  ['setDate', 0],
  ['setMonth', 9, 27],
  ['setFullYear', 2024, 2, 10],
  ['setYear', 85],
  ['setMinutes', 30],
  ['setMinutes', -31, 3, 4],
  ['setSeconds', 3_600],
  ['setMilliseconds', -1],
  ['setMonth', Number.NaN],
];

const PARTS: readonly (readonly number[])[] = [
  [2024, 2, 31, 2, 30],
  [2024, 9, 27, 2, 30],
  [2024, 2, 10, 2, 30],
  [2024, 10, 3, 1, 30],
  [2024, 9, 6, 2, 15],
  [2024, 3, 7, 1, 45],
  [99, 0],
  [2024, 14, -3, 50, 61, 61, 1001],
  [Number.NaN, 1],
];

/** All of it, as plain data. */
export function localTimes(): unknown {
  const call = (date: Date, name: string, args: readonly number[] = []): unknown => {
    try {
      return Reflect.apply(Reflect.get(date, name) as () => unknown, date, args);
    } catch (error) {
      return String(error);
    }
  };
  const given = [...MOMENTS, Number.NaN];
  return {
    shown: given.map((ms) => SHOWN.map((name) => call(new Date(ms), name))),
    text: given.map((ms) => `${String(new Date(ms))} ${new Date(ms) as unknown as string}`),
    set: given.flatMap((ms) =>
      SET.map(([name, ...args]) => {
        const date = new Date(ms);
        return [call(date, name, args), date.getTime()];
      }),
    ),
    parts: PARTS.map((parts) => new Date(...(parts as [number, number])).getTime()),
    parsed: TEXTS.map((text) => [Date.parse(text), new Date(text).getTime()]),
    locale: MOMENTS.map((ms) => [
      new Date(ms).toLocaleString('en-US'),
      new Date(ms).toLocaleDateString('de-DE', { weekday: 'long' }),
      new Date(ms).toLocaleTimeString('en-GB', { timeZoneName: 'short' }),
      new Date(ms).toLocaleString('en-US', { timeZone: 'Asia/Tokyo' }),
      new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'long' }).format(ms),
    ]),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
