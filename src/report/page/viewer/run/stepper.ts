// Steps through a run: a slider over all moments that are shown, buttons, and what screen readers are told.

import { element, setAttribute } from '../element.ts';
import { shownText } from '../shown-text.ts';

/** What the buttons do. */
export interface StepperActions {
  toMoment(place: number): void;
  toViolation(): void;
  back(): void;
}

/** The slider with its buttons. */
export class Stepper {
  readonly element: HTMLElement;
  readonly #slider: HTMLInputElement;
  readonly #now: HTMLElement;
  readonly #live: HTMLElement;
  #place = 0;

  constructor(actions: StepperActions) {
    this.#slider = element('input', {
      type: 'range',
      min: 0,
      max: 0,
      step: 1,
      'aria-label': 'Moment of the run',
    });
    this.#slider.addEventListener('input', () => actions.toMoment(Number(this.#slider.value)));
    this.#now = element('output', { class: 'now' });
    this.#live = element('p', { class: 'unseen', 'aria-live': 'polite' });
    this.element = element(
      'div',
      { class: 'stepper', role: 'group', 'aria-label': 'Step through time' },
      button('‹', 'Previous event', () => actions.toMoment(this.#place - 1)),
      this.#slider,
      button('›', 'Next event', () => actions.toMoment(this.#place + 1)),
      this.#now,
      button('← Back to the cause', 'Back along the causes', () => actions.back(), 'wide'),
      button('The violation', 'Go to the violation', () => actions.toViolation(), 'wide'),
      this.#live,
    );
  }

  /** @param sentence - What happens at the moment, for those who cannot see it. */
  show(place: number, count: number, time: string, sentence: string): void {
    this.#place = place;
    this.#slider.max = String(Math.max(0, count - 1));
    this.#slider.value = String(place);
    setAttribute(this.#slider, 'aria-valuetext', sentence);
    this.#now.textContent = time;
  }

  /** Says something aloud. */
  announce(sentence: string): void {
    this.#live.textContent = shownText(sentence);
  }
}

function button(text: string, label: string, act: () => void, kind: string = 'quiet'): HTMLButtonElement {
  const made = element('button', { type: 'button', class: kind, title: label }, text);
  if (kind === 'quiet') setAttribute(made, 'aria-label', label);
  made.addEventListener('click', act);
  return made;
}
