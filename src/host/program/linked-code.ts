// Turns the ES module that esbuild made of a program into the body of a function: its imports become
// look-ups, its exports getters. The statements are generated, so they are regular; each keeps its lines.

import { parse, type Import, type StaticImport } from 'es-module-lexer';
import { InternalError } from '../../errors.ts';
import { replaced, type Replacement } from './module-form.ts';

/** The parameters of the function: what links it to an incarnation, and the `import.meta` of its modules. */
export const LINK = '__wavetank';
export const META = '__wavetank_meta';

/** A program as the body of a function. */
export interface LinkedCode {
  /** Begins with a line of its own, so that line 1 of the module is line 2. */
  readonly body: string;
  /** What it imports when it is evaluated, in this order. */
  readonly imported: readonly string[];
  /** What it may import later. */
  readonly importedLater: readonly string[];
}

/** Makes the body of a function out of a module. */
export function linkCode(code: string, hasTopLevelAwait: boolean): LinkedCode {
  const [imports, exports] = parse(code);
  const statements = imports.filter((each): each is StaticImport => each.type === 'static');
  const stars = imports.filter((each) => each.type === 'reexport-star');
  const later = imports.filter((each) => each.type === 'dynamic');
  const direct = exports.filter((each) => each.type === 'direct');
  const pieces: Replacement[] = [
    ...[...statements, ...stars].map(({ importStart, importEnd }) => blank(code, importStart, importEnd)),
    ...later.map(({ importStart }) => ({
      start: importStart,
      end: importStart + 'import'.length,
      text: `${LINK}.import`,
    })),
  ];
  let getters = '';
  const seen = new Set<number>();
  for (const { name, localName, exportStart } of direct) {
    if (localName !== undefined) getters += `${JSON.stringify(name)}: () => ${localName}, `;
    if (seen.has(exportStart)) continue;
    seen.add(exportStart);
    pieces.push(linkExport(code, exportStart, localName === undefined));
  }
  pieces.sort((left, right) => left.start - right.start);
  // As in Node.js, imports are there before the first statement of any module.
  const start = [
    `${LINK}.exports({ ${getters}});`,
    ...statements.map((each) => linkImport(code, each)),
    ...stars.map(({ specifier }) => `${LINK}.exportAll(${JSON.stringify(specifier)});`),
  ].join(' ');
  const linked = replaced(code.replace(/^#!/, '//'), pieces);
  const body = hasTopLevelAwait
    ? `"use strict"; return (async () => { ${start}\n${linked}\n})();`
    : `"use strict"; ${start}\n${linked}`;
  return {
    body,
    imported: [...statements, ...stars].toSorted(byPlace).map(({ specifier }) => specifier ?? ''),
    importedLater: later.flatMap(({ specifier }) => (typeof specifier === 'string' ? [specifier] : [])),
  };
}

function byPlace(left: Import, right: Import): number {
  return left.importStart - right.importStart;
}

/** `import a, { b as c } from "x"` becomes `const { default: a, b: c } = link.names("x", [...])`. */
function linkImport(code: string, { importStart, start, specifier }: StaticImport): string {
  const clause = code
    .slice(importStart + 'import'.length, start - 1)
    .replace(/\bfrom\s*$/, '')
    .trim();
  const from = JSON.stringify(specifier);
  const [, first = '', rest = ''] = /^([^{*,]*),?\s*([\s\S]*)$/.exec(clause) ?? [];
  const names: [imported: string, local: string][] = first.trim() === '' ? [] : [['default', first.trim()]];
  const star = /^\*\s*as\s+(\S+)/.exec(rest)?.[1];
  if (star === undefined) {
    for (const part of rest.replace(/^\{|\}$/g, '').split(',')) {
      const [imported = '', local = imported] = part.trim().split(/\s+as\s+/);
      if (imported !== '') names.push([imported, local]);
    }
  }
  const quoted = names.map(([imported]) => (imported.startsWith('"') ? imported : JSON.stringify(imported)));
  const taken = names.map(([, local], i) => `${quoted[i]}: ${local}`);
  return [
    names.length === 0 && star !== undefined
      ? ''
      : `const { ${taken.join(', ')} } = ${LINK}.names(${from}, [${quoted.join(', ')}]);`,
    star === undefined ? '' : `const ${star} = ${LINK}.namespace(${from});`,
  ].join(' ');
}

/** `export { a as b };` is said by the getters; `export default x;` is evaluated. */
function linkExport(code: string, start: number, isExpression: boolean): Replacement {
  const match = (isExpression ? /^export\s+default\b/ : /^export\s*\{[^}]*\}/).exec(code.slice(start));
  if (match === null) throw new InternalError('The bundle of a program has an export of an unknown form.');
  const end = start + match[0].length;
  return isExpression ? { start, end, text: `${LINK}.value =` } : blank(code, start, end);
}

/** Nothing, on as many lines. */
function blank(code: string, start: number, end: number): Replacement {
  const lines = code.slice(start, end).split('\n').length - 1;
  return { start, end, text: '\n'.repeat(lines) };
}
