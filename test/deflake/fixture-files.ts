// The fixtures of deflake: files of flaky tests in the style of published ones, and files of sound ones.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflake } from '../../src/deflake/deflake.ts';
import type { DeflakeOptions, DeflakeReport } from '../../src/deflake/deflake.ts';

const folder = fileURLToPath(new URL('../fixtures/deflake', import.meta.url));

/** The day on which tests run here. */
export const TODAY = '2026-11-21';

/** The path of a fixture: `flaky/midnight.test.ts`. */
export function fixture(name: string): string {
  return join(folder, name);
}

/** The files of tests below `flaky` or `sound`. */
export function fixturesOf(kind: 'flaky' | 'sound'): string[] {
  return readdirSync(join(folder, kind))
    .filter((name) => name.includes('.test.'))
    .map((name) => `${kind}/${name}`);
}

/** Deflakes a file on that day. */
export function deflaked(path: string, options: Partial<DeflakeOptions> = {}): Promise<DeflakeReport> {
  return deflake(path, { today: TODAY, env: { NODE_ENV: 'test' }, ...options });
}
