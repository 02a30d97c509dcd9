import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { methodOf } from './alike.ts';
import { onHost } from './fake-host.ts';
import { localTimes } from './local-times.ts';

const script = `import(${JSON.stringify(new URL('./local-times.ts', import.meta.url).href)}).then(
  ({ localTimes }) => console.log(JSON.stringify(localTimes())))`;

/** What a real process says, whose environment has that zone. */
function reallyIn(zone: string): unknown {
  const text = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, TZ: zone },
    encoding: 'utf8',
  });
  return JSON.parse(text);
}

for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC']) {
  test(`a host in ${zone} has the local times of a process there`, async () => {
    const { value } = await onHost((host) => {
      host.process.start({ env: { TZ: zone }, argv: [] });
      return JSON.parse(JSON.stringify(localTimes())) as unknown;
    });
    assert.deepEqual(value, reallyIn(zone));
  });
}

test('a host is in UTC unless its machine or its environment says something else', async () => {
  const noon = Date.UTC(2024, 6, 1, 12);
  const { value } = await onHost((host) => {
    const hours = (): unknown[] => [
      new Date(noon).getHours(),
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    ];
    const seen = [hours()];
    host.process.start({ env: { TZ: 'Asia/Tokyo' }, argv: [] });
    seen.push(hours());
    host.process.env = { TZ: 'no such zone' };
    seen.push(hours());
    host.process.env = {};
    return [...seen, hours()];
  });
  assert.deepEqual(value, [
    [12, 'UTC'],
    [21, 'Asia/Tokyo'],
    [12, 'UTC'],
    [12, 'UTC'],
  ]);
});

test('what is no date is refused as by Node.js', async () => {
  const { value } = await onHost(() => {
    const message = (run: () => unknown): string => {
      try {
        return String(run());
      } catch (error) {
        return (error as Error).message;
      }
    };
    return [
      message(() => Reflect.apply(methodOf(Date.prototype, 'getHours'), {}, [])),
      message(() => new Date(0).toLocaleString('en', null as never)),
    ];
  });
  assert.deepEqual(value, ['this is not a Date object.', 'Cannot convert undefined or null to object']);
});
