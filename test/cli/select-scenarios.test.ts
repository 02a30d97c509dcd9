import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Selection } from '../../src/cli/select-scenarios.ts';

const ALL = [
  { name: 'Checkout pays once', tags: ['critical', 'payments'] },
  { name: 'checkout is quick', tags: ['slow'] },
  { name: 'lease lock', tags: ['critical', 'slow'] },
  { name: 'outbox', tags: [] },
];

function chosen(words: { grep?: string[]; tag?: string[] }): string[] {
  const selection = new Selection(words);
  const names = selection.of(ALL).map(({ name }) => name);
  selection.check();
  return names;
}

describe('--grep and --tag', () => {
  const cases: [words: { grep?: string[]; tag?: string[] }, names: number[]][] = [
    [{}, [0, 1, 2, 3]],
    [{ grep: ['checkout'] }, [0, 1]],
    [{ grep: ['/^checkout/'] }, [1]],
    [{ grep: ['/^checkout/i'] }, [0, 1]],
    [{ grep: ['/o/g'] }, [0, 1, 2, 3].filter((i) => ALL[i]?.name.includes('o'))],
    [{ grep: ['lease', 'outbox'] }, [2, 3]],
    [{ grep: ['is quick'] }, [1]],
    [{ tag: ['critical'] }, [0, 2]],
    [{ tag: ['payments', 'slow'] }, [0, 1, 2]],
    [{ tag: ['!slow'] }, [0, 3]],
    [{ tag: ['critical', '!slow'] }, [0]],
    [{ tag: ['!slow', '!critical'] }, [3]],
    [{ grep: ['checkout'], tag: ['slow'] }, [1]],
  ];
  for (const [words, places] of cases) {
    test(`select by ${JSON.stringify(words)}`, () => {
      assert.deepEqual(
        chosen(words),
        places.map((i) => ALL[i]?.name),
      );
    });
  }

  const refused: [words: { grep?: string[]; tag?: string[] }, message: RegExp][] = [
    [{ grep: ['outbax'] }, /^No scenario has "outbax" in its name: did you mean "outbox"\?$/],
    [
      { grep: ['payroll department'] },
      /in its name\. Known: "Checkout pays once", "checkout is quick", "lease lock", "outbox"\.$/,
    ],
    [{ tag: ['slwo'] }, /^No scenario has the tag "slwo": did you mean "slow"\?$/],
    [{ grep: ['outbox'], tag: ['slow'] }, /^No scenario has "outbox" in its name, and the tag "slow"\.$/],
    [{ grep: ['checkout'], tag: ['!slow', '!payments'] }, /and no tag "slow" or "payments"\.$/],
    [{ grep: [''] }, /^Expected --grep to be a part of a name, or \/a pattern\/, got ""\.$/],
    [{ grep: ['/(/'] }, /^Expected --grep to be a part of a name, or \/a pattern\/: Invalid regular/],
    [{ tag: ['!'] }, /^Expected --tag to name a tag, got "!"\.$/],
  ];
  for (const [words, message] of refused) {
    test(`refuse ${JSON.stringify(words)}`, () => {
      assert.throws(() => chosen(words), { name: 'UsageError', message });
    });
  }

  test('list a dozen names at most to who selects none', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `scenario number ${i}`, tags: [] }));
    const selection = new Selection({ grep: ['entirely different words'] });
    selection.of(many);
    assert.throws(() => selection.check(), /"scenario number 11", and 18 more\.$/);
  });

  test('have nothing to say where there is no scenario at all', () => {
    const selection = new Selection({ grep: ['x'] });
    selection.of([]);
    selection.check();
  });
});
