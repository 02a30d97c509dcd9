// What pictures of evidence know of the run: its operations, and where they stand in the trace.

import type { RunReport } from '../../../document.ts';
import type { Operation } from '../../../../history/operation.ts';
import { element } from '../element.ts';
import { hashOfStep } from '../place.ts';

/** The run around a piece of evidence. */
export interface EvidenceContext {
  readonly history: readonly Operation[];
  operation(id: number): Operation | undefined;
  /** A link to the step at which an operation began; nothing where the trace does not say. */
  stepLink(operation: number): HTMLElement | undefined;
}

/** Looks into a run. */
export function contextOf({ history, trace }: RunReport): EvidenceContext {
  const byId = new Map(history.map((operation) => [operation.id, operation]));
  const steps = new Map<number, number>();
  for (const entry of trace) {
    if (entry.kind === 'operation' && entry.type === 'invoke') steps.set(entry.id, entry.step);
  }
  return {
    history,
    operation: (id) => byId.get(id),
    stepLink: (id) => linkToStep(steps.get(id)),
  };
}

/** A link to a step of the run. */
export function linkToStep(step: number | undefined): HTMLElement | undefined {
  if (step === undefined) return undefined;
  return element('a', { class: 'step-link', href: hashOfStep(step) }, `step ${step}`);
}

/** A text cut to about so many pixels of small type; the whole of it is told in a title. */
export function clipped(text: string, width: number): string {
  const count = Math.floor(width / 6.4);
  const letters = Array.from(text.replace(/\s+/g, ' '));
  if (letters.length <= count) return letters.join('');
  return count < 2 ? '' : `${letters.slice(0, count - 1).join('')}…`;
}
