// The reporter `html`: one page with everything, which opens from disk and needs no network.

import type { ReportDocument } from '../document.ts';
import type { Reporter, ReporterTools } from './reporter.ts';

/** Writes the page when everything is over. */
export function htmlReporter({ output }: ReporterTools): Reporter {
  return { end: (document) => output.print(pageText(document)) };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The page of a document. */
export function pageText(document: ReportDocument): string {
  const text = JSON.stringify(document, null, 1).replace(/[&<>]/g, (character) => ENTITIES[character] ?? '');
  return `<!doctype html><meta charset="utf-8"><title>wavetank</title><pre>${text}</pre>\n`;
}
