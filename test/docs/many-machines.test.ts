// The recipes for shards of docs/guide/many-machines.md, as far as one machine can try them: their YAML is
// read, and their commands are run with the variables that each service sets, each job in its own folder.

import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { checkedOut, job, recipeOf, type Job } from './recipes.ts';

const parent = mkdtempSync(join(tmpdir(), 'wavetank-recipes-'));
after(() => rmSync(parent, { recursive: true, force: true }));

function jobFolder(): string {
  const folder = mkdtempSync(join(parent, 'job-'));
  checkedOut(folder);
  return folder;
}

/** Makes the jobs one after another: the machine that tests has few processors. */
async function each(count: number, run: (index: number) => Promise<Job>): Promise<number[]> {
  const codes: number[] = [];
  for (let index = 1; index <= count; index++) codes.push((await run(index)).code ?? -1);
  return codes;
}

function assertMerged({ code, output }: Job, of: number): void {
  assert.equal(code, 1, output);
  assert.match(output, /CheckFailure \[WT_INVARIANT\]: `answers` is illegal/);
  assert.match(output, /npx wavetank replay asking\.sim\.ts wt1:/);
  assert.equal(of, 4);
}

/** What is looked at of each kind of recipe. */
interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, string | boolean>>;
}

interface GithubJob {
  readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
  readonly needs: string;
  readonly if: string;
  readonly steps: readonly Step[];
}

interface GitlabJob {
  readonly stage: string;
  readonly when: string;
  readonly parallel: number;
  readonly script: readonly string[];
  readonly artifacts: { when: string; paths: readonly string[]; reports: { junit: string } };
}

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
}

interface Pods {
  readonly spec: {
    readonly completions: number;
    readonly completionMode: string;
    readonly template: { readonly spec: { readonly containers: readonly [Container] } };
  };
}

describe('the recipe for', () => {
  test('GitHub Actions is true', async () => {
    const [{ jobs }] = recipeOf('### GitHub Actions') as unknown as [
      { jobs: { explore: GithubJob; merge: GithubJob } },
    ];
    const { explore, merge } = jobs;
    const { shard: shards } = explore.strategy.matrix;
    const artifacts = join(parent, 'artifacts');
    const codes = await each(shards.length, async (index) => {
      const filled = fill(explore, String(shards[index - 1]));
      const folder = jobFolder();
      const came = await job(folder, commandsOf(filled), { GITHUB_ACTIONS: 'true' }).ended;
      const upload = stepOf(filled, 'actions/upload-artifact');
      assert.equal(upload.if, '${{ !cancelled() }}');
      assert.equal(upload.with?.['include-hidden-files'], true);
      const path = String(upload.with?.path);
      // The folders above the pattern are left out.
      const [from, pattern] = [dirname(path), basename(path)];
      const to = join(artifacts, String(upload.with?.name));
      mkdirSync(to, { recursive: true });
      for (const name of readdirSync(join(folder, from))) {
        if (fits(name, pattern)) cpSync(join(folder, from, name), join(to, name));
      }
      return came;
    });
    assert.ok(codes.includes(1) && codes.every((code) => code === 0 || code === 1), String(codes));

    assert.equal(merge.needs, 'explore');
    assert.equal(merge.if, '${{ !cancelled() }}');
    const download = stepOf(merge, 'actions/download-artifact');
    const folder = jobFolder();
    for (const name of readdirSync(artifacts)) {
      if (!fits(name, String(download.with?.pattern))) continue;
      cpSync(join(artifacts, name), join(folder, String(download.with?.path), name), { recursive: true });
    }
    const merged = await job(folder, commandsOf(merge), { GITHUB_ACTIONS: 'true' }).ended;
    assertMerged(merged, shards.length);
    assert.match(merged.output, /^::error /m);
    assert.ok(existsSync(join(folder, 'junit.xml')));
  });

  test('GitLab is true', async () => {
    type Recipe = { stages: readonly string[]; explore: GitlabJob; merge: GitlabJob };
    const [{ explore, merge, stages }] = recipeOf('### GitLab') as unknown as [Recipe];
    assert.deepEqual(stages, [explore.stage, merge.stage]);
    const total = explore.parallel;
    const mergeFolder = jobFolder();
    const codes = await each(total, async (index) => {
      const folder = jobFolder();
      const env = { CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(total) };
      const came = await job(folder, explore.script, env).ended;
      assert.equal(explore.artifacts.when, 'always');
      // All artifacts come to the same place.
      for (const path of explore.artifacts.paths) {
        cpSync(join(folder, path), join(mergeFolder, path), { recursive: true });
      }
      return came;
    });
    assert.ok(codes.includes(1) && codes.every((code) => code === 0 || code === 1), String(codes));
    assert.equal(merge.when, 'always');
    const merged = await job(mergeFolder, merge.script, { CI_NODE_TOTAL: '1' }).ended;
    assertMerged(merged, total);
    assert.ok(existsSync(join(mergeFolder, merge.artifacts.reports.junit)));
  });

  test('an Indexed Job of Kubernetes is true', async () => {
    const [explore, merge] = recipeOf('### Kubernetes') as unknown as [Pods, Pods];
    const { completions, completionMode } = explore.spec;
    assert.equal(completionMode, 'Indexed');
    const reports = join(parent, 'reports');
    mkdirSync(reports);
    const [shard] = explore.spec.template.spec.containers;
    const [joining] = merge.spec.template.spec.containers;
    for (const container of [shard, joining]) {
      assert.equal(container.volumeMounts[0]?.mountPath, '/reports');
      assert.deepEqual(container.command, ['sh', '-c']);
    }
    const commands = ({ args }: Container): string[] =>
      args.map((word) => word.replaceAll('/reports', reports));
    const own = Object.fromEntries(shard.env.map(({ name, value }) => [name, value]));
    assert.equal(own.JOB_COMPLETIONS, String(completions));
    const codes = await each(
      completions,
      async (index) =>
        job(jobFolder(), commands(shard), { ...own, JOB_COMPLETION_INDEX: String(index - 1) }).ended,
    );
    assert.deepEqual(codes, [0, 0, 0, 0]);
    assert.equal(readdirSync(reports).length, 4);
    assertMerged(await job(jobFolder(), commands(joining)).ended, completions);
    assert.ok(existsSync(join(reports, 'junit.xml')));
  });
});

/** Whether a name is one of those that a pattern with stars means. */
function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.]/g, '\\.'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(name);
}

/** A job of a matrix. */
function fill(value: GithubJob, shard: string): GithubJob {
  return JSON.parse(JSON.stringify(value).replaceAll('${{ matrix.shard }}', shard)) as GithubJob;
}

function commandsOf({ steps }: GithubJob): string[] {
  const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  assert.ok(commands.every((command) => !command.includes('${{')));
  return commands;
}

function stepOf({ steps }: GithubJob, action: string): Step {
  const step = steps.find(({ uses }) => uses?.startsWith(`${action}@`));
  assert.ok(step !== undefined);
  return step;
}
