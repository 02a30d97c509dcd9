// Writes a report as one HTML page that opens from disk: the data, the styles and the program that shows
// them. What is shown, and how, belongs to viewer/, which is bundled when the first page is written.

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { ownFile } from '../../own-package.ts';
import type { ReportDocument } from '../document.ts';
import { shownText } from './viewer/shown-text.ts';

/** What the browser gets besides the data. */
interface Viewer {
  readonly script: string;
  readonly styles: string;
}

/** Browsers of the last years: what they lack is written another way. */
const TARGETS = ['chrome110', 'firefox115', 'safari16'];

let viewer: Promise<Viewer> | undefined;

/**
 * Writes a report as a page.
 *
 * The page asks nothing of the network, and its Content Security Policy lets only its own program run:
 * whatever the system under test put into names, bodies and logs is text.
 *
 * @param document - What was found. It is written as it is: masked and cut where it was built.
 * @returns One HTML file.
 */
export async function reportPage(document: ReportDocument): Promise<string> {
  viewer ??= bundledViewer();
  const { script, styles } = await viewer;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script, styles)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="wavetank ${escapedText(document.wavetank)}">
<title>${escapedText(titleOf(document))}</title>
<style>${styles}</style>
</head>
<body>
<noscript><p>This report is drawn by a script in this file. Please allow it to run.</p></noscript>
<script type="application/json" id="report-data">${escapedData(document)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Nothing but this script and these styles: no network, no frames, no text that becomes code. */
function policyOf(script: string, styles: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(styles)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}

function titleOf({ scenarios }: ReportDocument): string {
  const [first] = scenarios;
  if (first === undefined) return 'Nothing was explored';
  const failed = scenarios.filter(({ outcome }) => outcome !== 'passed').length;
  if (scenarios.length > 1) return `${failed} of ${scenarios.length} scenarios did not pass`;
  return first.failure === undefined
    ? `${first.name}: ${first.outcome}`
    : `${first.name}: ${first.failure.name}`;
}

function escapedText(text: string): string {
  return shownText(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that no HTML parser finds an end tag or a comment in. */
function escapedData(document: ReportDocument): string {
  // What is for machines alone stays out.
  const shown = document.scenarios.map((scenario) => ({ ...scenario, part: undefined }));
  return JSON.stringify({ ...document, scenarios: shown }).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

async function bundledViewer(): Promise<Viewer> {
  const folder = fileURLToPath(ownFile('src/report/page/viewer/'));
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: ['main.ts', 'main.css'],
    outdir: folder,
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    charset: 'utf8',
    target: TARGETS,
    legalComments: 'none',
    logLevel: 'silent',
    // Not the settings of this package, which it is published without, nor those of the user.
    tsconfigRaw: '{}',
  });
  const textOf = (end: string): string =>
    outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? '';
  return { script: textOf('.js'), styles: textOf('.css') };
}
