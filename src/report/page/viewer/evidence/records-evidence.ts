// Records that break a promise, each with where it came from; and operations that do.

import type { OperationsEvidence, RecordsEvidence } from '../../../../history/evidence.ts';
import { describeOrigin } from '../../../../history/provenance.ts';
import { element, type Child } from '../element.ts';
import { durationText } from '../numbers.ts';
import { wordsOf } from '../words.ts';
import { linkToStep, type EvidenceContext } from './context.ts';

/** Says what the records are and who wrote them. */
export function recordsEvidence({ records }: RecordsEvidence): readonly Child[] {
  return [
    element(
      'ul',
      { class: 'records' },
      ...records.map(({ key, value, host, origin }) =>
        element(
          'li',
          {},
          element(
            'p',
            { class: 'record-key' },
            element('bdi', { class: 'mono' }, key),
            host !== undefined && element('span', { class: 'where' }, ' on ', element('bdi', {}, host)),
          ),
          value === undefined
            ? element('p', { class: 'missing' }, 'missing')
            : element('pre', { tabindex: 0 }, JSON.stringify(value, undefined, 2)),
          origin !== undefined &&
            element(
              'p',
              { class: 'where' },
              ...wordsOf(describeOrigin(origin)),
              ' ',
              linkToStep(origin.step),
            ),
        ),
      ),
    ),
  ];
}

/** Says which operations they are, in the order of time. */
export function operationsEvidence(
  { operations }: OperationsEvidence,
  context: EvidenceContext,
): readonly Child[] {
  const items = operations.map(({ operation, text }) => {
    const known = context.operation(operation);
    return element(
      'li',
      {},
      element('bdi', {}, text),
      known !== undefined &&
        element(
          'span',
          { class: 'where' },
          ' by ',
          element('bdi', {}, known.client),
          ` at ${durationText(known.invokedMs)}`,
        ),
      ' ',
      context.stepLink(operation),
    );
  });
  return [element('ol', { class: 'operations' }, ...items)];
}
