// Which files differ from the last commit, as git has it: staged, not staged, and those that are unknown to
// it.

import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from './exit-code.ts';

/** So many bytes of names. */
const NAMES_MAX = 67_108_864;

/**
 * The files that changed, as real paths; `undefined` where there is no commit yet, so that all are new.
 *
 * @throws {UsageError} If this folder is in no work tree of git.
 */
export async function changedFiles(): Promise<ReadonlySet<string> | undefined> {
  // All at once, and all of the whole work tree, wherever in it this folder is.
  const [root, commit, ...lists] = await Promise.allSettled([
    git(['rev-parse', '--show-toplevel']),
    git(['rev-parse', '--verify', '--quiet', 'HEAD']),
    git(['-c', 'diff.relative=false', 'diff', '--name-only', '--no-renames', '-z', 'HEAD', '--']),
    git(['ls-files', '--others', '--exclude-standard', '--full-name', '-z', ':/']),
  ]);
  const folder = realpathSync(answerOf(root).trimEnd());
  if (commit.status === 'rejected') return undefined;
  const names = lists.flatMap((list) => answerOf(list).split('\0')).filter((name) => name !== '');
  return new Set(names.map((name) => join(folder, name)));
}

function answerOf(settled: PromiseSettledResult<string>): string {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

async function git(words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('git', [...words], { maxBuffer: NAMES_MAX });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const why = (stderr ?? '').trim() || message;
    throw new UsageError(`--changed asks git what changed, and git says: ${why}.`);
  }
}
