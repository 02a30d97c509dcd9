import assert from 'node:assert/strict';
import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onHost } from './fake-host.ts';

test('fs.watch tells of names that come and go, and of changes, in virtual time', async () => {
  const { value } = await onHost(async () => {
    const seen: unknown[] = [];
    fs.mkdirSync('/tmp/w/sub', { recursive: true });
    const watcher = fs.watch('/tmp/w', (kind, name) => seen.push(`${kind} ${name}`));
    watcher.on('close', () => seen.push('closed'));
    const deep = fs.watch('/tmp/w', { recursive: true }, (_kind, name) => seen.push(`deep ${name}`));
    fs.writeFileSync('/tmp/w/a', '');
    await sleep(10);
    fs.appendFileSync('/tmp/w/a', 'x');
    await sleep(10);
    fs.writeFileSync('/tmp/w/sub/b', '');
    await sleep(10);
    fs.renameSync('/tmp/w/a', '/tmp/w/c');
    await sleep(10);
    watcher.close();
    deep.close();
    fs.unlinkSync('/tmp/w/c');
    await sleep(10);
    return seen;
  });
  assert.deepEqual(value, [
    'rename a',
    'deep a',
    'change a',
    'deep a',
    'deep sub/b',
    'rename a',
    'deep a',
    'rename c',
    'deep c',
    'closed',
  ]);
});

test('fs.watch of what is not there throws the error of Node.js', async () => {
  await onHost(() => {
    assert.throws(() => fs.watch('/tmp/none'), { code: 'ENOENT', syscall: 'watch', path: '/tmp/none' });
  });
});

test('fs.promises.watch yields changes until it is aborted', async () => {
  const { value } = await onHost(async () => {
    const seen: unknown[] = [];
    const controller = new AbortController();
    fs.mkdirSync('/tmp/w');
    const watching = (async () => {
      for await (const change of fsp.watch('/tmp/w', { signal: controller.signal })) seen.push(change);
    })();
    await sleep(1);
    await fsp.writeFile('/tmp/w/a', '');
    await sleep(10);
    controller.abort();
    await watching.catch((error: unknown) => seen.push((error as Error).name));
    return seen;
  });
  assert.deepEqual(value, [{ eventType: 'rename', filename: 'a' }, 'AbortError']);
});

test('fs.watchFile compares stats every few virtual seconds, until it is told to stop', async () => {
  const { value, engine } = await onHost(async () => {
    const seen: unknown[] = [];
    fs.writeFileSync('/tmp/a', '1');
    const listener = (now: fs.Stats, last: fs.Stats): void =>
      void seen.push([now.size, last.size, Math.floor(performance.now() / 1000)]);
    fs.watchFile('/tmp/a', listener);
    fs.watchFile('/tmp/none', { interval: 100 }, (now) => void seen.push(['none', now.size]));
    await sleep(1);
    fs.writeFileSync('/tmp/a', '22');
    await sleep(6000);
    fs.unlinkSync('/tmp/a');
    await sleep(6000);
    fs.unwatchFile('/tmp/a', listener);
    fs.unwatchFile('/tmp/none');
    fs.writeFileSync('/tmp/a', '333');
    await sleep(6000);
    return seen;
  });
  assert.deepEqual(value, [
    ['none', 0],
    [2, 1, 5],
    [0, 2, 10],
  ]);
  assert.equal(engine.queue.size, 0);
});
