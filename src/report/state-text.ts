// Changes of state in words: where, and to what.

import type { Patch } from '../history/journal.ts';
import { ANSWERS_STORE, type StateEntry } from '../history/trace.ts';
import { cutEnd } from './text-width.ts';
import { visibleText } from './visible-text.ts';

const VALUE_MAX = 60;
const NODES_MAX = 200;

/** What a host keeps differently now, in a few words: `charges[1] = "o-1", and 2 more`. */
export function changesText({ patches, store }: Pick<StateEntry, 'patches' | 'store'>): string {
  const [first, ...rest] = patches;
  if (first === undefined) return `${store} is as before`;
  const more = rest.length === 0 ? '' : `, and ${rest.length} more`;
  const place = placeText(store, first.path);
  const text = first.op === 'remove' ? `${place} is gone` : `${place} = ${shortJson(first.value, VALUE_MAX)}`;
  return text + more;
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

/** A value about as JSON has it, in one line of so many columns; what JSON cannot show by its name. */
export function shortJson(value: unknown, columns: number): string {
  // A quoted key that needs no quotes; in a text, quotes are escaped.
  const text = jsonOf(value).replace(
    /(,?)"([A-Za-z_$][\w$]*)":/g,
    (_, comma: string, key: string) => `${comma === '' ? '' : ', '}${key}: `,
  );
  return cutEnd(visibleText(text), columns);
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
