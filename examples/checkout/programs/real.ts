// Starts the five programs for real, each as a process of its own on real sockets, checks out once, and stops
// them: `node --import tsx examples/checkout/programs/real.ts`. In a simulation the same files run unchanged.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, PROGRAMS } from '../hosts.ts';

const CART = { orderId: 'o-1', sku: 'kettle', quantity: 2 };

const data = await mkdtemp(path.join(tmpdir(), 'checkout-'));
const running: ChildProcess[] = [];
try {
  const ports = await freePorts(PROGRAMS.length + 1);
  const [cardsPort = 0, ...rest] = ports;
  const urls = Object.fromEntries(PROGRAMS.map((name, i) => [name, `http://127.0.0.1:${rest[i] ?? 0}`]));
  const environment = environmentOf({
    urls: { ...urls, cards: `http://127.0.0.1:${cardsPort}` },
    chargeKey: 'per-order',
  });
  await start('card-processor', { PORT: String(cardsPort), DATA: data });
  for (const [i, name] of PROGRAMS.entries()) {
    await start(name, { ...environment, PORT: String(rest[i] ?? 0), DATA: data });
  }
  const response = await fetch(`${urls.orders}/checkout`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(CART),
  });
  console.log(response.status, JSON.stringify(await response.json()));
} finally {
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map((child) => child.exitCode ?? once(child, 'exit')));
  await rm(data, { recursive: true, force: true });
}

/** Starts a program, and waits until it says that it listens. */
async function start(name: string, environment: Record<string, string>): Promise<void> {
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, file], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  process.stdout.write(line);
}

/** Ports that are free now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
