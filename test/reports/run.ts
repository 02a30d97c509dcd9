// `npm run reports`: explores the faulty example systems as a user would, writes the page of each
// counterexample to .wavetank/reports/, and takes the pictures in docs/pictures/ from these pages.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReportDocument } from '../../src/report/document.ts';
import { reportPage } from '../../src/report/page/page.ts';
import { reportOf, scenarioReport } from '../page/documents.ts';
import { states } from '../page/states.ts';
import { nodeArguments, root } from '../runner.ts';
import { pictureOf, startBrowser, type PictureOptions } from './picture.ts';

/** The systems with a planted bug, by the name of their picture. */
const SYSTEMS: Readonly<Record<string, string>> = {
  checkout: 'examples/checkout/checkout.sim.ts',
  'job-queue': 'examples/job-queue/job-queue.sim.ts',
  'lease-lock': 'examples/lease-lock/pauses.sim.ts',
  outbox: 'examples/outbox/outbox.sim.ts',
  'replicated-register': 'examples/replicated-register/replicated-register.sim.ts',
  'rolling-upgrade': 'examples/rolling-upgrade/rolling-upgrade.sim.ts',
  wallet: 'examples/wallet/wallet.sim.ts',
};

/** What stands in the guide, of pages made by hand: one part of the page each. */
const PARTS: Readonly<Record<string, Omit<PictureOptions, 'scheme'>>> = {
  exploration: { part: '.exploration' },
  order: { part: '.evidence' },
  cycle: { part: '.evidence' },
};

const HEIGHT = 1200;
/** The bug of the lease lock is rare. */
const RUNS_MAX = 500;
const BYTES_MAX = 150_000;
const folder = join(root, '.wavetank/reports');
const pictures = join(root, 'docs/pictures');

/** Explores a system by the command line. @returns what it reports. */
function explored(name: string, file: string): ReportDocument {
  const json = join(folder, `${name}.json`);
  const words = ['explore', file, '--runs', String(RUNS_MAX), '--bail', '--reporter', `json:${json}`];
  const { status, stderr } = spawnSync(
    process.execPath,
    [...nodeArguments, join(root, 'src/cli/main.ts'), ...words],
    // What they find is planted, and stays.
    { cwd: root, encoding: 'utf8', env: { ...process.env, WAVETANK_REGRESSIONS: 'off' } },
  );
  if (status !== 1)
    throw new Error(`${file}: expected a counterexample (exit code 1), got ${status}\n${stderr}`);
  // Where this folder is on this machine is nobody's business.
  const text = readFileSync(json, 'utf8').replaceAll(JSON.stringify(join(root, '/')).slice(1, -1), '');
  const report = JSON.parse(text) as ReportDocument;
  // How long it took would make every picture another.
  return { ...report, scenarios: report.scenarios.map((scenario) => ({ ...scenario, elapsedMs: 0 })) };
}

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

mkdirSync(folder, { recursive: true });
mkdirSync(pictures, { recursive: true });
const browser = await startBrowser();
try {
  const pages: [name: string, document: ReportDocument, options: Omit<PictureOptions, 'scheme'>][] = [
    ...Object.entries(PARTS).map(([name, options]): (typeof pages)[number] => {
      return [name, states[name]?.document ?? reportOf(scenarioReport()), options];
    }),
    ...Object.entries(SYSTEMS)
      .filter(([name]) => isWanted(name))
      .map(([name, file]): (typeof pages)[number] => [name, explored(name, file), { height: HEIGHT }]),
  ];
  for (const [name, document, options] of pages.filter(([each]) => isWanted(each))) {
    const file = join(folder, `${name}.html`);
    const page = await reportPage(document);
    writeFileSync(file, page);
    console.log(`${file}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB`);
    for (const scheme of ['light', 'dark'] as const) {
      const png = await pictureOf(browser, file, { ...options, scheme });
      if (png.length > BYTES_MAX) throw new Error(`${name}-${scheme}.png has ${png.length} bytes`);
      writeFileSync(join(pictures, `${name}-${scheme}.png`), png);
    }
  }
} finally {
  await browser.close();
}
