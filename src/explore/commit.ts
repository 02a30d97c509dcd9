// The commit that is checked out, in CI: from the variables of the services, or from `.git`, read without a
// child process. The default seed there is made of it, in run-environment.ts.

import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** Where CI services say which commit they test. */
const VARIABLES = [
  'GITHUB_SHA',
  'CI_COMMIT_SHA', // GitLab, Woodpecker
  'BITBUCKET_COMMIT',
  'BUILD_SOURCEVERSION', // Azure Pipelines
  'BUILDKITE_COMMIT',
  'CIRCLE_SHA1',
  'CODEBUILD_RESOLVED_SOURCE_VERSION',
  'DRONE_COMMIT_SHA',
  'GIT_COMMIT', // Jenkins
  'APPVEYOR_REPO_COMMIT',
  'SEMAPHORE_GIT_SHA',
  'TRAVIS_COMMIT',
  'BUILD_VCS_NUMBER', // TeamCity
];

const HASH = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i;

/** Whether this is CI: `CI` is `true` or `1`, as all services set it. */
export function isInCi(env: Env): boolean {
  return ['true', '1'].includes((env['CI'] ?? '').toLowerCase());
}

/** The hash of the commit; undefined where neither the services nor `.git` say. */
export function commitHash(env: Env, folder: string): string | undefined {
  const said = VARIABLES.map((name) => env[name] ?? '').find((value) => HASH.test(value));
  return (said ?? checkedOut(folder))?.toLowerCase();
}

/** What HEAD is, of the repository that a folder is in. */
function checkedOut(folder: string): string | undefined {
  const git = gitFolder(folder);
  const head = git === undefined ? undefined : read(join(git, 'HEAD'));
  if (git === undefined || head === undefined) return undefined;
  const [, name] = /^ref: (refs\/\S+)$/.exec(head) ?? [];
  if (name === undefined) return hashIn(head);
  // A work tree besides the first has its own HEAD, and shares the branches.
  const shared = read(join(git, 'commondir'));
  const folders = shared === undefined ? [git] : [git, resolve(git, shared)];
  for (const each of folders) {
    const found = hashIn(read(join(each, name))) ?? packed(read(join(each, 'packed-refs')), name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `.git`, or where the file of that name leads: in a submodule, or in another work tree. */
function gitFolder(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, '.git');
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) return path;
    const [, target] = /^gitdir: (.+)$/.exec((stat === undefined ? undefined : read(path)) ?? '') ?? [];
    if (target !== undefined) return resolve(at, target);
    if (at === dirname(at)) return undefined;
  }
}

function packed(text: string | undefined, name: string): string | undefined {
  const line = text?.split('\n').find((each) => each.endsWith(` ${name}`));
  return hashIn(line?.split(' ')[0]);
}

function hashIn(text: string | undefined): string | undefined {
  return text !== undefined && HASH.test(text) ? text : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
