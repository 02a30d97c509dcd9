// The words of `wavetank fleet`, as far as they need no database: `npm run test:fleet` has one.

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Words } from '../../src/cli/command.ts';
import { fleetCommand } from '../../src/cli/fleet-command.ts';
import { createOutput } from '../../src/cli/output.ts';

type Env = Readonly<Record<string, string>>;

const output = createOutput({ write() {} }, {});

async function fleet(positionals: readonly string[], words: Words, env: Env = {}): Promise<number> {
  return fleetCommand(positionals, words, { env, versions: { wavetank: '1.0.0' }, output });
}

const DATABASE = { database: 'postgres://127.0.0.1:1/none' };

test('refuses words that it does not understand, and says what is missing', async () => {
  const cases: [positionals: string[], words: Words, message: RegExp][] = [
    [[], {}, /^Expected `wavetank fleet explore`, `work` or `status`\.$/],
    [['wrok'], {}, /got "wrok": did you mean "work"\?/],
    [['work', 'a.sim.ts'], DATABASE, /^`wavetank fleet work` takes no files, got a\.sim\.ts\.$/],
    [['status'], {}, /^Expected --database, or WAVETANK_DATABASE to be set: postgres:\/\//],
    [
      ['work'],
      DATABASE,
      /^Expected --revision, or WAVETANK_REVISION or GITHUB_SHA or CI_COMMIT_SHA to be set: the commit/,
    ],
    [['explore'], { ...DATABASE, revision: '' }, /^Expected --revision/],
  ];
  for (const [positionals, words, message] of cases) {
    await assert.rejects(fleet(positionals, words), { name: 'UsageError', message });
  }
});

test('says what keeps it from the database, without its password', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const env = { WAVETANK_DATABASE: `postgres://me:secret@127.0.0.1:${port}/none`, GITHUB_SHA: 'abc' };
  await assert.rejects(fleet(['work'], {}, env), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'WT_ENVIRONMENT');
    assert.match(error.message, /^The database of the fleet cannot be used: ./);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
  server.close();
  await once(server, 'close');
  await assert.rejects(fleet(['status'], {}, env), { code: 'WT_ENVIRONMENT', message: /ECONNREFUSED/ });
});
