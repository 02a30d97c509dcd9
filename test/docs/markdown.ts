// Reads markdown as far as the documentation tests need it: fenced code with its marker, links, headings.
// What is done with them is the business of the tests.

/** A document, its path relative to the root of the repository with forward slashes. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** What a snippet is expected to do; said by a comment before it. */
export type Expectation =
  /** Runs as a module. The default. */
  | { readonly kind: 'runs' }
  /** `<!-- snippet: file services/orders.ts -->`: is the file of that name, for the snippets beside it. */
  | { readonly kind: 'file'; readonly name: string }
  /** `<!-- snippet: fragment -->`: is a part of something, and only parses. */
  | { readonly kind: 'fragment' }
  /** `<!-- snippet: fails WT_INVARIANT -->`: ends with the error of this code. */
  | { readonly kind: 'fails'; readonly code: string }
  /** `<!-- snippet: printed -->`: no code, but what the snippet before it printed. */
  | { readonly kind: 'printed' };

/** A fenced block of code. */
export interface Snippet {
  readonly path: string;
  /** The line of its opening fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  readonly expectation: Expectation;
}

/** A link to another place, as it is written. */
export interface Link {
  readonly line: number;
  readonly target: string;
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*([\w-]*)/;
const MARKER = /^\s*<!-- snippet: (.+?) -->$/;

/** The fenced blocks of a document. @throws {SyntaxError} For a marker that nobody knows. */
export function snippetsOf({ path, text }: Document): Snippet[] {
  const lines = text.split('\n');
  const snippets: Snippet[] = [];
  for (let i = 0; i < lines.length; i++) {
    const [, indent = '', fence, language = ''] = FENCE.exec(lines[i] ?? '') ?? [];
    if (fence === undefined) continue;
    const end = lines.findIndex((line, at) => at > i && line.trim() === fence);
    if (end === -1) throw new SyntaxError(`${path}:${i + 1}: the code is not closed`);
    const code = lines.slice(i + 1, end).map((line) => line.slice(indent.length));
    const marker = lines.slice(0, i).findLast((line) => line.trim() !== '') ?? '';
    const expectation = expectationOf(`${path}:${i + 1}`, MARKER.exec(marker)?.[1]);
    snippets.push({ path, line: i + 1, language, code: `${code.join('\n')}\n`, expectation });
    i = end;
  }
  return snippets;
}

function expectationOf(place: string, marker: string | undefined): Expectation {
  if (marker === undefined) return { kind: 'runs' };
  if (marker === 'fragment' || marker === 'printed') return { kind: marker };
  const code = /^fails (WT_[A-Z_]+)$/.exec(marker)?.[1];
  if (code !== undefined) return { kind: 'fails', code };
  const name = /^file ([\w./-]+\.ts)$/.exec(marker)?.[1];
  if (name !== undefined) return { kind: 'file', name };
  throw new SyntaxError(
    `${place}: unknown marker "${marker}": expected \`fragment\`, \`file ...\`, ` +
      '`fails WT_...` or `printed`',
  );
}

/** The links of a document outside of code. */
export function linksOf(document: Document): Link[] {
  return proseOf(document).flatMap((text, i) =>
    [...text.matchAll(/\[(?:[^\]]*)\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)/g)].map((match) => ({
      line: i + 1,
      target: match[1] ?? match[2] ?? '',
    })),
  );
}

/** The anchors under which GitHub shows the headings of a document. */
export function anchorsOf(document: Document): string[] {
  return proseOf(document)
    .flatMap((line) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? [])
    .map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

/** What stands between backticks, outside of blocks. */
export function codeWordsOf(document: Document): { line: number; word: string }[] {
  return proseOf(document).flatMap((text, i) =>
    [...text.matchAll(/`([^`]+)`/g)].map((match) => ({ line: i + 1, word: match[1] ?? '' })),
  );
}

/** The lines of a document, those of code blocks left empty. */
function proseOf({ text }: Document): string[] {
  let fence: string | undefined;
  return text.split('\n').map((line) => {
    const opened = FENCE.exec(line)?.[2];
    if (fence === undefined && opened === undefined) return line;
    if (fence === undefined) fence = opened;
    else if (line.trim() === fence) fence = undefined;
    return '';
  });
}
