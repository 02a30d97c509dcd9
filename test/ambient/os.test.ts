import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import { test } from 'node:test';
import { isAlike, thrownBy } from './alike.ts';
import { onHost } from './fake-host.ts';

test('a host is a machine of its own, and the same on every machine', async () => {
  const { value } = await onHost(() => ({
    hostname: os.hostname(),
    homedir: os.homedir(),
    tmpdir: os.tmpdir(),
    loadavg: os.loadavg(),
    totalmem: os.totalmem(),
    freemem: os.freemem(),
    parallelism: os.availableParallelism(),
    cpus: os.cpus(),
    release: os.release(),
    version: os.version(),
    uptime: os.uptime(),
    ids: [process.getuid?.(), process.geteuid?.(), process.getgid?.(), process.getegid?.()],
    userInfo: os.userInfo(),
    username: os.userInfo({ encoding: 'buffer' }).username.toString(),
    interfaces: os.networkInterfaces(),
  }));
  const times = { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 };
  const cpu = { model: 'wavetank virtual CPU', speed: 2000, times };
  const loopback = { address: '127.0.0.1', netmask: '255.0.0.0', family: 'IPv4', cidr: '127.0.0.1/8' };
  const ethernet = { address: '10.0.0.1', netmask: '255.255.0.0', family: 'IPv4', cidr: '10.0.0.1/16' };
  assert.deepEqual(value, {
    hostname: 'alpha',
    homedir: '/home/node',
    tmpdir: '/tmp',
    loadavg: [0, 0, 0],
    totalmem: 4 * 2 ** 30,
    freemem: 2 * 2 ** 30,
    parallelism: 2,
    cpus: [cpu, cpu],
    release: '6.1.0',
    version: '#1 SMP wavetank',
    uptime: 0,
    ids: process.getuid === undefined ? Array.from({ length: 4 }) : [1000, 1000, 1000, 1000],
    userInfo: { uid: 1000, gid: 1000, username: 'node', homedir: '/home/node', shell: '/bin/sh' },
    username: 'node',
    interfaces: {
      lo: [{ ...loopback, mac: '00:00:00:00:00:00', internal: true }],
      eth0: [{ ...ethernet, mac: '02:00:0a:00:00:01', internal: false }],
    },
  });
});

test('the folders of the user and for temporary files are there', async () => {
  const { value } = await onHost(() =>
    [os.homedir(), os.tmpdir(), process.cwd()].map((folder) => fs.statSync(folder).isDirectory()),
  );
  assert.deepEqual(value, [true, true, true]);
});

test('what paths and packages depend on stays real', () =>
  isAlike(() => [os.platform(), os.arch(), os.type(), os.machine(), os.endianness(), os.EOL, os.devNull]));

test('priorities are remembered by each host, and wrong ones refused as by Node.js', async () => {
  const real = os.getPriority();
  const { value } = await onHost(() => {
    os.setPriority(7);
    os.setPriority(4242, -3);
    return [os.getPriority(), os.getPriority(process.pid), os.getPriority(4242), os.getPriority(1)];
  });
  assert.deepEqual(value, [7, 7, -3, 0]);
  assert.equal(os.getPriority(), real);
  assert.deepEqual((await onHost(() => os.getPriority())).value, 0);
  await isAlike(() => [
    thrownBy(() => os.setPriority(20)),
    thrownBy(() => os.setPriority(0, 1.5)),
    thrownBy(() => os.getPriority('x' as never)),
  ]);
});
