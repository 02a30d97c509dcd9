// The manifest against Node.js: everything there is, is on it, and what it says is so.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ambientPatches } from '../../src/ambient/patches.ts';
import { apiName } from '../../src/ambient/traps/trap-patches.ts';
import { lateTrapList } from '../../src/ambient/traps/trap-list.ts';
import { builtin, escapesOf, trappedApis } from '../ambient/trap-texts.ts';
import { root } from '../runner.ts';
import { globals } from './globals.ts';
import { modules } from './manifest.ts';
import { subtle } from './mixed-modules.ts';
import type { SurfaceGroup } from './surface-group.ts';
import { pageFile, surfacePage } from './page.ts';

const bare = (name: string): string => name.replace(/^node:/, '');
const isMixed = (groups: readonly SurfaceGroup[]): boolean => groups.every(({ names }) => names !== '*');
const namesOf = (groups: readonly SurfaceGroup[]): string[] =>
  groups.flatMap(({ names }) => names.split(' '));

/** Everything that the manifest says, with the object that it is said about. */
function* groupsWithTargets(): Generator<{ where: string; target: object | undefined; group: SurfaceGroup }> {
  for (const [where, groups] of Object.entries(modules)) {
    for (const group of groups) yield { where, target: builtin(where), group };
  }
  const prototype = Object.getPrototypeOf(crypto.subtle) as object;
  for (const group of subtle) yield { where: 'crypto.subtle', target: prototype, group };
  for (const group of globals) yield { where: 'globalThis', target: globalThis, group };
}

function unlisted(there: readonly string[], listed: readonly string[]): string[] {
  return there.filter((name) => !listed.includes(name));
}

describe('the manifest', () => {
  test('has every module of this Node.js', () => {
    assert.deepEqual(unlisted(Module.builtinModules.map(bare), Object.keys(modules)), []);
  });

  test('has every global of this Node.js', () => {
    // What tsx and the tests add is not of Node.js.
    const added = ['__TSX__', '__coverage__'];
    const there = Object.getOwnPropertyNames(globalThis).filter((name) => !added.includes(name));
    assert.deepEqual(unlisted(there, namesOf(globals)), []);
  });

  for (const [name, groups] of Object.entries(modules)) {
    const target = isMixed(groups) ? builtin(name) : undefined;
    if (target === undefined) continue;
    test(`has every export of ${name}`, () => {
      assert.deepEqual(unlisted(Object.keys(target), namesOf(groups)), []);
    });
  }

  test('has every method of crypto.subtle', () => {
    const there = Object.getOwnPropertyNames(Object.getPrototypeOf(crypto.subtle)).filter(
      (name) => name !== 'constructor',
    );
    assert.deepEqual(unlisted(there, namesOf(subtle)), []);
  });

  test('names nothing twice', () => {
    for (const groups of [...Object.values(modules), subtle, globals]) {
      const names = namesOf(groups);
      assert.equal(new Set(names).size, names.length, String(names));
    }
  });

  test('names a test for all that is not pure', () => {
    for (const { where, group } of groupsWithTargets())
      assert.equal(group.test === undefined, group.fate === 'pure', `${where}: ${group.names}`);
  });

  test('names tests that exist', () => {
    const missing = [...groupsWithTargets()].flatMap(({ group }) => {
      const file = `test/${group.test}.test.ts`;
      return group.test === undefined || existsSync(join(root, file)) ? [] : [file];
    });
    assert.deepEqual([...new Set(missing)], []);
  });

  test('calls virtual what is patched, or says how it is done', () => {
    const patches = ambientPatches();
    for (const { where, target, group } of groupsWithTargets()) {
      if (group.fate !== 'virtual' || group.note !== undefined || target === undefined) continue;
      for (const name of group.names.split(' ').filter((each) => each in target)) {
        const isPatched = patches.some((patch) => patch.target === target && patch.key === name);
        assert.ok(isPatched, `${where}.${name} is not patched`);
      }
    }
  });

  test('calls pure nothing that is patched or trapped itself, but where it says so', () => {
    const patches = ambientPatches();
    for (const { where, target, group } of groupsWithTargets()) {
      if (group.fate !== 'pure' || group.note !== undefined || target === undefined) continue;
      const names = group.names === '*' ? Object.keys(target) : group.names.split(' ');
      const patched = names.filter((name) =>
        patches.some((patch) => patch.target === target && patch.key === name),
      );
      assert.deepEqual(patched, [], where);
    }
  });
});

describe('what is trapped really is:', () => {
  const there = trappedApis();
  for (const { where, target, group } of groupsWithTargets()) {
    if (group.fate !== 'trapped' || target === undefined) continue;
    const all = lateTrapList.filter(({ module }) => module === where).flatMap(({ keys }) => keys);
    const names = group.names === '*' ? all : group.names.split(' ');
    for (const name of names.filter((each) => each in target)) {
      const api = where === 'inspector/promises' ? `inspector.${name}` : apiName(where, name);
      test(api, async () => {
        assert.ok(there.includes(api), `${api} is not on the trap list`);
        const { noted } = await escapesOf(api);
        assert.deepEqual(
          noted.map((error) => [error.code, error.api]),
          [['WT_ESCAPE', api]],
        );
      });
    }
  }
});

test('docs/node-surface.md is up to date', async () => {
  const shown = readFileSync(pageFile, 'utf8');
  assert.equal(shown, await surfacePage(), 'run node --import tsx test/surface/update-page.ts');
});
