// Histories that are none, or are made to hurt: a typed error or a budgeted answer, never a crash and never a
// wrong `ok`; read from text, paired up from events, and given to each checker as they are.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { casRegister } from '../../models/cas-register.ts';
import type { Judgement } from '../../src/checkers/judgement.ts';
import { linearizable } from '../../src/checkers/linearizability/linearizable.ts';
import { sequentiallyConsistent } from '../../src/checkers/linearizability/sequential.ts';
import { verifyOrder } from '../../src/checkers/linearizability/witness.ts';
import { causallyConsistent } from '../../src/checkers/sessions/causal.ts';
import { sessionGuarantees } from '../../src/checkers/sessions/guarantees.ts';
import { isolated } from '../../src/checkers/transactions/isolation.ts';
import { HistoryError } from '../../src/errors.ts';
import type { Operation } from '../../src/history/operation.ts';
import { operationsOf, readHistory, type RecordedEvent } from '../../src/history/recorded.ts';
import { nodeArguments } from '../runner.ts';

type Checker = (history: readonly Operation[]) => Judgement;

const CHECKERS: Readonly<Record<string, Checker>> = {
  linearizable: (history) => linearizable(casRegister<unknown>(0), history),
  sequentiallyConsistent: (history) => sequentiallyConsistent(casRegister<unknown>(0), history),
  verifyOrder: (history) => verifyOrder(casRegister<unknown>(0), history, [0]),
  isolated: (history) => isolated(history),
  sessionGuarantees: (history) => sessionGuarantees(history),
  causallyConsistent: (history) => causallyConsistent(history),
};

const write = {
  id: 0,
  client: 'c',
  name: 'write',
  input: { value: 1 },
  invokedMs: 1,
  endedMs: 2,
  type: 'ok',
} as const;
const read = { ...write, id: 1, name: 'read', input: {}, invokedMs: 3, endedMs: 4, value: 1 } as const;

// eslint-disable-next-line no-sparse-arrays -- a hole is what is tested.
const sparse = [write, , read];

/** What is no history at all. */
const MALFORMED: Readonly<Record<string, unknown>> = {
  undefined,
  'no list': { 0: write, length: 1 },
  'a hole': sparse,
  null: [null],
  'a number': [7],
  'two of one id': [write, { ...read, id: 0 }],
  'an id that is text': [{ ...write, id: '0' }],
  'no client': [{ ...write, client: undefined }],
  'a name that is an object': [{ ...write, name: {} }],
  'a type of another world': [{ ...write, type: '__proto__' }],
  'NaN for a beginning': [{ ...write, invokedMs: Number.NaN }],
  'an infinite end': [{ ...write, endedMs: Number.POSITIVE_INFINITY }],
  'an end before the beginning': [{ ...write, endedMs: 0 }],
  'no end': [{ ...write, endedMs: undefined }],
  'an end of what is pending': [{ ...write, type: 'pending' }],
  'fields that are only inherited': [Object.create({ ...write, id: Number.NaN }) as Operation],
};

describe('a malformed history is refused by', () => {
  for (const [name, check] of Object.entries(CHECKERS)) {
    test(name, () => {
      for (const [what, history] of Object.entries(MALFORMED)) {
        assert.throws(() => check(history as Operation[]), HistoryError, what);
      }
    });
  }
});

describe('two things that one client did at once', () => {
  const history = [write, { ...read, invokedMs: 1 }];
  for (const name of ['sequentiallyConsistent', 'sessionGuarantees', 'causallyConsistent']) {
    test(`are refused by ${name}, which needs their order`, () => {
      assert.throws(() => CHECKERS[name]?.(history), /HistoryError.*|while its operation 0/);
    });
  }
  test('are judged by linearizable, which does not', () => {
    assert.equal(linearizable(casRegister<unknown>(0), history).verdict, 'ok');
  });
});

const deep = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

/** Values that a history may have; none of them may let through a read of what was never written. */
const VALUES: Readonly<Record<string, unknown>> = {
  'a hundred thousand levels': deep(100_000),
  'a value in itself': cyclic,
  'a prototype': JSON.parse('{"__proto__": {"value": 1}}'),
  NaN: Number.NaN,
  'minus infinity': Number.NEGATIVE_INFINITY,
  'a big integer': 1n,
  'a date': new Date(0),
  'a map': new Map([[1, 2]]),
  'a symbol': Symbol('s'),
  'a function': () => 1,
  'an object that throws': {
    get value(): never {
      throw new HistoryError('thrown by a getter');
    },
  },
  'an object without a prototype': Object.assign(Object.create(null) as object, { a: 1 }),
};

describe('a strange value ends in an answer or in a typed error: ', () => {
  for (const [what, value] of Object.entries(VALUES)) {
    for (const [name, check] of Object.entries(CHECKERS)) {
      test(`${what}, ${name}`, () => {
        const histories = [
          [
            { ...write, input: value },
            { ...read, value },
          ],
          [
            { ...write, input: { key: '__proto__', value } },
            { ...read, input: { key: '__proto__' }, value },
          ],
          [{ ...write, input: [['w', 'x', value]], value: [['w', 'x', value]] }],
        ];
        for (const history of histories) {
          // Nobody wrote what is read last.
          const stale = {
            ...read,
            id: 2,
            input: { key: '__proto__' },
            invokedMs: 5,
            endedMs: 6,
            value: 'stale',
          };
          const answer = judged(check, [...history, stale] as Operation[]);
          assert.ok(answer === 'illegal' || answer === 'unknown' || answer === 'refused', answer);
        }
      });
    }
  }
});

function judged(check: Checker, history: readonly Operation[]): string {
  try {
    return check(history).verdict;
  } catch (error) {
    if (error instanceof HistoryError) return 'refused';
    throw error;
  }
}

describe('transactions of odd steps are refused', () => {
  // eslint-disable-next-line no-sparse-arrays -- a hole is what is tested.
  const holes = [['r', 'x', [1, , 2]], , ['append', 'x', 1]];
  const odd: Readonly<Record<string, unknown>> = {
    'no list': 'append x 1',
    'holes among them': holes,
    'NaN, which equals nothing': [['append', 'x', Number.NaN]],
    'a list for a key': [['append', ['x'], 1]],
    'a list and a register': [
      ['append', 'x', 1],
      ['r', 'x', 1],
    ],
    'a register that has a list': [
      ['w', 'x', 1],
      ['r', 'x', [1]],
    ],
  };
  for (const [what, steps] of Object.entries(odd)) {
    test(what, () => {
      const history = [{ ...write, input: steps, value: steps }];
      assert.throws(() => isolated(history), HistoryError);
    });
  }
});

describe('events', () => {
  const invoke: RecordedEvent = { process: 1, type: 'invoke', f: 'read' };
  const wrong: Readonly<Record<string, unknown>> = {
    'are a list': { length: 1 },
    // eslint-disable-next-line no-sparse-arrays -- a hole is what is tested.
    'have no holes': [, invoke],
    'are of one process under one name': [invoke, { ...invoke, process: '1' }],
    'have a process': [{ ...invoke, process: Number.NaN }],
    'have times': [{ ...invoke, time: Number.NaN }],
    'have times that end': [{ ...invoke, time: Number.POSITIVE_INFINITY }],
  };
  for (const [what, events] of Object.entries(wrong)) {
    test(what, () => assert.throws(() => operationsOf(events as RecordedEvent[]), HistoryError));
  }
  test('may have times below zero', () => {
    const [operation] = operationsOf([
      { ...invoke, time: -5 },
      { ...invoke, type: 'ok', value: 0, time: -1 },
    ]);
    assert.deepEqual([operation?.invokedMs, operation?.endedMs], [-5, -1]);
  });
});

test('text that goes down a hundred thousand levels is read, and refused where it has to be compared', () => {
  const text = JSON.stringify([write, read]).replace(
    '"value":1}',
    `"value":${'['.repeat(1e5)}${']'.repeat(1e5)}}`,
  );
  assert.throws(() => linearizable(casRegister<unknown>(0), readHistory(text)), HistoryError);
});

describe('what would take too long or too much is answered with `unknown`', () => {
  const spread = { invokedMs: 0, endedMs: 9, type: 'ok' } as const;
  test('reads that miss as many appends as there are', () => {
    const history = Array.from({ length: 6_000 }, (_, id): Operation => {
      const steps = id % 2 === 0 ? [['append', 'x', id]] : [['r', 'x', []]];
      return { id, client: `c${id}`, name: 'txn', input: steps, value: steps, ...spread };
    });
    const { verdict, message } = isolated(history, { edgesMax: 100_000 });
    assert.equal(verdict, 'unknown');
    assert.match(message, /no answer within 100,000 dependencies: raise `edgesMax`/);
  });
  test('transactions that each come after all of those before', () => {
    const history = Array.from({ length: 400 }, (_, id): Operation => {
      const steps = [
        ['append', `k${id}`, 1],
        ['r', 'x', []],
      ];
      const invokedMs = id < 200 ? 0 : 10;
      return {
        id,
        client: `c${id}`,
        name: 'txn',
        input: steps,
        value: steps,
        invokedMs,
        endedMs: invokedMs + 1,
        type: 'ok',
      };
    });
    assert.equal(isolated(history, { edgesMax: 10_000 }).verdict, 'unknown');
    assert.equal(isolated(history).verdict, 'ok');
  });
  test('operations that all overlap', () => {
    const history = Array.from({ length: 5_000 }, (_, id): Operation => {
      const isRead = id === 0;
      return {
        id,
        client: `c${id}`,
        name: isRead ? 'read' : 'write',
        input: { value: id },
        value: -1,
        ...spread,
      };
    });
    const options = { stepsMax: 100_000 };
    assert.equal(linearizable(casRegister<unknown>(0), history, options).verdict, 'unknown');
    assert.equal(sequentiallyConsistent(casRegister<unknown>(0), history, options).verdict, 'unknown');
  });
  test('clients as many as operations', () => {
    const history = Array.from({ length: 5_000 }, (_, id): Operation => {
      const isRead = id % 2 === 1;
      const value = isRead ? id - 1 : id;
      return {
        id,
        client: `c${id}`,
        name: isRead ? 'read' : 'write',
        input: { value: id },
        value,
        ...spread,
      };
    });
    assert.equal(sessionGuarantees(history, { stepsMax: 1_000_000 }).verdict, 'unknown');
  });
});

describe('in bounded memory', () => {
  const printed = (what: string): string => {
    const script = fileURLToPath(new URL('large-history.ts', import.meta.url));
    const words = ['--max-old-space-size=1500', ...nodeArguments, script, what];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    assert.equal(status, 0, stderr.slice(-2_000));
    return stdout;
  };
  test('a million operations of one key are answered', () => {
    assert.equal(printed('million'), 'operations 1000000\nlinearizable unknown\n');
  });
  test('200 MB of JSON are read, and refused where they are cut off', () => {
    assert.equal(printed('json'), 'megabytes true\nread 190000\ncut off true\n');
  });
});
