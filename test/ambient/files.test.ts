import { after, test } from 'node:test';
import { isAlikeOnDisk, removeRealFolders } from './files/alike-files.ts';
import { asyncCases } from './files/cases-async.ts';
import { syncCases } from './files/cases-sync.ts';

process.umask(0o022);
after(removeRealFolders);

for (const [name, body] of Object.entries({ ...syncCases, ...asyncCases })) {
  test(`a host's disk is like a real one: ${name}`, () => isAlikeOnDisk(name, body));
}
