import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { program } from '../../src/host/program.ts';
import { driven } from '../scenario/driven.ts';
import { programFiles } from './program-files.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

test('10,000 boots leave nothing behind: no modules, no listeners, no timers', async () => {
  const { path } = programFiles({
    'main.ts': `
      import { rows } from './state.js';
      import { EventEmitter } from 'node:events';
      export { rows };
      process.on('SIGTERM', () => rows);
      process.on('uncaughtException', () => rows);
      process.stdout.write('booted\\n');
      setInterval(() => rows.push(''), 10);
      await null;
    `,
    'state.ts': 'export const rows = Array.from({ length: 10_000 }, (_, i) => String(i));',
  });
  const server = program(path('main.ts'), { env: { A: '1' } });
  const boot = async (times: number): Promise<number> => {
    await driven({ hosts: { server } }, async (world) => {
      for (let i = 0; i < times; i++) await world.host('server').restart();
    });
    collect();
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = await boot(200);
  let after = before;
  for (let runs = 0; runs < 5; runs++) after = await boot(2_000);
  // That is 400 bytes a boot, of which each makes an array of 80 KB.
  assert.ok(after - before < 4_000_000, `the heap grew by ${after - before} bytes`);
});
