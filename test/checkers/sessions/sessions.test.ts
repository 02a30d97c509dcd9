// Session guarantees and causal consistency, on histories made by hand: one for each violation, with the
// operations that show it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HistoryError, OptionError } from '../../../src/errors.ts';
import { causallyConsistent } from '../../../src/checkers/sessions/causal.ts';
import { sessionGuarantees } from '../../../src/checkers/sessions/guarantees.ts';
import type { Operation } from '../../../src/history/operation.ts';

/**
 * `c1 w x 1`, `c1 r x 1`; `c1 w x 1 info` for an unknown outcome, `c1 r x 1 @4` for a version, `-` for
 * null.
 */
function historyOf(...lines: readonly string[]): Operation[] {
  return lines.map((line, id): Operation => {
    const [client = '', kind, key, text, more = ''] = line.split(' ');
    const value = text === '-' ? null : Number(text);
    const isRead = kind === 'r';
    const version = more.startsWith('@') ? { version: Number(more.slice(1)) } : undefined;
    const input = isRead ? { key } : { key, value };
    const began = { id, client, name: isRead ? 'read' : 'write', input, invokedMs: id };
    if (more === 'info') return { ...began, type: 'info' };
    if (more === 'fail') return { ...began, type: 'fail', endedMs: id };
    return {
      ...began,
      type: 'ok',
      endedMs: id,
      value: version === undefined ? value : { value, ...version },
    };
  });
}

interface Given {
  readonly history: readonly string[];
  readonly guarantees: readonly string[];
  readonly operations: readonly number[];
  readonly message: string;
}

const BROKEN: Readonly<Record<string, Given>> = {
  'a client that does not see its own write': {
    history: ['c1 w x 1', 'c1 r x -'],
    guarantees: ['monotonic writes', 'read your writes'],
    operations: [0, 1],
    message:
      'not read your writes: c1 read null from "x" (operation 1), ' +
      'though c1 wrote 1 to "x" (operation 0) before it',
  },
  'a client that sees the older one of its writes': {
    history: ['c1 w x 1', 'c1 w x 2', 'c1 r x 1'],
    guarantees: ['monotonic writes', 'read your writes'],
    operations: [0, 1, 2],
    message:
      'not read your writes: c1 wrote 1 to "x" (operation 0) before 2 to "x" (operation 1); ' +
      'c1 read 1 from "x" (operation 2), though c1 wrote 2 to "x" (operation 1) before it',
  },
  'a client that reads back and forth': {
    history: ['c1 w x 1', 'c2 w x 2', 'c3 r x 1', 'c3 r x 2', 'c3 r x 1'],
    guarantees: ['monotonic writes', 'monotonic reads'],
    operations: [0, 2, 3, 1, 4],
    message:
      'not monotonic reads: c3 read 2 from "x" (operation 3), ' +
      'though c1 wrote 1 to "x" (operation 0) before it ' +
      '(c3 read 1 from "x" (operation 2)); c3 read 1 from "x" (operation 4), though c2 wrote 2 to "x" ' +
      '(operation 1) before it (c3 read 2 from "x" (operation 3))',
  },
  'writes of one client in another order': {
    history: ['c1 w x 1 @2', 'c1 w x 2 @1', 'c2 r x 1'],
    guarantees: ['monotonic writes'],
    operations: [0, 1],
    message:
      'not monotonic writes: c1 wrote 1 to "x" (operation 0) before 2 to "x" (operation 1); ' +
      '2 is version 1 of "x", and 1 version 2',
  },
  'an answer without its question': {
    history: ['c1 w x 1', 'c2 r x 1', 'c2 w y 2', 'c3 r y 2', 'c3 r x -'],
    guarantees: ['monotonic writes', 'monotonic reads', 'writes follow reads'],
    operations: [0, 1, 2, 3, 4],
    message:
      'not monotonic reads and writes follow reads: c3 read null from "x" (operation 4), ' +
      'though c1 wrote 1 to "x" (operation 0) before it ' +
      '(c2 read 1 from "x" (operation 1); then c2 wrote 2 to "y" (operation 2); ' +
      'then c3 read 2 from "y" (operation 3))',
  },
};

describe('session guarantees are broken by', () => {
  for (const [what, { history, guarantees, operations, message }] of Object.entries(BROKEN)) {
    test(what, () => {
      const judgement = sessionGuarantees(historyOf(...history));
      assert.equal(judgement.verdict, 'illegal');
      assert.equal(judgement.message, message);
      const [violation] = judgement.violations;
      assert.deepEqual(violation?.guarantees, guarantees);
      assert.deepEqual(
        violation.operations.map(({ id }) => id),
        operations,
      );
    });
  }

  test('a version that is older than one that was read, whoever wrote them', () => {
    const history = historyOf('c2 w x 1', 'c3 w x 2', 'c1 r x 2 @2', 'c1 r x 1 @1');
    const { message, violations } = sessionGuarantees(history);
    assert.deepEqual(violations[0]?.guarantees, ['monotonic writes', 'monotonic reads']);
    assert.match(
      message,
      /1 is version 1 of "x", and 2 version 2; c1 read 1 from "x" \(operation 3\), though/,
    );
    assert.equal(sessionGuarantees(history, { guarantees: ['read your writes'] }).verdict, 'ok');
  });

  test('a value that nobody wrote, or that was written later or failed to be', () => {
    assert.equal(
      sessionGuarantees(historyOf('c r x 7')).message,
      'c read 7 from "x" (operation 0), which nobody wrote',
    );
    const failed = sessionGuarantees(historyOf('a w x 7 fail', 'c r x 7'));
    assert.equal(failed.message, 'c read 7 from "x" (operation 1), which operation 0 failed to write');
    const { violations, message } = sessionGuarantees(historyOf('c r x 7', 'a w x 7'));
    assert.equal(message, 'c read 7 from "x" (operation 0) before operation 1 began to write it');
    assert.deepEqual([violations[0]?.kind, violations[0]?.operations.length], ['ThinAirRead', 2]);
  });
});

describe('session guarantees are kept by', () => {
  const KEPT: Readonly<Record<string, readonly string[]>> = {
    'clients that see concurrent writes in one order': [
      'a w x 1',
      'b w x 2',
      'c r x 1',
      'c r x 2',
      'd r x 2',
    ],
    'a write of unknown outcome that comes late': [
      'a w x 1 info',
      'a w x 2',
      'a r x 2',
      'a r x 1',
      'b r x 1',
    ],
    'a write of unknown outcome that never comes': ['a w x 1 info', 'a r x -'],
    'a write of somebody else over an own one': ['a w x 1', 'b w x 2', 'a r x 2'],
  };
  for (const [what, lines] of Object.entries(KEPT)) {
    test(what, () => assert.deepEqual(sessionGuarantees(historyOf(...lines)).violations, []));
  }
});

describe('causal consistency is broken by', () => {
  test('operations that each follow from the next', () => {
    const history = historyOf('a r x 1', 'a w y 2', 'b r y 2', 'b w x 1').map((operation) => ({
      ...operation,
      endedMs: operation.name === 'read' ? 9 : 10,
      invokedMs: operation.name === 'read' ? 0 : 9,
    }));
    const { message, violations } = causallyConsistent(history);
    assert.equal(violations[0]?.kind, 'CyclicCO');
    assert.match(message, /each follows from the next: .* read .* wrote .* read .* wrote/);
  });

  test('a read of what was overwritten by something it follows from', () => {
    const history = historyOf('a w x 1', 'b r x 1', 'b w x 2', 'c r x 2', 'c r x 1');
    const { violations, message } = causallyConsistent(history);
    assert.deepEqual(
      violations.map(({ kind }) => kind),
      ['WriteCORead'],
    );
    assert.match(message, /^not causally consistent: c read 1 .*, though b wrote 2 to "x" .* before it/);
  });

  test('orders that differ, if it is to converge', () => {
    const history = historyOf('a w x 1', 'b w x 2', 'c r x 1', 'c r x 2', 'd r x 2', 'd r x 1');
    assert.equal(causallyConsistent(history).verdict, 'ok');
    const { verdict, violations, message } = causallyConsistent(history, { variant: 'CCv' });
    assert.deepEqual([verdict, violations[0]?.kind], ['illegal', 'CyclicCF']);
    assert.match(message, /^not causally convergent/);
  });
});

test('what is no history of registers is refused', () => {
  const overlap = historyOf('a w x 1', 'a r x 1').map((operation) => ({ ...operation, endedMs: 9 }));
  const refused: readonly (readonly [history: readonly Operation[], message: RegExp])[] = [
    [
      overlap,
      /client a began operation 1 \(read\) at 1 ms, while its operation 0 \(write\) was open until 9 ms/,
    ],
    [historyOf('a w x 1', 'b w x 1'), /operations 0 and 1 both write 1 to the key "x": expected distinct/],
    [[{ ...historyOf('a w x 1')[0], name: 'cas' } as Operation], /expected a name among read, get, write/],
    [historyOf('a w x -'), /operation 0 \(a write\): expected a value that is written, got `null`/],
  ];
  for (const [history, message] of refused) {
    assert.throws(
      () => sessionGuarantees(history),
      (error) => error instanceof HistoryError && message.test(error.message),
    );
  }
  assert.throws(() => causallyConsistent([], { variant: 'CM' as 'CC' }), OptionError);
});

test('operations of other names are read by what the caller says of them', () => {
  const history = historyOf('a w x 1', 'a r x -').map((operation, i) => ({
    ...operation,
    name: `call ${i}`,
  }));
  const { verdict } = sessionGuarantees(history, {
    access: ({ name, value }) => ({ kind: name === 'call 0' ? 'write' : 'read', value }),
  });
  assert.equal(verdict, 'illegal');
  assert.equal(sessionGuarantees(history, { access: () => undefined }).verdict, 'unknown');
});

test('too much work is not done', () => {
  const { verdict, message } = sessionGuarantees(historyOf('a w x 1', 'b r x 1'), { stepsMax: 3 });
  assert.equal(verdict, 'unknown');
  assert.match(message, /no answer within 3 steps, for 2 accesses of 2 clients .*: raise `stepsMax` to 4/);
});
