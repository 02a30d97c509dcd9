// The requests that broke a service level: how long each waited, and what came of it.

import type { RequestsEvidence } from '../../../../history/evidence.ts';
import { durationText } from '../numbers.ts';
import { element, type Child } from '../element.ts';

type Request = RequestsEvidence['requests'][number];

/** Says which requests they are, the worst first. */
export function requestsEvidence({ requests }: RequestsEvidence): readonly Child[] {
  return [element('ol', { class: 'operations' }, ...requests.map(requestItem))];
}

function requestItem({ name, from, to, nth, sentMs, waitedMs, end, status }: Request): HTMLElement {
  const parties = to === '' ? from : `${from} → ${to}`;
  const came = end === 'answered' && status !== undefined ? `answered ${status}` : end;
  return element(
    'li',
    {},
    element('bdi', {}, nth > 1 ? `${name} #${nth}` : name),
    element('span', { class: 'where' }, ' ', element('bdi', {}, parties), ` at ${durationText(sentMs)}`),
    `: ${came} after ${durationText(waitedMs)}`,
  );
}
