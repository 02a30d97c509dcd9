// A trip needs a room and a seat. Where the seat cannot be had, the room stays booked.

import { handler, swarm, type HostDefinition, type World } from '../../../../src/index.ts';
import { sagasSettled, type SagaStep } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, done, insist, pathOf } from './calls.ts';

interface Trips {
  trips: Record<string, 'begun' | 'booked' | 'cancelled'>;
}
interface Bookings {
  /** False once it was cancelled; a cancellation may come before its booking. */
  bookings: Record<string, boolean>;
}

function booking(): HostDefinition {
  return handler((host) => {
    const store = host.store<Bookings>({ bookings: {} }, { durable: true });
    return (request) => {
      const trip = pathOf(request).slice(1);
      store.update(({ bookings }) => {
        if (request.method === 'DELETE') bookings[trip] = false;
        else bookings[trip] ??= true;
      });
      return done();
    };
  });
}

function stepAt(world: World, name: string, trip: string): SagaStep | undefined {
  const bookings = world.host(name).store<Bookings>().state?.bookings;
  if (bookings === undefined) return undefined;
  const isBooked = bookings[trip];
  return { name, state: isBooked === undefined ? 'idle' : isBooked ? 'done' : 'compensated' };
}

export const trip: IntegrityRow = integrityRow(
  {
    check: 'sagasSettled',
    what: 'a trip is given up with its room still booked',
    said: [
      /saga `(trip-\d)` is half done: .* done/,
      /`(trip-\d)` was written by `trips` .* handling POST \/\1 #\d from `ann`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      hotel: booking(),
      airline: booking(),
      trips: handler((host) => {
        const store = host.store<Trips>({ trips: {} }, { durable: true });
        return async (request) => {
          const id = pathOf(request).slice(1);
          const enter = (state: Trips['trips'][string]): void =>
            void store.update(({ trips }) => {
              trips[id] = state;
            });
          enter('begun');
          const hosts = ['hotel', 'airline'];
          let isBooked = true;
          for (const name of hosts) isBooked &&= (await ask(`http://${name}/${id}`)) !== undefined;
          if (!isBooked && isRepaired)
            for (const name of hosts) await insist(`http://${name}/${id}`, undefined, 'DELETE');
          enter(isBooked ? 'booked' : 'cancelled');
          return done();
        };
      }),
    },
    faults: swarm({ drop: ['trips -> airline', 'airline -> trips'] }),
    drive: (world) =>
      world.client('ann', async () => {
        for (const id of ['trip-1', 'trip-2']) await fetch(`http://trips/${id}`, { method: 'POST' });
      }),
    finally: {
      'a trip is booked or cancelled, and nothing in between': (world) =>
        sagasSettled({
          of: world
            .host('trips')
            .store<Trips>()
            .records(({ trips }) => trips),
          steps: (_, id) => {
            const steps = [stepAt(world, 'hotel', id), stepAt(world, 'airline', id)];
            return steps.every((step) => step !== undefined) ? steps : undefined;
          },
        }),
    },
  }),
);
