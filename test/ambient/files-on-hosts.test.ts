import assert from 'node:assert/strict';
import fs, { readFile as importedReadFile, readFileSync as importedReadFileSync } from 'node:fs';
import fsp, { readFile as importedPromise } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import type { EscapeError } from '../../src/errors.ts';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { EPOCH_MS_DEFAULT, FakeWorld, onHost } from './fake-host.ts';

const real = fs.mkdtempSync(join(os.tmpdir(), 'wavetank-host-disk-'));
after(() => fs.rmSync(real, { recursive: true, force: true }));

/** Runs a body on each of two hosts of one world, one after the other. */
async function onTwo(first: () => unknown, second: () => unknown): Promise<unknown[]> {
  const release = acquireAmbient();
  try {
    const world = new FakeWorld();
    const seen: unknown[] = [];
    const [alpha, beta] = [world.host('alpha'), world.host('beta')];
    await world.run(() => {
      alpha.run(() => seen.push(first()));
      beta.run(() => seen.push(second()));
    });
    for (const { uncaughts } of [alpha, beta]) assert.deepEqual(uncaughts, []);
    return seen;
  } finally {
    release();
  }
}

test('each host has a disk of its own, and the real one sees nothing', async () => {
  const at = join(os.tmpdir(), `wavetank-own-${process.pid}`);
  const seen = await onTwo(
    () => {
      fs.mkdirSync(os.tmpdir(), { recursive: true });
      fs.writeFileSync(at, 'alpha');
      return fs.readFileSync(at, 'utf8');
    },
    () => fs.existsSync(at),
  );
  assert.deepEqual(seen, ['alpha', false]);
  assert.equal(fs.existsSync(at), false);
});

test('real files outside of the project are not there', async () => {
  const at = join(real, 'secret');
  fs.writeFileSync(at, 'secret');
  const { value } = await onHost(async () => [
    fs.existsSync(at),
    fs.existsSync('/etc/hosts'),
    await fsp.readFile(at).catch((error: unknown) => (error as NodeJS.ErrnoException).code),
  ]);
  assert.deepEqual(value, [false, false, 'ENOENT']);
});

test('functions that were imported before reach the disk of the host as well', async () => {
  const { value } = await onHost(async () => {
    fs.writeFileSync('/tmp/a', 'own');
    return [
      importedReadFileSync('/tmp/a', 'utf8'),
      await importedPromise('/tmp/a', 'utf8'),
      await promisify(importedReadFile)('/tmp/a', 'utf8'),
    ];
  });
  assert.deepEqual(value, ['own', 'own', 'own']);
});

test('every way to the module gives the same object', async () => {
  await onHost(() => {
    const require = createRequire(import.meta.url);
    const builtin = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule;
    for (const found of [require('fs'), require('node:fs'), builtin?.('fs') ?? fs]) assert.equal(found, fs);
    assert.equal(fs.promises, fsp);
  });
});

test('a package is loaded at run time', async () => {
  const require = createRequire(import.meta.url);
  const { value } = await onHost(() => {
    const Koa = require('koa') as new () => { listen: unknown };
    return [typeof new Koa().listen, (require('koa/package.json') as { name: string }).name];
  });
  assert.deepEqual(value, ['function', 'koa']);
});

test('reading the package.json of the working folder works, and writing it is the host’s alone', async () => {
  const before = fs.readFileSync('package.json', 'utf8');
  const { value } = await onHost(() => {
    const { name } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as { name: string };
    fs.writeFileSync('package.json', 'overwritten');
    return [name, fs.readFileSync('./package.json', 'utf8')];
  });
  assert.deepEqual(value, ['wavetank', 'overwritten']);
  assert.equal(fs.readFileSync('package.json', 'utf8'), before);
});

test('times are those of the host', async () => {
  const { value } = await onHost(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    fs.writeFileSync('/tmp/a', '');
    const { birthtimeMs, mtime } = fs.statSync('/tmp/a');
    return [birthtimeMs, mtime.getTime(), fs.statSync('package.json').mtimeMs];
  });
  assert.deepEqual(value, [EPOCH_MS_DEFAULT + 1500, EPOCH_MS_DEFAULT + 1500, EPOCH_MS_DEFAULT]);
});

test('randomness is that of the seed', async () => {
  const draw = async (seed: number): Promise<unknown> => {
    const look = (): unknown => {
      const fd = fs.openSync('/dev/urandom', 'r');
      const bytes = Buffer.alloc(8);
      fs.readSync(fd, bytes);
      fs.closeSync(fd);
      return [fs.mkdtempSync('/tmp/x-'), bytes.toString('hex')];
    };
    return (await onHost(look, { seed })).value;
  };
  assert.deepEqual(await draw(3), await draw(3));
  assert.notDeepEqual(await draw(3), await draw(4));
});

test('standard output and error are printed by the host', async () => {
  const { host } = await onHost(async () => {
    fs.writeSync(1, 'sync\n');
    await promisify(fs.write)(2, Buffer.from('later\n'));
    fs.writeFileSync(1, 'whole\n');
  });
  assert.deepEqual(host.printed, [
    ['stdout', 'sync'],
    ['stderr', 'later'],
    ['stdout', 'whole'],
  ]);
});

test('code that is left over from a host that ended changes nothing', async () => {
  let late: unknown;
  await onHost(
    (host) => {
      fs.writeFileSync('/tmp/a', 'before');
      fs.writeFile('/tmp/a', 'in flight', () => assert.fail('called back'));
      host.state = 'gone';
      try {
        fs.writeFileSync('/tmp/a', 'after');
      } catch (error) {
        late = (error as NodeJS.ErrnoException).code;
      }
      assert.throws(() => fs.mkdirSync('/tmp/late'), { code: 'EIO' });
      host.state = 'ready';
      assert.equal(fs.existsSync('/tmp/late'), false);
      assert.equal(fs.readFileSync('/tmp/a', 'utf8'), 'before');
      host.state = 'gone';
    },
    { mayFail: true },
  );
  assert.equal(late, 'EIO');
});

test('fs.openAsBlob is stopped', async () => {
  const { host } = await onHost(() => Promise.resolve(fs.openAsBlob('/tmp/a')).catch(() => {}), {
    mayFail: true,
  });
  assert.match((host.escapes[0] as EscapeError).message, /fs\.openAsBlob\("\/tmp\/a"\)/);
});

test('fs.readFile works whether it was first called before wavetank came or after', async () => {
  // Its second half is loaded at the first call, and keeps the functions of the binding that it finds.
  await promisify(fs.readFile)('package.json');
  const { value } = await onHost(async () => {
    fs.writeFileSync('/tmp/a', 'own');
    const fd = fs.openSync('/tmp/a', 'r');
    return [
      await promisify(fs.readFile)('/tmp/a', 'utf8'),
      await promisify(fs.readFile)(fd, 'utf8'),
      fs.fstatSync(fd).size,
    ];
  });
  assert.deepEqual(value, ['own', 'own', 3]);
  assert.ok((await promisify(fs.readFile)('package.json')).length > 100);
});

test('a descriptor of a host means nothing to the real process', async () => {
  const { value: fd } = await onHost(() => fs.openSync('package.json', 'r'));
  assert.throws(() => fs.fstatSync(fd), { code: 'EBADF' });
});

test('fs.cp and fs.opendir work on a host although they reach the disk by other ways', async () => {
  const { value } = await onHost(async () => {
    fs.mkdirSync('/tmp/from/inner', { recursive: true });
    fs.writeFileSync('/tmp/from/inner/leaf', 'leaf', { mode: 0o600 });
    fs.cpSync('/tmp/from', '/tmp/one', { recursive: true });
    await fsp.cp('/tmp/from', '/tmp/two', { recursive: true });
    const dir = await promisify(fs.opendir)('/tmp/two');
    const first = await dir.read();
    await dir.close();
    return [
      fs.readdirSync('/tmp/one'),
      first?.name,
      (fs.statSync('/tmp/one/inner/leaf').mode & 0o777).toString(8),
    ];
  });
  assert.deepEqual(value, [['inner'], 'inner', '600']);
});
