// `wavetank init`: writes a scenario, its test and a hook into a project, and says what to do next.

import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { Output } from '../report/reporters/reporter.ts';
import { visibleText } from '../report/visible-text.ts';
import type { Words } from './command.ts';
import { ExitCode, UsageError } from './exit-code.ts';
import { CHECK, hookText, scenarioText, testText } from './init-files.ts';
import { projectIn, type Project } from './init-project.ts';
import type { Surroundings } from './reporting.ts';

/** A file to be written. */
interface NewFile {
  /** Relative to the project, or absolute. */
  readonly path: string;
  readonly text: string;
  readonly isProgram?: boolean;
  /** What to do where there is one already. */
  readonly instead?: string;
}

/** Writes what is not there yet. @returns the exit code. */
export function initCommand(
  positionals: readonly string[],
  words: Words,
  { output }: Pick<Surroundings, 'output'>,
): Promise<number> {
  if (positionals.length > 0)
    throw new UsageError('Expected `wavetank init`, in the folder of the package.json.');
  const project = projectIn(process.cwd());
  const isDry = words['dry-run'] === true;
  const { language, modules, runner, framework } = project;
  const written = language === 'ts' ? 'TypeScript' : 'JavaScript';
  const form = modules === 'esm' ? 'ES modules' : 'CommonJS';
  output.print(`${written}, ${form}, ${runner}${framework === 'none' ? '' : `, ${framework}`}\n\n`);
  for (const file of filesOf(project)) write(file, { project, isDry, output });
  const hook = otherHook(project);
  if (hook !== '') output.print(`\n${hook}`);
  output.print(
    `\nNext:\n${nextSteps(project)
      .map((step) => `  ${step}\n`)
      .join('')}`,
  );
  return Promise.resolve(ExitCode.passed);
}

function filesOf(project: Project): NewFile[] {
  const { tests, language, hooks } = project;
  const files: NewFile[] = [
    { path: join(tests, `checkout.sim.${language}`), text: scenarioText(project) },
    { path: join(tests, `checkout.test.${language}`), text: testText(project) },
  ];
  if (hooks.by !== 'git') return files;
  const text = hookText(hooks.prefix);
  return [...files, { path: hooks.file, text, isProgram: true, instead: `add to it: ${CHECK}` }];
}

/** Never replaces a file, not even one that comes to be meanwhile. */
function write(
  { path, text, isProgram = false, instead = 'it stays as it is' }: NewFile,
  { project, isDry, output }: { project: Project; isDry: boolean; output: Output },
): void {
  const target = isAbsolute(path) ? path : join(project.folder, path);
  const shown = visibleText(path);
  const isThere = `  ${output.yellow('kept')}     ${shown}: there is one already, ${instead}\n`;
  if (isDry) {
    output.print(existsSync(target) ? isThere : `  would write ${shown}\n`);
    return;
  }
  try {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { flag: 'wx' });
    if (isProgram) chmodSync(target, 0o755);
    output.print(`  ${output.green('written')}  ${shown}\n`);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST')
      throw new UsageError(`${shown} cannot be written: ${(error as Error).message}.`);
    output.print(isThere);
  }
}

/** What to add by hand where somebody else runs the hooks, or nobody does. */
function otherHook({ hooks }: Project): string {
  switch (hooks.by) {
    case 'husky':
      return `husky runs your hooks. Add to .husky/pre-commit:\n  ${CHECK}\n`;
    case 'lefthook':
      return `lefthook runs your hooks. Add to its configuration:\n${[
        'pre-commit:',
        '  commands:',
        '    wavetank:',
        `      run: ${CHECK}`,
      ]
        .map((line) => `  ${line}\n`)
        .join('')}`;
    case 'simple-git-hooks':
      return (
        'simple-git-hooks runs your hooks. Add to its configuration, then run `npx simple-git-hooks`:\n' +
        `  "pre-commit": "${CHECK}"\n`
      );
    case 'none':
      return `There is no git repository here, so no hook was written. It would run:\n  ${CHECK}\n`;
    default:
      return '';
  }
}

function nextSteps(project: Project): string[] {
  const { tests, language, runner, missing, commitsReports } = project;
  const test = `${tests}/checkout.test.${language}`;
  const run = {
    'node:test': `node ${language === 'ts' ? '--import tsx ' : ''}--test ${test}`,
    vitest: `npx vitest run ${test}`,
    jest: `npx jest ${test}`,
  }[runner];
  return [
    ...(missing.length === 0 ? [] : [`npm install --save-dev ${missing.join(' ')}`]),
    ...(commitsReports ? ['echo .wavetank >> .gitignore     # reports, and what was explored'] : []),
    `npx wavetank explore ${tests}/checkout.sim.${language}`,
    run,
  ];
}
