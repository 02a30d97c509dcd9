// Stored reports are read as they were written; whatever else a file has is refused, with its name.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { packBlob } from '../../src/report/blob.ts';
import { joinDocuments, readDocument } from '../../src/report/read-document.ts';
import { documentOf, fullDocument, sampleScenario } from './sample-documents.ts';

const json = Buffer.from(JSON.stringify(fullDocument));
const blob = Buffer.from(packBlob(fullDocument));
const plain: unknown = JSON.parse(JSON.stringify(fullDocument));

const read = (content: Uint8Array | string, bytesMax?: number): unknown =>
  readDocument(Buffer.from(content), 'r.json', bytesMax === undefined ? {} : { bytesMax });

function refusal(content: Uint8Array | string, bytesMax?: number): string {
  try {
    read(content, bytesMax);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'WT_REPORT', String(error));
    return (error as Error).message;
  }
  return 'it was read';
}

/** A blob of any bytes whose first line is right. */
function blobOf(text: string, version = 1): Buffer {
  const body = gzipSync(text);
  const sum = createHash('sha256').update(body).digest('hex');
  return Buffer.concat([Buffer.from(`wavetank-blob ${version} ${body.length} ${sum}\n`), body]);
}

describe('a stored report', () => {
  test('is the same after JSON, after a blob, and after both', () => {
    assert.deepEqual(read(json), plain);
    assert.deepEqual(read(blob), plain);
    const again = packBlob(readDocument(json, 'r.json'));
    assert.deepEqual(JSON.parse(JSON.stringify(readDocument(again, 'r.blob'))), plain);
    assert.ok(blob.length < json.length / 4, `${blob.length} of ${json.length} bytes`);
  });

  test('may begin with a byte order mark', () => {
    assert.deepEqual(read(`\uFEFF${json.toString()}`), plain);
  });

  test('is refused wherever a blob is cut off, and whichever byte is altered', () => {
    for (let length = 0; length < blob.length; length++) {
      assert.match(refusal(blob.subarray(0, length)), /^r\.json: /, `${length} bytes`);
    }
    for (let i = 0; i < blob.length; i++) {
      const altered = Buffer.from(blob);
      altered[i] = (altered[i] ?? 0) ^ 1;
      assert.match(refusal(altered), /^r\.json: /, `byte ${i}`);
    }
    assert.match(
      refusal(blob.subarray(0, -1)),
      /^r\.json: expected \d+ bytes after the first line, got \d+\.$/,
    );
    assert.match(refusal(Buffer.concat([blob, Buffer.from('x')])), /expected \d+ bytes after the first line/);
  });

  test('is refused wherever JSON is cut off', () => {
    for (let length = 0; length < json.length; length += 97) {
      assert.match(refusal(json.subarray(0, length)), /^r\.json: (the file is empty|expected a report)/);
    }
  });

  const cases: [what: string, content: Uint8Array | string, said: RegExp][] = [
    ['is empty', '', /^r\.json: the file is empty\.$/],
    ['is no JSON', '<html>', /^r\.json: expected a report, as the reporters json and blob write it: .*JSON/],
    [
      'is another JSON',
      '{"name":"x"}',
      /^r\.json: expected `format` to be "wavetank-report", got `undefined`/,
    ],
    ['is null', 'null', /expected `format` to be "wavetank-report"/],
    [
      'is of a later version',
      JSON.stringify({ ...fullDocument, version: 2, scenarios: 0 }),
      /expected a report of version 1, got `2` \(number\)\. Read it with the version/,
    ],
    [
      'is a blob of a later version',
      blobOf('{}', 2),
      /expected a blob of version 1, got one of version 2\. Read it/,
    ],
    ['is a blob of something else', blobOf('[]'), /expected `format` to be "wavetank-report"/],
    [
      'lacks something',
      JSON.stringify({ ...fullDocument, node: 20 }),
      /^r\.json: `node`: expected a string, got/,
    ],
    [
      'has a prototype of its own',
      '{"__proto__":{"format":"wavetank-report","version":1}}',
      /expected `format`/,
    ],
    ['is nested without end', deepDocument(100_000), /nested deeper than 500 levels\.$/],
  ];
  for (const [what, content, said] of cases) {
    test(`is refused when it ${what}`, () => assert.match(refusal(content), said));
  }

  test('is refused when it is larger than what can be read, packed or not', () => {
    assert.match(refusal(json, 1_000), /^r\.json: the file has \d+ bytes, more than 1000\.$/);
    const bomb = blobOf(`"${'x'.repeat(5_000_000)}"`);
    assert.ok(bomb.length < 100_000);
    assert.match(refusal(bomb, 1_000_000), /^r\.json: unpacked, the blob is larger than 1000000 bytes\.$/);
  });
});

test('documents are put together in their order, with all versions that made them', () => {
  const [left, right] = [sampleScenario({ name: 'left' }), sampleScenario({ name: 'right' })];
  const other = { ...documentOf(right), node: '24.0.0' };
  const joined = joinDocuments([documentOf(left), other, documentOf()]);
  assert.deepEqual(joined, { ...documentOf(left, right), node: '20.20.0, 24.0.0' });
});

function deepDocument(levels: number): string {
  const deep = `${'{"after":'.repeat(levels)}1${'}'.repeat(levels)}`;
  return JSON.stringify(fullDocument).replace('[{"id":"o-1"}]', deep);
}
