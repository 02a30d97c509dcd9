// An ordering bug of depth 3: in three rounds in a row, what one host tells the desk must be overtaken by
// what it makes the other one tell; and who is overtaken changes from round to round, so that no link can be
// slow from the start. Times that are drawn for each message rarely do that three times.

import { daemon, defineScenario, latency, type Host, type Scenario } from '../../../src/index.ts';

const ROUNDS = 3;

/** In its round, tells the desk, and the other one, who tells the desk, too. */
function teller(host: Host): void {
  const other = host.name === 'ann' ? 'ben' : 'ann';
  host.onMessage((payload, from) => {
    if (from === 'desk') host.send(other, payload, 'pass on');
    host.send('desk', payload, 'tell');
  });
}

/** Begins a round when it heard of the one before from both, the wrong one first. */
function desk(host: Host): void {
  const seen = { rounds: 0, heard: '' };
  host.expose({ seen });
  const tellerOf = (round: number): string => (round % 2 === 0 ? 'ann' : 'ben');
  const begin = (): void => host.send(tellerOf(seen.rounds), seen.rounds, 'begin');
  host.onMessage((_, from) => {
    if (seen.heard === '') {
      seen.heard = from;
      return;
    }
    const wasOvertaken = from === tellerOf(seen.rounds);
    if (!wasOvertaken) return;
    seen.heard = '';
    seen.rounds++;
    if (seen.rounds < ROUNDS) begin();
  });
  setTimeout(begin, 5);
}

/** How many hosts and links take turns, for the bound of PCT: six links and the desk. */
export const LANES = 7;
/** At how many points there is a choice, in a run in which the bug shows. */
export const POINTS = 2 * ROUNDS;

/** The scenario. Each message takes between one time and more than twice as long. */
export const overtakenThrice: Scenario<undefined> = defineScenario({
  name: 'overtaken thrice',
  hosts: { desk: daemon(desk), ann: daemon(teller), ben: daemon(teller) },
  network: { latency: latency.uniform({ minMs: 5, maxMs: 25 }) },
  async drive() {
    await new Promise((resolve) => setTimeout(resolve, 500));
  },
  never: {
    'everybody was overtaken': (world) =>
      (world.host('desk').exports?.['seen'] as { rounds: number } | undefined)?.rounds === ROUNDS,
  },
});
