// Writes the manifest as the page `docs/node-surface.md`.

import { join } from 'node:path';
import { root } from '../runner.ts';
import { globals } from './globals.ts';
import { modules } from './manifest.ts';
import { subtle } from './mixed-modules.ts';
import type { SurfaceGroup } from './surface-group.ts';

/** Where the page is. */
export const pageFile: string = join(root, 'docs/node-surface.md');

/** The page, as prettier leaves it. */
export async function surfacePage(): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  const whole = Object.entries(modules).filter(([, groups]) => groups.some(({ names }) => names === '*'));
  const mixed = Object.entries(modules).filter(([, groups]) => groups.every(({ names }) => names !== '*'));
  const text = [
    '# Node.js on a host',
    'Every module and every global of Node.js, and what becomes of it in code that runs on a host. ' +
      'This page is made ' +
      'of `test/surface/manifest.ts` by `node --import tsx test/surface/update-page.ts`; a test ' +
      'holds it against the modules and ' +
      'globals of each Node.js version, so that something new turns the test red.',
    '- **virtual**: the host has its own. The test shows it.\n- **pure**: needs nothing; it has no ' +
      'clock, no chance and ' +
      'no input or output of its own.\n- **trapped**: stopped at the call with an `EscapeError` ' +
      '(`WT_ESCAPE`) that says where, and ' +
      'what to do instead. What wavetank does not know is named by a watch on native resources, in ' +
      'the first run of ' +
      'an exploration and in each recorded one.',
    '## Modules',
    table(
      'module',
      whole.flatMap(([name, groups]) => groups.map((group) => ({ ...group, names: `node:${name}` }))),
    ),
    ...mixed.flatMap(([name, groups]) => [`## \`node:${name}\``, table('export', groups)]),
    '## `crypto.subtle`',
    table('method', subtle),
    '## Globals',
    table('global', globals),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(pageFile)), parser: 'markdown' });
}

function table(title: string, groups: readonly SurfaceGroup[]): string {
  const rows = groups.map(
    ({ names, fate, note = '', test }) =>
      `| ${codes(names)} | ${fate} | ${note} | ${test === undefined ? '' : `\`${test}\``} |`,
  );
  return [`| ${title} | becomes | | shown by |`, '|---|---|---|---|', ...rows].join('\n');
}

function codes(names: string): string {
  return names
    .split(' ')
    .map((name) => `\`${name}\``)
    .join(', ');
}
