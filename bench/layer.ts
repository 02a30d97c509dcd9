// What the ambient layer costs a process that makes no runs: a server and a client over real loopback
// sockets, with timers and dates, in a process with `wavetank/register` and in one without.

import { execFileSync } from 'node:child_process';
import { compare, type Ratio } from './ratio.ts';

const PROGRAM = `
  import http from 'node:http';
  const TRIPS = 4000;
  const server = http.createServer((request, response) => {
    const timer = setTimeout(() => response.destroy(), 1000);
    request.resume().on('end', () => {
      clearTimeout(timer);
      response.end(JSON.stringify({ at: new Date(), nowMs: Date.now(), id: crypto.randomUUID() }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const agent = new http.Agent({ keepAlive: true });
  const trip = () => new Promise((resolve, reject) => {
    http.get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume().on('end', () => process.nextTick(resolve));
    }).on('error', reject);
  });
  for (let i = 0; i < TRIPS; i++) await trip();
  const began = process.cpuUsage();
  for (let i = 0; i < TRIPS; i++) await trip();
  const { user, system } = process.cpuUsage(began);
  console.log(TRIPS / ((user + system) / 1e6));
  process.exit();
`;

function roundTrips(...flags: string[]): number {
  const words = [...flags, '--input-type=module', '--eval', PROGRAM];
  return Number(execFileSync(process.execPath, words, { encoding: 'utf8', cwd: import.meta.dirname }));
}

/** Round trips per second of CPU time over real sockets; 1 means that the layer costs nothing. */
export async function layerRatio(): Promise<Ratio> {
  return compare('real sockets with wavetank/register against without', 'round trips/CPU s', {
    ours: () => roundTrips('--import', 'wavetank/register'),
    theirs: () => roundTrips(),
  });
}
