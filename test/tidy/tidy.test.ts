// The repository keeps the rules of the house. That each rule bites is shown in rules.test.ts.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { filesBelow, root } from '../runner.ts';
import { textOnly } from './browser-code.ts';
import { layering } from './layers.ts';
import {
  barrels,
  defaultExports,
  erasableSyntax,
  fileLength,
  fileName,
  leftOutTests,
  lineLength,
  notesForLater,
  openingComment,
  ownPackage,
} from './rules.ts';
import type { Finding, SourceFile } from './rules.ts';

const folders = ['src', 'models', 'test', 'examples', 'bench'].filter((folder) =>
  existsSync(join(root, folder)),
);
const files: SourceFile[] = folders
  .flatMap((folder) => filesBelow(root, folder))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const sources = files.filter(({ path }) => path.startsWith('src/') || path.startsWith('models/'));
/** NestJS is written with decorators. */
const erasable = files.filter(({ path }) => !path.startsWith('test/packages/programs/nest/'));
/** Jest takes the default export. */
const named = sources.filter(({ path }) => path !== 'src/jest-environment.ts');
const browserCode = sources.filter(({ path }) => path.startsWith('src/report/page/viewer/'));
const scripts = files.filter(({ path }) => !path.startsWith('examples/'));

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>;
};
const entryPoints = Object.values(manifest.exports).flatMap((target) =>
  typeof target === 'string' ? [] : (target['wavetank-source'] ?? '').replace('./', ''),
);

function keeps(checked: readonly SourceFile[], rule: (file: SourceFile) => Finding[]): void {
  assert.ok(checked.length > 0, 'no files were found: the test itself is broken');
  const findings = checked.flatMap(rule);
  assert.equal(findings.length, 0, `${findings.length} finding(s):\n${findings.join('\n')}`);
}

describe('the repository', () => {
  test('imports only what each layer of src/ allows', () => keeps(sources, layering));
  test('imports its own sources by path', () => keeps(sources, ownPackage));
  test('has no barrels but the entry points', () => {
    keeps(sources, (file) => barrels(file, entryPoints));
  });
  test('makes no markup and no program of text in the report page', () => keeps(browserCode, textOnly));
  test('opens every source file with what it owns', () => keeps(sources, openingComment));
  test('has no default exports in src/', () => keeps(named, defaultExports));
  test('uses only syntax that can be erased', () => keeps(erasable, erasableSyntax));
  test('has no file of more than 400 lines', () => keeps(files, fileLength));
  test('has no line of more than 110 columns', () => keeps(files, lineLength));
  test('names its files in kebab-case, after what they own', () => keeps(files, fileName));
  test('leaves no notes for later', () => keeps(files, notesForLater));
  test('leaves out no test without a reason', () => keeps(scripts, leftOutTests));
});
