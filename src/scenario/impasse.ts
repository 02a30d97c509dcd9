// Explains a run that does not end: what is queued, on which host, where it was scheduled, who waits for
// whom.

import type { Engine, LimitName } from '../engine/engine.ts';
import type { HostMachine } from '../host/machine.ts';
import { formatUs } from '../time/duration.ts';
import type { ViolationCode } from './result.ts';
import type { World } from './world.ts';

/** How many queued events, or waiting parties, a message names. */
const SHOWN_MAX = 10;

const CODES: Readonly<Record<LimitName, ViolationCode>> = {
  steps: 'WT_STEPS',
  'virtual time': 'WT_VIRTUAL_TIME',
  livelock: 'WT_LIVELOCK',
};

/** Says which limit a run went over, and what it was still about to do. */
export function describeLimit(engine: Engine, limit: LimitName): { code: ViolationCode; message: string } {
  const { stepsMax, virtualUsMax, stepsAtOneTimeMax } = engine.limits;
  const what = {
    steps: `the run did not end within ${stepsMax} steps`,
    'virtual time': `the run did not end within ${formatUs(virtualUsMax)} of virtual time`,
    livelock: `the run took ${stepsAtOneTimeMax} steps without virtual time advancing (livelock)`,
  }[limit];
  return { code: CODES[limit], message: `${what}, at ${formatUs(engine.nowUs)}.\n${describeQueue(engine)}` };
}

function describeQueue(engine: Engine): string {
  const queued = engine.queue.inOrder().filter((event) => event.owner.state !== 'gone');
  if (queued.length === 0) return '  Nothing is queued.';
  const current = engine.current;
  const lines = queued.slice(0, SHOWN_MAX).map((event) => {
    const site = event.site === undefined ? '' : `, scheduled at ${event.site}`;
    return `  ${event.describe()} on ${event.owner.name}, due ${formatUs(event.dueUs)}${site}`;
  });
  const rest = queued.length > SHOWN_MAX ? `\n  ... and ${queued.length - SHOWN_MAX} more` : '';
  const last = current === undefined ? '' : `\n  Last: ${current.describe()} on ${current.owner.name}`;
  return `  Queued:\n${lines.join('\n')}${rest}${last}`;
}

/** Says who still waits when nothing is left to happen. */
export function describeStuck(world: World, machines: readonly HostMachine[]): string {
  const pending = world.history
    .filter(({ type }) => type === 'pending')
    .map(({ client, name, invokedMs }) => `  ${client}: \`${name}\`, since ${formatUs(invokedMs * 1000)}`);
  const requests = machines.flatMap((machine) =>
    [...(machine.incarnation?.requesting ?? [])].map(
      (exchange) => `  ${machine.name} waits for ${exchange.server.name}: ${exchange.prepared.label}`,
    ),
  );
  const waiting = [...pending, ...requests];
  const who = waiting.length === 0 ? '  drive() itself' : waiting.slice(0, SHOWN_MAX).join('\n');
  return (
    'nothing is left to happen, but drive() has not ended (deadlock). Still waiting:\n' +
    `${who}\n` +
    '  If code waits for something outside of the simulation (a timer or a promise made before it ' +
    'began), load `wavetank/register` first.'
  );
}
