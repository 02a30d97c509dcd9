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
export function describeStuck(impasse: Impasse): string {
  const waiting = waitingOf(impasse);
  const who = waiting.length === 0 ? '  drive() itself' : waiting.slice(0, SHOWN_MAX).join('\n');
  return (
    'nothing is left to happen, but drive() has not ended (deadlock). Still waiting:\n' +
    `${who}\n` +
    '  If code waits for something outside of the simulation (a timer or a promise made before it ' +
    'began), load `wavetank/register` first.'
  );
}

/** What is looked at to say who waits: a part of a simulation. */
export interface Impasse {
  readonly world: Pick<World, 'history'>;
  readonly engine: Engine;
  machines(): readonly HostMachine[];
  /** The hosts that stay dead after the storm. */
  outsideOfCore(): readonly HostMachine[];
}

/** Says who waits for what, in lines that each begin with a line break; empty where nobody does. */
export function describeWaiting(impasse: Impasse): string {
  const dead = impasse.outsideOfCore().map(({ name }) => name);
  const waiting = waitingOf(impasse);
  const next = nextOf(impasse.engine);
  const lines = [
    ...(dead.length === 0 ? [] : [`  dead, outside of the core: ${dead.join(', ')}`]),
    ...(waiting.length === 0 ? [] : ['  still waiting:', ...shown(waiting)]),
    ...(next.length === 0 ? [] : ['  next:', ...shown(next)]),
  ];
  return lines.map((line) => `\n${line}`).join('');
}

/** Whether one of these machines waits for a dead host: in vain, and no host of the core is to blame. */
export function waitForTheDead(machines: Iterable<HostMachine>): boolean {
  return [...machines].some(({ incarnation }) => {
    const isAsking = [...(incarnation?.requesting ?? [])].some(({ server }) => server.isDead);
    return (
      isAsking ||
      [...(incarnation?.endpoints ?? [])].some(({ connection }) => connection.target.machine.isDead)
    );
  });
}

function shown(lines: readonly string[]): string[] {
  const rest = lines.length - SHOWN_MAX;
  const first = lines.slice(0, SHOWN_MAX).map((line) => `  ${line}`);
  return rest > 0 ? [...first, `    ... and ${rest} more`] : first;
}

/** Operations that have not ended, requests without an answer, connections on which bytes wait. */
function waitingOf(impasse: Pick<Impasse, 'world' | 'machines'>): string[] {
  const { world } = impasse;
  const machines = impasse.machines();
  const pending = world.history
    .filter(({ type }) => type === 'pending')
    .map(({ client, name, invokedMs }) => `  ${client}: \`${name}\`, since ${formatUs(invokedMs * 1000)}`);
  const requests = machines.flatMap(({ name, incarnation }) =>
    [...(incarnation?.requesting ?? [])].map(
      ({ server, prepared }) => `  ${name} waits for ${whose(server)}: ${prepared.label}`,
    ),
  );
  const connections = machines.flatMap(({ name, incarnation }) =>
    [...(incarnation?.endpoints ?? [])]
      .filter((end) => end.isConnecting || end.pendingBytes > 0)
      .map(({ connection, isConnecting }) => {
        const { client, target, port } = connection;
        const other = client.machine.name === name ? target.machine : client.machine;
        const what = isConnecting ? 'connection to' : 'bytes sent on';
        return `  ${name} waits for ${whose(other)}: ${what} ${port}`;
      }),
  );
  return [...pending, ...requests, ...connections];
}

function whose({ name, isDead }: HostMachine): string {
  return isDead ? `${name}, which is dead` : name;
}

/** What hosts and clients wait for by themselves: their timers, and messages on their way to them. */
function nextOf(engine: Engine): string[] {
  return engine.queue
    .inOrder()
    .filter(({ owner, isRef }) => owner.state !== 'gone' && isRef)
    .map((event) => {
      const site = event.site === undefined ? '' : `, scheduled at ${event.site}`;
      return `  ${event.describe()} on ${event.owner.name}, due ${formatUs(event.dueUs)}${site}`;
    });
}
