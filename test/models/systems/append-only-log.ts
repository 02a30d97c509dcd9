// An append-only log as a service.

import { appendOnlyLog, logOperations, type LogInput, type LogOutput } from '../../../src/models.ts';
import { simulated } from '../simulated.ts';
import { service, type Kept } from './service.ts';

export const keptLog: Kept<number[], LogInput<number>, LogOutput<number>> = {
  initial: () => [],
  apply(entries, input) {
    if (input.name === 'append') return entries.push(input.entry) - 1;
    if (input.name === 'length') return entries.length;
    const { from, limit = entries.length } = input;
    return entries.filter((_, place) => place >= from && place < from + limit);
  },
  reads: ({ name }) => name !== 'append',
};

export const logModel = simulated({
  model: appendOnlyLog<number>(),
  operations: () => logOperations(),
  closing: [{ name: 'read', from: 0 }],
  correct: service(keptLog),
  faulty: [
    {
      what: 'answers before it syncs',
      hosts: service(keptLog, 'answers before it syncs'),
      names: [/appended \d to the log at place \d/],
    },
    {
      what: 'takes a repeated request for a new one',
      hosts: service(keptLog, 'takes a repeated request for a new one'),
      names: [/no order explains \w+ (appended \d to the log at place 1|read the )/],
    },
    {
      what: 'takes no lock',
      hosts: service(keptLog, 'takes no lock'),
      names: [/appended \d to the log at place 0.*appended \d to the log at place 0|read the log/],
    },
  ],
});
