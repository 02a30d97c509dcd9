// Large histories, judged in a process of its own with bounded memory: prints what each check answers.

import { casRegister, type CasInput } from '../../models/cas-register.ts';
import { linearizable } from '../../src/checkers/linearizability/linearizable.ts';
import { HistoryError } from '../../src/errors.ts';
import { operationsOf, readHistory, type RecordedEvent } from '../../src/history/recorded.ts';

const MILLION = 1_000_000;

function print(what: string, value: unknown): void {
  process.stdout.write(`${what} ${String(value)}\n`);
}

function millionOperations(): void {
  const events: RecordedEvent[] = [];
  for (let i = 0; i < MILLION; i++) {
    events.push(
      { process: i % 4, type: 'invoke', f: 'write', value: i },
      { process: i % 4, type: 'ok', f: 'write' },
    );
  }
  const history = operationsOf(events);
  events.length = 0;
  const input = ({ name, input: value }: { name: string; input: unknown }): CasInput<number> =>
    ({ name, value }) as CasInput<number>;
  print('operations', history.length);
  print('linearizable', linearizable(casRegister(0), history, { input, stepsMax: 400_000 }).verdict);
}

function twoHundredMegabytes(): void {
  const value = 'x'.repeat(1_000);
  const one = (id: number): string =>
    `{"id":${id},"client":"c","name":"write","input":"${value}",` +
    `"invokedMs":${id},"endedMs":${id},"type":"ok"}`;
  const text = `[${Array.from({ length: 190_000 }, (_, id) => one(id)).join(',')}]`;
  print('megabytes', text.length > 200_000_000);
  print('read', readHistory(text).length);
  try {
    readHistory(text.slice(0, -1));
  } catch (error) {
    print('cut off', error instanceof HistoryError);
  }
}

if (process.argv[2] === 'million') millionOperations();
else twoHundredMegabytes();
