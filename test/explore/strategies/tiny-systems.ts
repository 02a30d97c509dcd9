// Random systems of three hosts that send each other a few messages: what a host sends depends on what it got
// before, so that every order of arrivals shows.

import { daemon, defineScenario, latency, type Host, type Scenario } from '../../../src/index.ts';
import { KeyedRandom } from '../../../src/random/keyed.ts';

const NAMES = ['a', 'b', 'c'] as const;

interface Step {
  readonly to: string;
  readonly what: string;
}

/** A system drawn from a number. It tells, as the value of an operation, what each host got, in its order. */
export function tinySystem(
  number: number,
  options: { checks?: boolean; state?: boolean } = {},
): Scenario<undefined> {
  const random = new KeyedRandom(number);
  let draws = 0;
  const draw = (bound: number): number => random.below(bound, 1, ++draws);
  // Never to itself: what takes exactly so long leaves no time for others, and time is what is left out.
  const step = (from: number, level: number): Step => ({
    to: NAMES[(from + 1 + draw(NAMES.length - 1)) % NAMES.length] as string,
    what: `${level}${'xy'[draw(2)]}`,
  });
  const first = NAMES.map((_, at) => (draw(3) === 0 ? [] : [step(at, 0)]));
  if (first.flat().length < 2) first[0] = [step(0, 0), step(0, 0)];
  // What a host answers to a message, by how many it got before.
  const rules = new Map<string, Step | undefined>();
  for (const [at, name] of NAMES.entries()) {
    for (const what of ['0x', '0y', '1x', '1y'])
      for (const parity of [0, 1])
        rules.set(`${name} ${what} ${parity}`, draw(2) === 0 ? undefined : step(at, Number(what[0]) + 1));
  }
  const boot = (host: Host): void => {
    const got: string[] = [];
    host.expose({ got });
    // A message tells all that led to it, so that no two are alike.
    const send = ({ to, what }: Step, trail: string): void => host.send(to, { what, trail }, what);
    host.onMessage((payload) => {
      const { what, trail } = payload as { what: string; trail: string };
      got.push(trail);
      const answer = rules.get(`${host.name} ${what} ${got.length % 2}`);
      if (answer !== undefined) send(answer, `${trail}, ${host.name} ${got.length}`);
    });
    setTimeout(() => {
      const begins = first[NAMES.indexOf(host.name as 'a')] ?? [];
      for (const [i, each] of begins.entries()) send(each, `${host.name}${i}`);
    }, 5);
  };
  const gotBy = (world: { host(name: string): { exports: unknown } }): unknown =>
    NAMES.map((name) => (world.host(name).exports as { got: string[] } | undefined)?.got ?? []);
  return defineScenario({
    name: `tiny system ${number}`,
    hosts: Object.fromEntries(NAMES.map((name) => [name, daemon(boot)])),
    network: { latency: latency.uniform({ minMs: 1, maxMs: 1_000 }) },
    async drive(world) {
      await new Promise((resolve) => setTimeout(resolve, 8_000));
      await world.client('auditor', (client) => client.operation('audit', null, () => gotBy(world)));
    },
    ...(options.checks === true ? { always: { 'is not asked for': () => true } } : {}),
    ...(options.state === true ? { state: gotBy } : {}),
  });
}
