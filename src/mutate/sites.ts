// Where a run can be altered: found from what an unaltered run noted, and put into families, so that every
// service, every sort of effect and every kind of record is tried.

import type { Operation } from '../history/operation.ts';
import { familyOf, type Alteration, type OperationAlteration } from './alteration.ts';
import { requestKey, type KeptAnswer, type KeptAnswers, type NotedRequest } from './altered-answers.ts';
import type { NotedCall } from './altered-disks.ts';
import { otherBefore } from './altered-history.ts';

/** What an unaltered run noted. */
export interface Noted {
  readonly requests: readonly NotedRequest[];
  readonly calls: readonly NotedCall[];
  readonly operations: readonly Operation[];
}

/** Methods that have no effect (RFC 9110). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Of how many requests of a sort the answers are kept. */
const KEPT_MAX = 200;

/** The alterations that are possible, by family, in the order in which they would be met. */
export function sitesOf(noted: Noted, answers: KeptAnswers): Map<string, Alteration[]> {
  const families = new Map<string, Alteration[]>();
  for (const alteration of [
    ...effects(noted, answers),
    ...writes(noted),
    ...exchanged(noted, answers),
    ...reads(noted),
    ...observations(noted),
  ]) {
    const family = familyOf(alteration);
    const known = families.get(family);
    if (known === undefined) families.set(family, [alteration]);
    else known.push(alteration);
  }
  return families;
}

/** The requests whose answers have to be known before their sites are. */
export function requestsToKeep({ requests }: Noted): Set<string> {
  const lists = [...alike(requests).values()].map((list) => list.slice(0, KEPT_MAX));
  return new Set(lists.flat().map((each) => requestKey(each.host, each)));
}

/** Requests that have an effect: it may be left out, or come twice. */
function effects({ requests }: Noted, answers: KeptAnswers): Alteration[] {
  const kinds = ['dropped', 'doubled'] as const;
  return requests
    .filter((request) => !SAFE.has(request.method) && answers.has(requestKey(request.host, request)))
    .flatMap((request) => kinds.map((kind) => ({ of: 'request', kind, ...named(request) }) as const));
}

/** Requests of one sort that get each other's answers, or an old one where nothing should have an effect. */
function exchanged({ requests }: Noted, answers: KeptAnswers): Alteration[] {
  return [...alike(requests).values()].flatMap((list) =>
    list.flatMap((request, i): Alteration[] => {
      const own = answers.get(requestKey(request.host, request));
      const differs = (other: NotedRequest): boolean => {
        const its = answers.get(requestKey(other.host, other));
        return own !== undefined && its !== undefined && !isSameAnswer(own, its);
      };
      const next = list.slice(i + 1).find(differs);
      const before = list.slice(0, i).findLast((other) => other.label === request.label && differs(other));
      const isRead = SAFE.has(request.method);
      return [
        ...(isRead && before !== undefined ? [pair('stale', request, before)] : []),
        ...(next === undefined ? [] : [pair('swapped', request, next)]),
      ];
    }),
  );
}

function pair(
  kind: 'stale' | 'swapped',
  request: NotedRequest,
  { from, label, nth }: NotedRequest,
): Alteration {
  return { of: 'request', kind, ...named(request), other: { from, label, nth } };
}

function named({ host, from, label, nth }: NotedRequest) {
  return { host, from, label, nth };
}

/** Requests of one sort at one service, in the order of their coming. */
function alike(requests: readonly NotedRequest[]): Map<string, NotedRequest[]> {
  const lists = new Map<string, NotedRequest[]>();
  for (const request of requests) {
    const sort = familyOf({ of: 'request', kind: 'swapped', ...named(request) });
    const list = lists.get(sort);
    if (list === undefined) lists.set(sort, [request]);
    else list.push(request);
  }
  return lists;
}

function isSameAnswer({ answer: left }: KeptAnswer, { answer: right }: KeptAnswer): boolean {
  return left.status === right.status && Buffer.compare(left.body, right.body) === 0;
}

function writes({ calls }: Noted): Alteration[] {
  const made = calls.filter(({ operation }) => operation === 'write');
  const last = new Map(made.map((call) => [`${call.host} ${call.path}`, call.nth]));
  return made.flatMap(({ host, path, nth }): Alteration[] => {
    const isFollowed = path.startsWith('disk:') && nth < (last.get(`${host} ${path}`) ?? 0);
    const dropped = { of: 'disk write', kind: 'dropped', host, path, nth } as const;
    return isFollowed ? [dropped, { ...dropped, kind: 'swapped' }] : [dropped];
  });
}

/** Reads of what was written before. */
function reads({ calls }: Noted): Alteration[] {
  const written = new Set<string>();
  return calls.flatMap(({ host, operation, path, nth }): Alteration[] => {
    const place = `${host} ${path}`;
    if (operation === 'write') written.add(place);
    const isStale = operation === 'read' && written.has(place);
    return isStale ? [{ of: 'disk read', kind: 'stale', host, path, nth }] : [];
  });
}

/** Operations that ended well. One that only read can be left out of any history. */
function observations(noted: Noted): Alteration[] {
  const { operations } = noted;
  const counts = new Map<string, number>();
  return operations.flatMap((operation, i): Alteration[] => {
    const { client, name, type } = operation;
    const what = `${client} ${name}`;
    const nth = (counts.get(what) ?? 0) + 1;
    counts.set(what, nth);
    if (type !== 'ok') return [];
    const hasOther = otherBefore(operations, i) !== undefined;
    const kinds: OperationAlteration['kind'][] = [
      ...(onlyReads(noted, operation) ? [] : (['dropped'] as const)),
      ...(hasOther ? (['stale', 'swapped'] as const) : []),
    ];
    return kinds.map((kind) => ({ of: 'operation', kind, client, name, nth }));
  });
}

function onlyReads({ requests }: Noted, { client, invokedMs, endedMs = Infinity }: Operation): boolean {
  const own = requests.filter(({ from, atMs }) => from === client && atMs >= invokedMs && atMs <= endedMs);
  return own.length > 0 && own.every(({ method }) => SAFE.has(method));
}
