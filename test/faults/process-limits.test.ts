// What happens to a process at its limits: out of file descriptors, and short of memory.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { describe, test } from 'node:test';
import { calmPlan, type Fault } from '../../src/faults/fault.ts';
import { daemon, handler } from '../../src/host/definition.ts';
import type { RunResult } from '../../src/scenario/result.ts';
import { asGuest, driven, outcomeOf, sleep } from '../scenario/driven.ts';

function changesOf({ trace = [] }: RunResult): [atMs: number, change: string][] {
  return trace.flatMap((entry) =>
    entry.kind === 'host' && entry.host === 'server' ? [[entry.atUs / 1000, entry.change]] : [],
  );
}

describe('descriptors', () => {
  const lack: Fault = { kind: 'descriptors', host: 'server', atMs: 5, forMs: 100 };
  const plan = { ...calmPlan, faults: [lack] };
  const target = handler(() => () => new Response('hello'));

  async function tried(
    attempt: () => Promise<unknown>,
  ): Promise<{ said: unknown; ledger: readonly Fault[] }> {
    const said: string[] = [];
    const server = daemon(async () => {
      await sleep(10);
      said.push(await outcomeOf(attempt()));
      await sleep(100);
      said.push(await outcomeOf(attempt()));
    });
    const { result } = await driven({ hosts: { server, target } }, () => sleep(500), { plan });
    return { said, ledger: result.ledger };
  }

  test('a request over a new connection fails as Node.js says, and works afterwards', async () => {
    const { said, ledger } = await tried(async () => (await fetch('http://target/')).text());
    assert.deepEqual(said, ['TypeError: fetch failed (EMFILE)', 'ok hello']);
    assert.deepEqual(ledger, [lack]);
  });

  test('a request over a connection that is open does not', async () => {
    const said: string[] = [];
    const server = daemon(async () => {
      const ask = async (): Promise<string> => (await fetch('http://target/')).text();
      for (let i = 0; i < 2; i++) {
        said.push(await outcomeOf(ask()));
        await sleep(10);
      }
      said.push(...(await Promise.all([outcomeOf(ask()), outcomeOf(ask())])));
    });
    await driven({ hosts: { server, target } }, () => sleep(500), { plan });
    assert.deepEqual(said, ['ok hello', 'ok hello', 'ok hello', 'TypeError: fetch failed (EMFILE)']);
  });

  test('a file, a folder and a socket cannot be opened, and a server cannot listen', async () => {
    const connecting = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = net.connect(4000, '10.0.0.2');
        socket.on('error', reject).on('connect', () => resolve('connected'));
      });
    const listening = (): Promise<string> =>
      new Promise((resolve, reject) => {
        net
          .createServer()
          .on('error', reject)
          .listen(5000, () => resolve('listens'));
      });
    for (const [attempt, message] of [
      [() => fs.promises.writeFile('/tmp/note', 'x'), "EMFILE: too many open files, open '/tmp/note'"],
      [() => fs.promises.readdir('/tmp'), "EMFILE: too many open files, scandir '/tmp'"],
      [connecting, 'connect EMFILE 10.0.0.2:4000 - Local (undefined:undefined)'],
      [listening, 'listen EMFILE: too many open files :::5000'],
    ] as const) {
      const { said } = await tried(attempt);
      const [first, second] = said as string[];
      assert.equal(first, `Error: ${message}`);
      assert.match(String(second), /^ok/);
    }
  });

  test('a new connection to the host is accepted and closed', async () => {
    const { value, result } = await asGuest(
      { hosts: { server: target } },
      async (world) => {
        await sleep(10);
        const asked = await outcomeOf(fetch('http://server/').then((answer) => answer.text()));
        const told = await new Promise<string[]>((resolve) => {
          const events: string[] = [];
          const socket = net.connect(80, 'server');
          for (const name of ['connect', 'end', 'error']) socket.on(name, () => events.push(name));
          socket.on('close', () => resolve(events)).resume();
        });
        return [asked, told, world.nowMs < 50];
      },
      { plan },
    );
    assert.deepEqual(value, ['TypeError: fetch failed (ECONNRESET)', ['connect', 'end'], true]);
    assert.deepEqual(result.ledger, [lack]);
  });
});

describe('memory', () => {
  const short: Fault = { kind: 'memory', host: 'server', atMs: 5, openMax: 2, downMs: 30, forMs: 500 };
  const server = handler(() => async () => {
    await sleep(20);
    return new Response('hello');
  });
  const asking = (count: number) =>
    asGuest(
      { hosts: { server } },
      async () => {
        await sleep(10);
        const ask = (): Promise<string> => fetch('http://server/').then((answer) => answer.text());
        const said = await Promise.all(Array.from({ length: count }, () => outcomeOf(ask())));
        await sleep(100);
        return said;
      },
      { plan: { ...calmPlan, faults: [short] }, record: true },
    );

  test('the process dies as soon as more is open than may be', async () => {
    const { value, result } = await asking(3);
    assert.deepEqual(new Set(value), new Set(['TypeError: fetch failed (ECONNRESET)']));
    assert.deepEqual(changesOf(result).slice(1), [
      [11, 'crashed'],
      [41, 'booted'],
    ]);
    assert.deepEqual(result.ledger, [short]);
  });

  test('nothing happens as long as less is open', async () => {
    const { value, result } = await asking(2);
    assert.deepEqual(value, ['ok hello', 'ok hello']);
    assert.deepEqual(result.ledger, []);
  });
});
