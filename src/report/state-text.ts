// Changes of state in words: where, and to what.

import type { Patch } from '../history/journal.ts';
import { ANSWERS_STORE, type StateEntry } from '../history/trace.ts';
import { mentions } from './slice/identifiers.ts';
import { cutEnd, widthOf } from './text-width.ts';
import { visibleText } from './visible-text.ts';

const VALUE_MAX = 100;
const NODES_MAX = 200;
const CHANGES_MAX = 3;
/** So much is shown before what matters, in a text that is cut. */
const LEAD = 8;

/**
 * What a host keeps differently now, in a few words each: `charges[1] = "o-1"`.
 *
 * @param names - What the violation names: of many changes those are told that have it, and of a long value
 *   the part that has it.
 */
export function changeTexts(
  { patches, store }: Pick<StateEntry, 'patches' | 'store'>,
  names: readonly string[],
): string[] {
  if (patches.length === 0) return [`${store} is as before`];
  const isNamed = ({ path, value }: Patch): boolean =>
    names.some((name) => mentions(path.join(' '), name) || mentions(jsonOf(value), name));
  const byWorth = [...patches.filter(isNamed), ...patches.filter((patch) => !isNamed(patch))];
  const kept = new Set(patches.length <= CHANGES_MAX ? patches : byWorth.slice(0, CHANGES_MAX));
  const texts = patches.filter((patch) => kept.has(patch)).map((patch) => changeText(store, patch, names));
  const more = patches.length - texts.length;
  return texts.map((text, i) => (more > 0 && i === texts.length - 1 ? `${text}, and ${more} more` : text));
}

function changeText(store: string, { op, path, value }: Patch, names: readonly string[]): string {
  const place = placeText(store, path);
  return op === 'remove' ? `${place} is gone` : `${place} = ${shortJson(value, VALUE_MAX, names)}`;
}

/** A place in what a host keeps, as code would say it: `orders["o-1"].state`. */
export function placeText(store: string, path: Patch['path']): string {
  const keys = store === 'exports' || store === ANSWERS_STORE ? path : [store, ...path];
  if (keys.length === 0) return store;
  return keys
    .map((key, i) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key)) return i === 0 ? key : `[${JSON.stringify(key)}]`;
      return i === 0 ? key : `.${key}`;
    })
    .join('');
}

/**
 * A value about as JSON has it, in one line of so many columns; what JSON cannot show by its name.
 *
 * @param names - What is not to be cut off.
 */
export function shortJson(value: unknown, columns: number, names: readonly string[] = []): string {
  const text = jsonText(value);
  return cutAround(text, columns, firstOf(names, text) ?? 0);
}

/**
 * What was and what is, in so many columns together. Where that is too little, what is named is kept, or
 * where they differ first.
 */
export function changedJson(
  { before, after }: { readonly before: unknown; readonly after: unknown },
  columns: number,
  names: readonly string[],
): [before: string, after: string] {
  const [old, text] = [jsonText(before), jsonText(after)];
  if (widthOf(old) + widthOf(text) <= columns) return [old, text];
  let same = 0;
  while (same < old.length && old[same] === text[same]) same++;
  const shown = cutAround(old, Math.floor(columns / 2), same);
  return [shown, cutAround(text, columns - widthOf(shown), firstOf(names, text, same) ?? same)];
}

/** Where the first of some names is in a text. */
function firstOf(names: readonly string[], text: string, from = 0): number | undefined {
  return names.map((name) => text.indexOf(name, from)).find((at) => at >= 0);
}

/** A text without its end, and without what is long before a place that matters. */
function cutAround(text: string, columns: number, at: number): string {
  if (widthOf(text) <= columns || at < columns / 2) return cutEnd(text, columns);
  const from = Math.max(0, Math.min(at - LEAD, text.length - columns + 1));
  const isHalf = /[\uDC00-\uDFFF]/.test(text[from] ?? '');
  return cutEnd(`…${text.slice(isHalf ? from + 1 : from)}`, columns);
}

function jsonText(value: unknown): string {
  // A quoted key that needs no quotes; in a text, quotes are escaped.
  const text = jsonOf(value).replace(
    /(,?)"([A-Za-z_$][\w$]*)":/g,
    (_, comma: string, key: string) => `${comma === '' ? '' : ', '}${key}: `,
  );
  return visibleText(text);
}

function jsonOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  let nodes = 0;
  try {
    const text = JSON.stringify(value, (_, each: unknown) => {
      if (nodes++ > NODES_MAX) return '…';
      if (each instanceof Set) return [...each].slice(0, NODES_MAX);
      if (each instanceof Map)
        return Object.fromEntries([...each].slice(0, NODES_MAX) as [string, unknown][]);
      return typeof each === 'bigint' ? String(each) : each;
    }) as string | undefined;
    return text ?? typeof value;
  } catch {
    return typeof value;
  }
}
