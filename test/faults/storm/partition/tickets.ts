// Three hosts give out numbers, and ask each other first: naively, no objection will do; with care, a number
// needs the promise of a majority.

import type { Host, World } from '../../../../src/index.ts';

const NAMES = ['n1', 'n2', 'n3'];
const ANSWER_MS = 50;
const EVERY_MS = 150;

interface Said {
  readonly what: 'ask' | 'promised' | 'taken';
  readonly number: number;
}

/** The numbers that were given out. */
export function tickets(world: World): number[] {
  return NAMES.flatMap((name) => (world.host(name).exports?.['given'] ?? []) as number[]);
}

/** One of the three: gives out a number now and then. */
export function ticketing(host: Host, isCareful: boolean): void {
  const given: number[] = [];
  host.expose({ given });
  let highest = 0;
  let promises = 0;
  let isTaken = false;
  host.onMessage((message, from) => {
    const { what, number } = message as Said;
    if (what === 'ask') {
      const isFree = number > highest;
      highest = Math.max(highest, number);
      host.send(from, { what: isFree ? 'promised' : 'taken', number }, 'answer');
    } else if (what === 'promised') promises += number === asked ? 1 : 0;
    else isTaken ||= number === asked;
  });
  let asked = 0;
  setInterval(
    () => {
      const number = ++highest;
      asked = number;
      promises = 1;
      isTaken = false;
      for (const name of NAMES) if (name !== host.name) host.send(name, { what: 'ask', number }, 'ask');
      setTimeout(() => {
        if (isCareful ? promises >= 2 : !isTaken) given.push(number);
      }, ANSWER_MS);
    },
    EVERY_MS + 10 * NAMES.indexOf(host.name),
  );
}
