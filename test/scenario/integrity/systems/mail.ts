// A sender gives up after two attempts, and tells nobody.

import { handler, swarm } from '../../../../src/index.ts';
import { deadLettersAccounted } from '../../../../src/checkers.ts';
import { integrityRow, type IntegrityRow } from '../row.ts';
import { ask, bodyOf, done, sleep } from './calls.ts';

interface Mail {
  id: string;
  text: string;
}
interface Sender {
  sent: Record<string, Mail>;
  dead: Record<string, Mail>;
}
interface Receiver {
  handled: Record<string, Mail>;
}

export const mail: IntegrityRow = integrityRow(
  {
    check: 'deadLettersAccounted',
    what: 'a message is forgotten after two attempts',
    said: [
      /message `(m-\d)` is gone: .*:\n +`\1` was written by `sender` .* handling POST \/mails #\d from `ann`/,
    ],
  },
  (isRepaired) => ({
    hosts: {
      sender: handler((host) => {
        const store = host.store<Sender>({ sent: {}, dead: {} }, { durable: true });
        return async (request) => {
          const letter = await bodyOf<Mail>(request);
          store.update(({ sent }) => {
            sent[letter.id] = letter;
          });
          let answer: Response | undefined;
          const attemptsMax = isRepaired ? Number.POSITIVE_INFINITY : 2;
          for (let attempt = 1; answer === undefined && attempt <= attemptsMax; attempt++) {
            answer = await ask('http://receiver/mails', letter);
            await sleep(20);
          }
          if (answer?.status === 422)
            store.update(({ dead }) => {
              dead[letter.id] = letter;
            });
          return done();
        };
      }),
      receiver: handler((host) => {
        const store = host.store<Receiver>({ handled: {} }, { durable: true });
        return async (request) => {
          const letter = await bodyOf<Mail>(request);
          // Of this one nobody can make sense: it is a dead letter, however often it comes.
          if (letter.text === '') return done(422);
          store.update(({ handled }) => {
            handled[letter.id] = letter;
          });
          return done();
        };
      }),
    },
    faults: swarm({ partition: true, drop: true }),
    drive: (world) =>
      world.client('ann', async () => {
        for (const [i, text] of ['hello', '', 'again', 'bye'].entries()) {
          await ask('http://sender/mails', { id: `m-${i}`, text });
          await sleep(20);
        }
      }),
    calmMs: 2_000,
    finally: {
      'every message is accounted for': (world) => {
        const sender = world.host('sender').store<Sender>();
        return deadLettersAccounted({
          sent: sender.records(({ sent }) => sent),
          dead: sender.records(({ dead }) => dead),
          handled: world
            .host('receiver')
            .store<Receiver>()
            .records(({ handled }) => handled),
          id: ({ id }) => id,
        });
      },
    },
  }),
);
