// Makes two copies of the built package: one as it is, and one in which the hooks of recording are compiled
// out. They differ in nothing else, so what lies between their speeds is what the hooks cost.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Below the repository, so that both find the packages that it has. */
const copies = join(root, '.wavetank', 'bench-tracing');

/** The optional calls that only a recorded run makes. Each must be found somewhere. */
const HOOKS: readonly string[] = [
  'onQueued',
  'onStep',
  'onRecord',
  'onEntry',
  'onLost',
  'observer.sent',
  'arrived',
  'noted',
  'printed',
  'states?.settled',
  'recorder?.add',
  'watch?.begins',
  'watch?.acts',
  'watch?.lasts',
  'watch?.begun',
  'watch?.ends',
];

/** The folders of the copies. Each has the package and the checkout example, which imports it by its name. */
export interface Copies {
  readonly withHooks: string;
  readonly without: string;
  remove(): void;
}

/** @throws {Error} If a hook is nowhere: then it has another name by now. */
export function makeCopies(): Copies {
  const [withHooks, without] = ['with', 'without'].map((name) => join(copies, name)) as [string, string];
  rmSync(copies, { recursive: true, force: true });
  for (const folder of [withHooks, without]) {
    for (const part of ['package.json', 'dist', 'examples/checkout'])
      cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  const missing = new Set(HOOKS);
  const dist = join(without, 'dist');
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.mjs')) continue;
    const path = join(dist, file);
    const code = readFileSync(path, 'utf8');
    const stripped = HOOKS.reduce((text, hook) => withoutCalls(text, hook, missing), code);
    if (stripped !== code) writeFileSync(path, stripped);
  }
  if (missing.size > 0) throw new Error(`No calls of ${[...missing].join(', ')}: see HOOKS.`);
  return { withHooks, without, remove: () => rmSync(copies, { recursive: true, force: true }) };
}

/** Puts `undefined` in the place of each optional call: without an observer it is nothing else. */
function withoutCalls(code: string, hook: string, missing: Set<string>): string {
  const call = new RegExp(
    `[\\w#$.]*\\b${hook.replaceAll(/[?.]/g, '\\$&')}${hook.includes('?') ? '' : '\\?\\.'}\\(`,
  );
  let text = code;
  for (let found = call.exec(text); found !== null; found = call.exec(text)) {
    missing.delete(hook);
    const end = endOfCall(text, found.index + found[0].length);
    text = `${text.slice(0, found.index)}undefined${text.slice(end)}`;
  }
  return text;
}

/** The place behind the parenthesis that closes one which was opened. */
function endOfCall(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (`'"\``.includes(character)) quote = character;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return at + 1;
  }
  throw new Error('A call has no end.');
}
