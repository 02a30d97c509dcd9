import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EPOCH_MS_DEFAULT, onHost } from './fake-host.ts';
import { isAlike } from './alike.ts';

const CapturedDate = Date;
const capturedNow = Date.now;
const formatterMadeOutside = new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'short' });

test('Date shows the wall clock of the host, in whole milliseconds', async () => {
  const { value } = await onHost(async () => {
    const first = [Date.now(), new Date().getTime(), new Date().toISOString(), Date()];
    await new Promise((resolve) => setTimeout(resolve, 1234));
    return [first, Date.now(), new Date().getTime()];
  });
  const boot = new Date(EPOCH_MS_DEFAULT);
  assert.deepEqual(value, [
    [EPOCH_MS_DEFAULT, EPOCH_MS_DEFAULT, boot.toISOString(), boot.toString()],
    EPOCH_MS_DEFAULT + 1234,
    EPOCH_MS_DEFAULT + 1234,
  ]);
});

test('Date.now taken from Date before the patches is real, through Date it is not', async () => {
  const { value } = await onHost(() => [
    capturedNow() === EPOCH_MS_DEFAULT,
    CapturedDate.now() === EPOCH_MS_DEFAULT,
  ]);
  assert.deepEqual(value, [false, true]);
});

test('dates of a host are real dates', async () => {
  const outside = new Date(EPOCH_MS_DEFAULT);
  const { value } = await onHost(() => {
    class Subclass extends Date {
      readonly isSub = true;
    }
    const date = new Date();
    const sub = new Subclass();
    return {
      date,
      instances: [date instanceof Date, date instanceof CapturedDate, outside instanceof Date],
      constructors: [date.constructor === Date, Date.prototype.constructor === Date],
      prototypes: [Object.getPrototypeOf(date) === CapturedDate.prototype],
      sub: [sub instanceof Subclass, sub instanceof Date, sub.isSub, sub.getTime()],
      reflected: (Reflect.construct(Date, [], Subclass) as Date).getTime(),
      cloned: structuredClone(date),
      inspected: `${Object.prototype.toString.call(date)} ${Date.name} ${Date.length}`,
    };
  });
  assert.deepEqual(value.date, outside);
  assert.deepEqual(value.cloned, outside);
  assert.deepEqual(value.instances, [true, true, true]);
  assert.deepEqual(value.constructors, [true, true]);
  assert.deepEqual(value.prototypes, [true]);
  assert.deepEqual(value.sub, [true, true, true, EPOCH_MS_DEFAULT]);
  assert.equal(value.reflected, EPOCH_MS_DEFAULT);
  assert.equal(value.inspected, '[object Date] Date 7');
});

test('a date with arguments is what it always is', () =>
  isAlike(() => [
    new Date(5).getTime(),
    new Date('2020-02-30T00:00:00Z').getTime(),
    new Date(2020, 1).getTime(),
    new Date(undefined as unknown as number).getTime(),
    Date.UTC(2020, 1),
    Date.parse('2020-01-01'),
  ]));

test('formatting without a date formats the host clock, also by formatters made outside', async () => {
  const { value } = await onHost(() => {
    const made = new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'short' });
    return {
      texts: [made.format(), formatterMadeOutside.format(), formatterMadeOutside.format(0)],
      parts: made.formatToParts().map(({ value: part }) => part),
      isOne: made.format === made.format,
      isFormatter: made instanceof Intl.DateTimeFormat,
      detached: [0].map(Reflect.get(formatterMadeOutside, 'format')),
    };
  });
  assert.deepEqual(value.texts, ['1/1/24', '1/1/24', '1/1/70']);
  assert.deepEqual(value.parts, ['1', '/', '1', '/', '24']);
  assert.deepEqual([value.isOne, value.isFormatter, value.detached], [true, true, ['1/1/70']]);
  assert.notEqual(formatterMadeOutside.format(), '1/1/24');
});

interface TemporalNow {
  instant(): { epochMilliseconds: number };
  zonedDateTimeISO(zone: string): { toString(): string };
  plainDateISO(zone: string): { toString(): string };
}

const { Temporal } = globalThis as unknown as { Temporal?: { Now: TemporalNow } };

test(
  'Temporal.Now reads the host clock',
  { skip: Temporal === undefined && 'no Temporal here' },
  async () => {
    const now = Temporal!.Now;
    const { value } = await onHost(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return [
        now.instant().epochMilliseconds,
        now.zonedDateTimeISO('UTC').toString(),
        now.plainDateISO('UTC').toString(),
      ];
    });
    assert.deepEqual(value, [EPOCH_MS_DEFAULT + 1000, '2024-01-01T00:00:01+00:00[UTC]', '2024-01-01']);
    assert.ok(Math.abs(now.instant().epochMilliseconds - Date.now()) < 60_000);
  },
);
