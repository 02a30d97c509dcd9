// Shows the run of a failure: builds the parts, lets the keyboard move through them, follows the address.

import type { FailureReport } from '../../../document.ts';
import { element } from '../element.ts';
import { placeIn } from '../place.ts';
import { RunView } from './run-view.ts';

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['↓ ↑', 'next and previous event'],
  ['←', 'back to the cause'],
  ['→', 'on to what followed'],
  ['F, Shift+F', 'next and previous fault'],
  ['V', 'the violation'],
  ['Home, End', 'first and last event'],
  ['Enter', 'the step in full'],
  ['/', 'find'],
];

/** Shows the run of a failure in a container, which must be in the document, or soon be. */
export function mountRun(container: HTMLElement, failure: FailureReport): void {
  const view = new RunView(failure);
  const { toolbar, stepper, picture, details, list } = view;
  container.classList.add('run-view');
  container.append(
    toolbar.element,
    stepper.element,
    element('div', { class: 'run-panes' }, picture.element, details.element),
    keyHelp(),
    element(
      'section',
      { class: 'list-section', 'aria-labelledby': 'events-heading' },
      element('h3', { id: 'events-heading' }, 'The same as a list'),
      list.element,
    ),
  );
  picture.element.addEventListener('keydown', (event) => pressed(event, view));
  details.element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') picture.element.focus();
  });
  onceWide(picture.element, view);
  follow(container, view);
}

/** Starts when there is a width to lay out for, and lays out anew when it changes. */
function onceWide(target: HTMLElement, view: RunView): void {
  let width = 0;
  new ResizeObserver(() => {
    const { clientWidth } = target;
    if (clientWidth === 0 || Math.abs(clientWidth - width) < 4) return;
    const isFirst = width === 0;
    width = clientWidth;
    if (isFirst) view.start();
    else view.resized();
  }).observe(target);
}

function follow(container: HTMLElement, view: RunView): void {
  const listening = new AbortController();
  const { signal } = listening;
  const whileShown = (act: () => void) => (): void => {
    if (container.isConnected) act();
    else listening.abort();
  };
  addEventListener(
    'hashchange',
    whileShown(() => {
      const { step } = placeIn(location.hash);
      if (step !== undefined) view.select({ pane: 0, step });
    }),
    { signal },
  );
  addEventListener(
    'beforeprint',
    whileShown(() => view.print(true)),
    { signal },
  );
  addEventListener(
    'afterprint',
    whileShown(() => view.print(false)),
    { signal },
  );
}

function pressed(event: KeyboardEvent, view: RunView): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = actionOf(event, view);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

function actionOf({ key, shiftKey }: KeyboardEvent, view: RunView): (() => void) | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return () => view.move(1);
    case 'ArrowUp':
    case 'k':
      return () => view.move(-1);
    case 'ArrowLeft':
      return () => view.back();
    case 'ArrowRight':
      return () => view.forward();
    case 'Home':
      return () => view.toMoment(0);
    case 'End':
      return () => view.toMoment(Infinity);
    case 'f':
    case 'F':
      return () => view.toFault(shiftKey ? -1 : 1);
    case 'v':
    case 'V':
      return () => view.toViolation();
    case 'Enter':
      return () => view.details.element.focus();
    case '/':
      return () => view.toolbar.search.focus();
    default:
      return undefined;
  }
}

function keyHelp(): HTMLElement {
  return element(
    'p',
    { class: 'key-help', id: 'run-keys' },
    'In the picture: ',
    ...KEYS.map(([keys, does]) => element('span', { class: 'key' }, element('kbd', {}, keys), ` ${does} `)),
  );
}
