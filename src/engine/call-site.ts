// Finds the place in the user's code that called: for replay lines, and for "where was this scheduled".

import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A frame of a stack as `file:line:column`; the file may be a URL. */
const FRAME = /\(?((?:file:\/\/)?[^()\s][^()]*?):(\d+):(\d+)\)?$/;

const ownFile = framesOf(new Error('here').stack)[0]?.file ?? '';
const ownFolder = ownFolderOf(ownFile);

/** The folder of wavetank's own code: `src` in a checkout, `dist` in a package. */
function ownFolderOf(file: string): string {
  return /^(.*[\\/](?:src|dist)[\\/])/.exec(file)?.[1] ?? file;
}

interface Frame {
  readonly file: string;
  readonly line: string;
  readonly column: string;
}

function framesOf(stack: string | undefined): Frame[] {
  const frames: Frame[] = [];
  for (const text of (stack ?? '').split('\n').slice(1)) {
    const match = FRAME.exec(
      text
        .trim()
        .replace(/^at (?:async )?/, '')
        .replace(/^.*\(/, '('),
    );
    if (match === null) continue;
    const [, file = '', line = '', column = ''] = match;
    frames.push({ file: file.startsWith('file://') ? fileURLToPath(file) : file, line, column });
  }
  return frames;
}

function isForeign({ file }: Frame): boolean {
  return !file.startsWith('node:') && !file.startsWith(ownFolder) && file !== 'wavetank-guard';
}

/** An error for people: what it says, what caused it, and where in their code it came from. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  // One frame each, below a headline that does not count.
  const isForeignLine = (line: string): boolean => framesOf(`\n${line}`).some(isForeign);
  return [headline(error), ...lines.filter(isForeignLine)].join('\n');
}

function headline(error: Error): string {
  const { name, message, cause } = error;
  const said = message === '' ? name : `${name}: ${message}`;
  return cause instanceof Error ? `${said} (${cause.message})` : said;
}

function callerFrame(): Frame | undefined {
  return framesOf(longStack()).find(isForeign);
}

/** Where code is, for people. */
export interface CallSite {
  /** `file:line:column` of the innermost frame outside of wavetank and Node.js. */
  readonly site: string;
  /** The innermost frame that is in no package, when `site` is in one. */
  readonly caller?: string;
}

/** The place in the user's code that a stack leads through; undefined where all of it is Node.js'. */
export function userSiteOf(stack: string | undefined, folder: string): CallSite | undefined {
  const frames = framesOf(stack).filter(isForeign);
  const [first] = frames;
  if (first === undefined) return undefined;
  const isInPackage = ({ file }: Frame): boolean => /[\\/]node_modules[\\/]/.test(file);
  const own = isInPackage(first) ? frames.find((frame) => !isInPackage(frame)) : undefined;
  const site = placeOf(first, folder);
  return own === undefined ? { site } : { site, caller: placeOf(own, folder) };
}

function placeOf({ file, line, column }: Frame, folder: string): string {
  const path = file.startsWith(folder + sep) ? relative(folder, file).replaceAll(sep, '/') : file;
  return `${path}:${line}:${column}`;
}

/** The stack of the code that calls, long enough to lead out of packages. */
export function longStack(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const stack: unknown = new Error('where').stack;
  Error.stackTraceLimit = stackTraceLimit;
  // Code under test may have an `Error.prepareStackTrace` of its own.
  return typeof stack === 'string' ? stack : undefined;
}

/** The file of the code that called into wavetank. */
export function callerFile(): string | undefined {
  return callerFrame()?.file;
}

/** The frames of the user's code that led into wavetank, as lines of a stack. */
export function callerLines(): string[] {
  const lines = (longStack() ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return lines.filter((line) => framesOf(`\n${line}`).some(isForeign));
}

/** The file and the line of the code that called into wavetank. */
export function callerLine(): { readonly file: string; readonly line: number } | undefined {
  const frame = callerFrame();
  return frame === undefined ? undefined : { file: frame.file, line: Number(frame.line) };
}

/**
 * Sites by the place before source maps, which take long to apply: code schedules from few places, many
 * times.
 */
const sites = new Map<string, string | undefined>();
const ownRawFolder = ownFolderOf(rawFrames()[0]?.getFileName() ?? '');

/** Files in it are named from here, as people do. Asked for before any host has a folder of its own. */
const workingFolder = process.cwd();

/** `file:line:column` of the code that called into wavetank; its file from the working directory. */
export function callerSite(): string | undefined {
  const raw = rawFrames().find((frame) => isForeignRaw(frame.getFileName()));
  if (raw === undefined) return undefined;
  const place = `${raw.getFileName()}:${raw.getLineNumber()}:${raw.getColumnNumber()}`;
  if (!sites.has(place)) {
    const frame = callerFrame();
    sites.set(place, frame === undefined ? undefined : placeOf(frame, workingFolder));
  }
  return sites.get(place);
}

/** Where the code that called into wavetank is, before source maps; the file may be a URL. */
export function rawCallerPlace(): { file: string; line: number; column: number } | undefined {
  const raw = rawFrames().find((frame) => isForeignRaw(frame.getFileName()));
  const [file, line, column] = [raw?.getFileName(), raw?.getLineNumber(), raw?.getColumnNumber()];
  return file == null || line == null || column == null ? undefined : { file, line, column };
}

function rawFrames(): NodeJS.CallSite[] {
  const { stackTraceLimit } = Error;
  const prepare = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  Error.prepareStackTrace = (_, frames) => frames;
  Error.stackTraceLimit = 50;
  const frames = new Error('where').stack as unknown as NodeJS.CallSite[];
  Error.stackTraceLimit = stackTraceLimit;
  if (prepare === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
  else Object.defineProperty(Error, 'prepareStackTrace', prepare);
  return frames;
}

function isForeignRaw(file: string | null | undefined): boolean {
  if (file == null || file === 'wavetank-guard') return false;
  return !file.startsWith('node:') && !file.startsWith(ownRawFolder);
}
