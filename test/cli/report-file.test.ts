// Files of reports are written whole or not at all.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkWritable, writeWhole } from '../../src/cli/report-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'wavetank-file-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('a file is tried without being touched, and its folder is made', () => {
  const path = join(folder, 'deep/er/junit.xml');
  checkWritable('--reporter junit', path);
  assert.deepEqual(readdirSync(join(folder, 'deep/er')), []);
  writeFileSync(path, 'old');
  checkWritable('--reporter junit', path);
  assert.equal(readFileSync(path, 'utf8'), 'old');
});

test('what cannot be written is named before anything runs', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  for (const path of [folder, join(file, 'below.xml')]) {
    assert.throws(() => checkWritable('--reporter junit', path), {
      code: 'WT_OPTION',
      message: /^Expected `--reporter junit` to be a file that can be written, got `.*` \(string\)\. \(.*\)$/,
    });
    assert.throws(() => writeWhole(path, 'x'), { code: 'WT_ENVIRONMENT', message: /cannot be written: / });
  }
  assert.equal(readFileSync(file, 'utf8'), '');
});

test('a file takes the place of the one before, and leaves nothing beside', () => {
  const own = join(folder, 'own');
  const path = join(own, 'r.json');
  writeWhole(path, 'one');
  writeWhole(path, new Uint8Array([0, 255]));
  assert.deepEqual([...readFileSync(path)], [0, 255]);
  assert.deepEqual(readdirSync(own), ['r.json']);
});

test('a file that is written in vain leaves the one before as it was', () => {
  const own = join(folder, 'kept');
  const path = join(own, 'r.json');
  writeWhole(path, 'old');
  // Where the new file would be written first, there is a folder.
  mkdirSync(`${path}.${process.pid}.tmp`);
  assert.throws(() => writeWhole(path, 'new'), { code: 'WT_ENVIRONMENT' });
  assert.equal(readFileSync(path, 'utf8'), 'old');
});

test('a link stays one', () => {
  const target = join(folder, 'target.json');
  const link = join(folder, 'link.json');
  writeFileSync(target, 'old');
  symlinkSync(target, link);
  checkWritable('--reporter json', link);
  writeWhole(link, 'new');
  assert.equal(readFileSync(target, 'utf8'), 'new');
});

test('a pipe is written to, and stays one', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // Open for reading, too, so that writing waits for nobody.
  const descriptor = openSync(pipe, 'r+');
  checkWritable('--reporter json', pipe);
  writeWhole(pipe, 'news');
  const read = Buffer.alloc(16);
  assert.equal(read.toString('utf8', 0, readSync(descriptor, read)), 'news');
  assert.ok(statSync(pipe).isFIFO());
  closeSync(descriptor);
});
