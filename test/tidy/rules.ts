// The rules of the house that a program can check, each a pure function from one file to what is wrong in it.
// Which folders may import which is data, in layers.ts.

import { Visitor, parseSync } from 'oxc-parser';
import type { Comment, ParseResult } from 'oxc-parser';
import { importsOf } from './imports.ts';

/** One file, its path relative to the root of the repository with forward slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What is wrong, as `path:line: sentence`. */
export type Finding = string;

const LINES_MAX = 400;
const COLUMNS_MAX = 110;
const OPENING_LINES_MAX = 4;
const VAGUE = /^(?:utils?|helpers?|common|managers?|misc)$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const TEST_FUNCTIONS = new Set(['test', 'it', 'describe', 'suite']);

/** Parses a file; a syntax error is the caller's mistake. */
export function parse(file: SourceFile): ParseResult {
  const result = parseSync(file.path, file.text, { lang: 'ts', sourceType: 'module' });
  const error = result.errors[0];
  if (error !== undefined) throw new SyntaxError(`${file.path}: ${error.message}`);
  return result;
}

/** Writes a finding at an offset of the file. */
export function findingAt(file: SourceFile, offset: number, sentence: string): Finding {
  return `${file.path}:${file.text.slice(0, offset).split('\n').length}: ${sentence}`;
}

/** A file ends at 400 lines, unless it is a table of data (`*-table.ts`). */
export function fileLength(file: SourceFile): Finding[] {
  const lines = file.text.replace(/\n$/, '').split('\n').length;
  if (lines <= LINES_MAX || file.path.endsWith('-table.ts')) return [];
  return [
    `${file.path}:${lines}: has ${lines} lines, more than ${LINES_MAX}: what does it own that it should not?`,
  ];
}

/** A line ends at 110 columns, unless it is a comment with an address that cannot be broken. */
export function lineLength(file: SourceFile): Finding[] {
  return file.text.split('\n').flatMap((line, index) => {
    const columns = Array.from(line).length;
    if (columns <= COLUMNS_MAX || /^\s*(?:\/\/|\*) \S*https?:\/\/\S+$/.test(line)) return [];
    return [`${file.path}:${index + 1}: has ${columns} columns, more than ${COLUMNS_MAX}`];
  });
}

/** Names of files and folders are kebab-case, and say what is in them. */
export function fileName(file: SourceFile): Finding[] {
  return file.path.split('/').flatMap((part) => {
    const parts = part.split('.').filter((piece) => piece !== '');
    if (!parts.every((piece) => KEBAB.test(piece))) return [`${file.path}:1: "${part}" is not in kebab-case`];
    const vague = parts.flatMap((piece) => piece.split('-')).find((word) => VAGUE.test(word));
    return vague === undefined ? [] : [`${file.path}:1: "${vague}" does not say what the file owns`];
  });
}

/** No default exports. */
export function defaultExports(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const add = (start: number): void => void findings.push(findingAt(file, start, 'has a default export'));
  new Visitor({
    ExportDefaultDeclaration: ({ start }) => add(start),
    ExportSpecifier: ({ exported, start }) => {
      if ((exported.type === 'Literal' ? exported.value : exported.name) === 'default') add(start);
    },
  }).visit(parse(file).program);
  return findings;
}

/** Only syntax that can be erased: no enums, no namespaces, no decorators. */
export function erasableSyntax(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  new Visitor({
    TSEnumDeclaration: (node) => void findings.push(findingAt(file, node.start, 'declares an enum')),
    TSModuleDeclaration: (node) => {
      if (node.id.type === 'Literal' || node.kind === 'global') return;
      findings.push(findingAt(file, node.start, 'declares a namespace'));
    },
    Decorator: (node) => void findings.push(findingAt(file, node.start, 'uses a decorator')),
  }).visit(parse(file).program);
  return findings;
}

/** A file opens with one to four lines: what it owns, and what it leaves to whom. */
export function openingComment(file: SourceFile): Finding[] {
  const { program, comments } = parse(file);
  const start = program.hashbang === null ? 0 : program.hashbang.end;
  const [first, ...rest] = comments.filter((comment) => comment.start >= start);
  if (first === undefined || file.text.slice(start, first.start).trim() !== '') {
    return [`${file.path}:1: does not open with a comment that says what the file owns`];
  }
  const lines = first.type === 'Block' ? linesWithWords(first) : adjacentLines(file, first, rest);
  if (lines >= 1 && lines <= OPENING_LINES_MAX) return [];
  return [`${file.path}:1: opens with a comment of ${lines} lines, expected 1 to ${OPENING_LINES_MAX}`];
}

function linesWithWords(comment: Comment): number {
  return comment.value.split('\n').filter((line) => /[^\s*]/.test(line)).length;
}

/** How many `//` comments follow each other without a blank line, from the first on. */
function adjacentLines(file: SourceFile, first: Comment, rest: readonly Comment[]): number {
  let [lines, end] = [/\S/.test(first.value) ? 1 : 0, first.end];
  for (const comment of rest) {
    if (comment.type !== 'Line' || !/^\n[ \t]*$/.test(file.text.slice(end, comment.start))) break;
    lines += 1;
    end = comment.end;
  }
  return lines;
}

/** No notes to do something later: it is done, or it is an issue. */
export function notesForLater(file: SourceFile): Finding[] {
  return parse(file).comments.flatMap((comment) => {
    const note = /\b(?:TODO|FIXME|XXX)\b/.exec(comment.value);
    return note === null ? [] : [findingAt(file, comment.start + 2 + note.index, `has a ${note[0]}`)];
  });
}

/** No barrels but the entry points: a file that only passes on what others export. */
export function barrels(file: SourceFile, entryPoints: readonly string[]): Finding[] {
  if (entryPoints.includes(file.path)) return [];
  const { body } = parse(file).program;
  const passesOn = body.every(
    (statement) =>
      statement.type === 'ExportAllDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' && statement.source !== null),
  );
  return passesOn && body.length > 0 ? [`${file.path}:1: only passes on what other files export`] : [];
}

/** The sources import each other by path: by the name of the package they would reach the build. */
export function ownPackage(file: SourceFile): Finding[] {
  return importsOf(file).flatMap(({ specifier, start }) =>
    /^wavetank(?:\/|$)/.test(specifier)
      ? [findingAt(file, start, `imports "${specifier}", not by path`)]
      : [],
  );
}

/** No test is left out without a reason, and none keeps the others from running. */
export function leftOutTests(file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  const add = (start: number, sentence: string): void => void findings.push(findingAt(file, start, sentence));
  new Visitor({
    CallExpression({ callee, arguments: given, start }) {
      const onTest = callee.type === 'Identifier' && TEST_FUNCTIONS.has(callee.name);
      if (onTest) leftOutByOption(given, add);
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      const { name } = callee.property;
      const owner = callee.object.type === 'Identifier' ? callee.object.name : '';
      if (TEST_FUNCTIONS.has(owner)) {
        leftOutByOption(given, add);
        if (name === 'only') add(start, `${owner}.only keeps the other tests from running`);
        if (name === 'skip' || name === 'todo') {
          add(start, `${owner}.${name} gives no reason: write { ${name}: 'the reason' }`);
        }
      } else if (
        /^(?:t|context|ctx)$/.test(owner) &&
        (name === 'skip' || name === 'todo') &&
        !isText(given[0])
      ) {
        add(start, `${owner}.${name}() gives no reason: write ${owner}.${name}('the reason')`);
      }
    },
  }).visit(parse(file).program);
  return findings;
}

interface Argument {
  type: string;
  start: number;
}

function isText(argument: Argument | undefined): boolean {
  if (argument?.type === 'TemplateLiteral') return true;
  return argument?.type === 'Literal' && 'value' in argument && typeof argument.value === 'string';
}

/** Finds `{ skip: true }`, `{ todo: true }` and any `only` in the options of a test. */
function leftOutByOption(given: readonly Argument[], add: (start: number, sentence: string) => void): void {
  for (const options of given) {
    if (options.type !== 'ObjectExpression' || !('properties' in options)) continue;
    for (const property of options.properties as readonly ParsedProperty[]) {
      const name = property.key?.name ?? '';
      if (property.value?.value !== true || !['only', 'skip', 'todo'].includes(name)) continue;
      add(property.start, name === 'only' ? 'only: true is left in' : `${name}: true gives no reason`);
    }
  }
}

interface ParsedProperty {
  start: number;
  key?: { name?: string };
  value?: { value?: unknown };
}
