// The state of every host after a step, with what changed in it.

import { element } from '../element.ts';
import { jsonLine } from './short-text.ts';
import type { ChangedPart, StoreState } from './state-replay.ts';

/** Parts of a store that are listed; of more, only so many. */
const LISTED_MAX = 60;

/** What changed in a step, before and after. */
export function changesTable(stores: readonly StoreState[]): HTMLElement | undefined {
  const rows = stores.flatMap(({ host, store, changed }) =>
    changed.slice(0, LISTED_MAX).map((part) => changeRow(`${host} · ${store}`, part)),
  );
  if (rows.length === 0) return undefined;
  return element(
    'table',
    { class: 'changes' },
    element('caption', {}, 'What changed'),
    element(
      'thead',
      {},
      element('tr', {}, ...['Where', 'Before', 'After'].map((text) => element('th', { scope: 'col' }, text))),
    ),
    element('tbody', {}, ...rows),
  );
}

function changeRow(where: string, { path, before, after }: ChangedPart): HTMLElement {
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      element('span', { class: 'quiet-text' }, element('bdi', {}, where)),
      element('br'),
      element('bdi', {}, path.join(' › ') || 'all of it'),
    ),
    element('td', { class: 'before' }, element('bdi', {}, valueText(before))),
    element('td', { class: 'after' }, element('bdi', {}, valueText(after))),
  );
}

/** Every host with its stores; open where something changed. */
export function statePanel(
  hosts: readonly { readonly name: string; readonly condition: string }[],
  stores: readonly StoreState[],
): HTMLElement {
  return element(
    'div',
    { class: 'states' },
    ...hosts.map(({ name, condition }) => {
      const own = stores.filter(({ host }) => host === name);
      const isChanged = own.some(({ changed }) => changed.length > 0);
      return element(
        'details',
        { class: `state${isChanged ? ' is-changed' : ''}`, open: isChanged },
        element(
          'summary',
          {},
          element('bdi', {}, name),
          condition !== '' && element('span', { class: 'condition' }, condition),
          element(
            'span',
            { class: 'quiet-text' },
            isChanged ? 'changed' : own.length === 0 ? 'keeps nothing' : '',
          ),
        ),
        ...own.map(storeList),
      );
    }),
  );
}

function storeList({ store, value, changed }: StoreState): HTMLElement {
  const parts = partsOf(value);
  const changedKeys = new Set(changed.map(({ path }) => String(path[0] ?? '')));
  const items = parts.slice(0, LISTED_MAX).map(([key, part]) => {
    const isChanged = changedKeys.has(key) || (changedKeys.has('') && changed.length > 0);
    return element(
      'div',
      { class: isChanged ? 'part is-changed' : 'part' },
      key !== '' && element('dt', {}, element('bdi', {}, key)),
      element(
        'dd',
        {},
        element('bdi', {}, valueText(part)),
        isChanged && element('span', { class: 'flag' }, 'changed'),
      ),
    );
  });
  const rest = parts.length - LISTED_MAX;
  return element(
    'section',
    { class: 'store' },
    element('h5', {}, element('bdi', {}, store)),
    items.length === 0 ? element('p', { class: 'quiet-text' }, 'empty') : element('dl', {}, ...items),
    rest > 0 && element('p', { class: 'quiet-text' }, `... and ${rest.toLocaleString('en-US')} more`),
  );
}

function partsOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [['', value]];
  return Object.entries(value);
}

function valueText(value: unknown): string {
  return value === undefined ? '–' : jsonLine(value, 400);
}
