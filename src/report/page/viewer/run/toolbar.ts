// The choices above the picture: story or everything, the run beside, filters, folding, colours.

import { element, replaceChildren, setAttribute } from '../element.ts';
import { KINDS } from './shown-entries.ts';
import type { Kind } from './shown-entries.ts';
import { themeSwitch } from './theme-switch.ts';
import { toggled } from './view-state.ts';
import type { ViewState } from './view-state.ts';

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  messages: 'messages',
  operations: 'operations of clients',
  faults: 'faults, crashes, boots',
  state: 'changes of state',
  logs: 'log lines',
  notes: 'markers and notes',
  timers: 'timers and other events',
  routine: 'opening and closing of connections',
};

/** What there is to choose from. */
export interface Choices {
  readonly names: readonly string[];
  readonly hasStory: boolean;
  /** What is different in the run beside; undefined if there is none. */
  readonly beside: string | undefined;
}

type Change = (changes: Partial<ViewState>) => void;

/** The toolbar. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly search: HTMLInputElement;
  readonly #modes: HTMLElement;
  readonly #status: HTMLElement;
  readonly #beside: HTMLButtonElement | undefined;
  readonly #fold: HTMLInputElement;
  readonly #filters: HTMLElement;
  readonly #choices: Choices;
  readonly #change: Change;
  #shown = '';

  constructor(choices: Choices, change: Change) {
    this.#choices = choices;
    this.#change = change;
    this.#modes = element('div', { class: 'segments', role: 'group', 'aria-label': 'How much is shown' });
    this.#status = element('p', { class: 'status' });
    this.#beside = besideButton(choices, change);
    this.search = element('input', {
      type: 'search',
      placeholder: 'Find …',
      'aria-label': 'Show only events that contain',
    });
    this.search.addEventListener('input', () => change({ text: this.search.value }));
    this.#fold = checkbox(true, (isFolded) => change({ isFolded, openedSilences: new Set() }));
    this.#filters = element('div', { class: 'filter-fields' });
    this.element = element(
      'div',
      { class: 'toolbar', role: 'group', 'aria-label': 'What is shown' },
      this.#modes,
      this.#beside,
      this.search,
      element('details', { class: 'filters' }, element('summary', {}, 'Filters'), this.#filters),
      element('label', { class: 'check' }, this.#fold, 'Fold silences'),
      this.#status,
      themeSwitch(),
    );
    for (const details of this.element.querySelectorAll('details')) closeOutside(details);
  }

  show(state: ViewState, status: string): void {
    this.#status.textContent = status;
    if (this.#beside !== undefined) setAttribute(this.#beside, 'aria-pressed', String(state.isBeside));
    this.#fold.checked = state.isFolded;
    if (this.search.value !== state.text) this.search.value = state.text;
    const key = JSON.stringify([state.isStory, [...state.hiddenHosts], [...state.hiddenKinds]]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#showModes(state);
    this.#showFilters(state);
  }

  #showModes({ isStory }: ViewState): void {
    const mode = (text: string, wanted: boolean, title: string): HTMLElement => {
      const attributes = { type: 'button', 'aria-pressed': String(isStory === wanted), title } as const;
      const button = element('button', { ...attributes, disabled: wanted && !this.#choices.hasStory }, text);
      button.addEventListener('click', () => {
        this.#change({ isStory: wanted, opened: [] });
        const again = [...this.#modes.children].find((child) => child.textContent === text);
        if (again instanceof HTMLElement) again.focus();
      });
      return button;
    };
    replaceChildren(
      this.#modes,
      mode('The story', true, 'The few events that the failure depends on'),
      mode('Everything', false, 'All events of the run'),
    );
  }

  #showFilters({ hiddenHosts, hiddenKinds }: ViewState): void {
    const focused = document.activeElement instanceof HTMLInputElement ? document.activeElement.name : '';
    const field = (
      name: string,
      text: string,
      isShown: boolean,
      set: (isShown: boolean) => void,
    ): HTMLElement => {
      const box = checkbox(isShown, set);
      box.name = name;
      return element('label', { class: 'check' }, box, element('bdi', {}, text));
    };
    const hosts = this.#choices.names.map((name) =>
      field(`host ${name}`, name, !hiddenHosts.has(name), (isShown) =>
        this.#change({ hiddenHosts: toggled(hiddenHosts, name, !isShown) }),
      ),
    );
    const kinds = KINDS.map((kind) =>
      field(`kind ${kind}`, KIND_NAMES[kind], !hiddenKinds.has(kind), (isShown) =>
        this.#change({ hiddenKinds: toggled(hiddenKinds, kind, !isShown) }),
      ),
    );
    replaceChildren(
      this.#filters,
      element('fieldset', {}, element('legend', {}, 'Hosts and clients'), ...hosts),
      element('fieldset', {}, element('legend', {}, 'Kinds'), ...kinds),
    );
    for (const box of this.#filters.querySelectorAll('input')) if (box.name === focused) box.focus();
  }
}

function besideButton({ beside }: Choices, change: Change): HTMLButtonElement | undefined {
  if (beside === undefined) return undefined;
  const button = element(
    'button',
    { type: 'button', class: 'beside', 'aria-pressed': 'false', title: beside },
    'Beside a run that passes',
  );
  button.addEventListener('click', () =>
    change({ isBeside: button.getAttribute('aria-pressed') !== 'true' }),
  );
  return button;
}

function checkbox(isChecked: boolean, set: (isChecked: boolean) => void): HTMLInputElement {
  const box = element('input', { type: 'checkbox' });
  box.checked = isChecked;
  box.addEventListener('change', () => set(box.checked));
  return box;
}

/** An open list closes with Escape, and when something else is used. */
function closeOutside(details: HTMLDetailsElement): void {
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary')?.focus();
  });
  details.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !details.contains(relatedTarget)) details.open = false;
  });
}
