// A token goes from one host to the other and back, in four messages: two transfers and their
// acknowledgements, which are repeated until they are acknowledged. Broken: a transfer that comes again is
// taken again.

import { daemon, defineScenario, latency, swarm, type Host, type Scenario } from '../../../src/index.ts';

interface Transfer {
  readonly kind: 'transfer' | 'ack';
  readonly epoch: number;
}

/** What a host knows of the token. */
interface Knows {
  epoch: number;
  isOwner: boolean;
  /** The transfer that was not acknowledged yet. */
  unacknowledged: number;
}

const RESEND_MS = 25;
/** The token has come back. */
const LAST_EPOCH = 2;

function holder(isRepaired: boolean): (host: Host) => void {
  return (host) => {
    const other = host.name === 'left' ? 'right' : 'left';
    const knows: Knows = { epoch: 0, isOwner: host.name === 'left', unacknowledged: 0 };
    host.expose({ knows });
    const transfer = (epoch: number): void => {
      if (knows.unacknowledged !== epoch) return;
      host.send(other, { kind: 'transfer', epoch }, `transfer ${epoch}`);
      setTimeout(() => transfer(epoch), RESEND_MS);
    };
    const pass = (): void => {
      knows.isOwner = false;
      knows.unacknowledged = knows.epoch + 1;
      transfer(knows.unacknowledged);
    };
    host.onMessage((payload) => {
      const { kind, epoch } = payload as Transfer;
      if (kind === 'ack') {
        if (epoch === knows.unacknowledged) knows.unacknowledged = 0;
        return;
      }
      host.send(other, { kind: 'ack', epoch }, `ack ${epoch}`);
      if (isRepaired && epoch <= knows.epoch) return;
      const isNews = epoch > knows.epoch;
      knows.epoch = Math.max(knows.epoch, epoch);
      knows.isOwner = true;
      if (isNews && epoch < LAST_EPOCH) pass();
    });
    if (knows.isOwner) setTimeout(pass, 5);
  };
}

/** The scenario, once repaired and once broken. */
export function tokenHandover(isRepaired: boolean): Scenario<undefined> {
  return defineScenario({
    name: `token handover, ${isRepaired ? 'repaired' : 'broken'}`,
    hosts: { left: daemon(holder(isRepaired)), right: daemon(holder(isRepaired)) },
    network: { latency: latency.uniform({ minMs: 1, maxMs: 10 }) },
    faults: swarm({ drop: true, duplicate: true, delay: true }),
    async drive() {
      await new Promise((resolve) => setTimeout(resolve, 200));
    },
    state: (world) => ['left', 'right'].map((name) => world.host(name).exports?.['knows']),
    never: {
      'both own the token': (world) =>
        ['left', 'right'].every(
          (name) => (world.host(name).exports?.['knows'] as Knows | undefined)?.isOwner,
        ),
    },
    eventually: {
      'the token is back': (() => {
        const check = (world: Parameters<NonNullable<Scenario['state']>>[0]): boolean =>
          (world.host('left').exports?.['knows'] as Knows | undefined)?.isOwner === true;
        return { withinMs: 1_000, check };
      })(),
    },
  });
}
