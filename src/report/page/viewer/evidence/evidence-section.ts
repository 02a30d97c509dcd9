// What shows that the promise of a check was broken, in a picture where there is one to draw.

import type { Evidence } from '../../../../history/evidence.ts';
import type { FailureReport } from '../../../document.ts';
import { element, type Child } from '../element.ts';
import { contextOf, type EvidenceContext } from './context.ts';
import { cycleEvidence } from './cycle-evidence.ts';
import { orderEvidence } from './order-evidence.ts';
import { operationsEvidence, recordsEvidence } from './records-evidence.ts';
import { requestsEvidence } from './requests-evidence.ts';

/** Builds the section; nothing for a failure without evidence. */
export function evidenceSection({ evidence, run }: FailureReport): HTMLElement | undefined {
  if (evidence === undefined) return undefined;
  return element(
    'section',
    { class: `evidence evidence-${evidence.kind}`, 'aria-labelledby': 'evidence-heading' },
    element('h2', { id: 'evidence-heading' }, 'The evidence'),
    ...pictureOf(evidence, contextOf(run)),
  );
}

function pictureOf(evidence: Evidence, context: EvidenceContext): readonly Child[] {
  switch (evidence.kind) {
    case 'order':
      return orderEvidence(evidence, context);
    case 'cycle':
      return cycleEvidence(evidence, context);
    case 'records':
      return recordsEvidence(evidence);
    case 'requests':
      return requestsEvidence(evidence);
    default:
      return operationsEvidence(evidence, context);
  }
}
