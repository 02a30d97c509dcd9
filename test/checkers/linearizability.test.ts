// The checker against histories that others have judged, and against a search through all orders.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { casRegister, type CasInput } from '../../models/cas-register.ts';
import { UNKNOWN, type Answer, type Model } from '../../models/model.ts';
import { linearizable } from '../../src/checkers/linearizability/linearizable.ts';
import type { Operation } from '../../src/history/operation.ts';
import { eventsOf, filesOf, operationsOf } from './published.ts';

const expected = JSON.parse(
  readFileSync(new URL('../fixtures/histories/expected.json', import.meta.url), 'utf8'),
) as Record<string, boolean>;

type Value = number | null;

function casInput({ name, input }: Operation): CasInput<Value> {
  const { value } = input as { value: Value | [Value, Value] };
  if (name === 'read') return { name };
  if (name === 'write') return { name, value: value as Value };
  const [from, to] = value as [Value, Value];
  return { name: 'cas', from, to };
}

const casOutput = ({ name, value }: Operation): Value | boolean | undefined =>
  name === 'read' ? (value as Value) : name === 'cas' ? true : undefined;

describe('histories of etcd that Porcupine has judged', () => {
  for (const file of filesOf('etcd-register')) {
    test(file, () => {
      const result = linearizable(casRegister<Value>(null), operationsOf(eventsOf(file)), {
        input: casInput,
        output: casOutput,
        // A compare-and-set that fails tells that the register had another value.
        failure: ({ name }) => (name === 'cas' ? false : undefined),
      });
      assert.equal(result.verdict, expected[file] === true ? 'ok' : 'illegal');
    });
  }
});

/** The operation that each illegal history breaks at, by its place in the file. */
const CULPRITS: Readonly<Record<string, number>> = {
  'cas-register/bad/bad-analysis.edn': 14,
  'cas-register/bad/cas-failure.edn': 491,
  'cas-register/bad/rethink-fail-minimal.edn': 4,
};

describe('histories of a register that Knossos has judged', () => {
  for (const file of [...filesOf('cas-register/good'), ...filesOf('cas-register/bad')]) {
    test(file, () => {
      const events = eventsOf(file);
      const operations = operationsOf(events)
        // A read of nothing knows nothing.
        .filter(({ name, type, value }) => name !== 'read' || (type === 'ok' && value !== null));
      const result = linearizable(casRegister<Value>(0), operations, { input: casInput, output: casOutput });
      assert.equal(result.verdict, expected[file] === true ? 'ok' : 'illegal');
      if (result.verdict !== 'illegal') return;
      const ends = [result.culprit.invokedMs, result.culprit.endedMs];
      assert.ok(
        ends.includes(CULPRITS[file]),
        `the culprit began and ended at ${ends.join(' and ')}: ${result.message}`,
      );
    });
  }
});

interface StringInput {
  readonly name: 'get' | 'put' | 'append';
  readonly key: string;
  readonly value: string;
}

const strings: Model<string, StringInput, string> = {
  name: 'key-value store',
  initial: '',
  partOf: ({ key }) => key,
  isReader: ({ name }) => name === 'get',
  next(state, { name, value }, answer: Answer<string>) {
    if (name === 'get') return answer === UNKNOWN || answer === state ? [state] : [];
    return [name === 'put' ? value : state + value];
  },
};

describe('histories of a key-value store that Porcupine has judged', () => {
  for (const file of filesOf('key-value')) {
    test(file, () => {
      const result = linearizable(strings, operationsOf(eventsOf(file)), {
        input: ({ name, input }) => ({ name, ...(input as object) }) as StringInput,
      });
      assert.equal(result.verdict, file.endsWith('-ok.txt') ? 'ok' : 'illegal');
    });
  }
});
