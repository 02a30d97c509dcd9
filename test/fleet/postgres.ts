// A PostgreSQL server of its own for a test: in a temporary folder, on a free port; installed where there is
// none.

import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';

/** A server that runs. */
export interface Postgres {
  readonly url: string;
  stop(): void;
}

/** Starts one, or takes that of `DATABASE_URL`. */
export async function startPostgres(): Promise<Postgres> {
  const given = process.env.DATABASE_URL ?? '';
  if (given !== '') return { url: given, stop() {} };
  const bin = programs() ?? installed();
  const folder = mkdtempSync(join(tmpdir(), 'wavetank-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((word) => Number(output('id', [word, 'postgres'])));
    chownSync(folder, uid as number, gid as number);
  }
  // It refuses to run as root.
  const as = (program: string, words: readonly string[]): void => {
    const command = [join(bin, program), ...words];
    if (isRoot) output('runuser', ['-u', 'postgres', '--', ...command], folder);
    else output(command[0] as string, command.slice(1), folder);
  };
  as('initdb', ['-D', data, '-A', 'trust', '-U', 'wavetank', '-E', 'UTF8', '--no-sync']);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  as('pg_ctl', ['-D', data, '-w', '-t', '120', '-l', join(folder, 'log'), '-o', options, 'start']);
  const stop = (): void => {
    as('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `postgres://wavetank@127.0.0.1:${port}/postgres`;
  await answering(url);
  return { url, stop };
}

/** The folder with its programs. */
function programs(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.find((folder) => ['initdb', 'pg_ctl'].every((name) => existsSync(join(folder, name))));
}

function installed(): string {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
  output(apt[0] as string, [...apt.slice(1), 'update']);
  output(apt[0] as string, [...apt.slice(1), 'install', '-y', '--no-install-recommends', 'postgresql']);
  const bin = programs();
  if (bin === undefined) throw new Error('apt-get installed postgresql, but there is no initdb.');
  return bin;
}

function output(command: string, words: readonly string[], cwd?: string): string {
  // What it starts keeps its output open, so that has to lead to nowhere.
  const isStart = words.includes('start');
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
    ...(isStart ? { stdio: 'ignore' } : {}),
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: exit code ${status}\n${stdout}${stderr}`);
  return stdout ?? '';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

async function answering(url: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries >= 100) throw error;
      await delay(200);
    }
  }
}
