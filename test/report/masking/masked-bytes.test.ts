// Bodies that are no text: masked where a secret is in them, shown where none is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { maskedBytes } from '../../../src/report/masking/masked-bytes.ts';
import { Masker } from '../../../src/report/masking/masker.ts';
import type { Bytes } from '../../../src/history/trace.ts';

const shown = (body: Buffer, encoding?: string, masker = new Masker()): Bytes =>
  maskedBytes(
    { base64: body.toString('base64'), byteLength: body.length },
    (text) => masker.text(text),
    encoding === undefined ? [] : [['content-encoding', encoding]],
  );
const isMasked = (bytes: Bytes): boolean => bytes.base64 === undefined && bytes.text === '[masked]';

const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0x01]);
const form = (name: string): Buffer =>
  Buffer.concat([
    Buffer.from(`--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nhunter2-hunter2\r\n--b\r\n`),
    Buffer.from('content-disposition: form-data; name="file"; filename="a.png"\r\n\r\n'),
    image,
  ]);

test('a form with a file is masked where a field of it is a secret', () => {
  assert.ok(isMasked(shown(form('password'))));
  assert.equal(shown(form('password')).byteLength, form('password').length);
  assert.equal(shown(form('comment')).base64, form('comment').toString('base64'));
  assert.equal(shown(image).base64, image.toString('base64'));
});

test('so is what has a secret that is known from elsewhere', () => {
  const masker = new Masker();
  masker.header(['authorization', 'Bearer s3cr3t-t0k3n-17']);
  const body = Buffer.concat([image, Buffer.from(' s3cr3t-t0k3n-17 ')]);
  assert.ok(isMasked(shown(body, undefined, masker)));
  assert.ok(!isMasked(shown(body)));
});

test('what is compressed is looked into, also where its end is missing', () => {
  const login = Buffer.from(JSON.stringify({ user: 'u', password: 'hunter2-hunter2', rest: 'x'.repeat(99) }));
  const packed = { gzip: gzipSync(login), deflate: deflateSync(login), br: brotliCompressSync(login) };
  for (const [encoding, body] of Object.entries(packed)) {
    assert.ok(isMasked(shown(body, encoding)), encoding);
    assert.ok(!isMasked(shown(body)), 'nobody says that it is compressed');
  }
  assert.ok(isMasked(shown(packed.gzip.subarray(0, -8), 'gzip')));
  assert.ok(!isMasked(shown(gzipSync('{"user":"u"}'), 'gzip')));
  assert.ok(!isMasked(shown(image, 'gzip')), 'it is not what it says');
});
