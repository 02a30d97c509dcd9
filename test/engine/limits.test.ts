import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLimits, type Limits } from '../../src/engine/limits.ts';

test('limits that are not given have their defaults', () => {
  assert.deepEqual(checkLimits({ stepsMax: 5, virtualMsMax: 1.5 }), {
    stepsMax: 5,
    virtualUsMax: 1_500,
    stepsAtOneTimeMax: 10_000,
    ticksPerStepMax: 1_000_000,
    hangMs: 5_000,
  });
});

test('a limit that is no number it can be is refused by its name', () => {
  const counts = ['stepsMax', 'stepsAtOneTimeMax', 'ticksPerStepMax', 'hangMs'] as const;
  for (const name of counts) {
    for (const value of [0, -1, 1.5, NaN, Infinity, '10', 2 ** 60]) {
      assert.throws(() => checkLimits({ [name]: value }), {
        code: 'WT_OPTION',
        message: new RegExp(`^Expected \`limits.${name}\` to be an integer >= 1, got`),
      });
    }
  }
  for (const value of [-1, NaN, Infinity, '10']) {
    assert.throws(() => checkLimits({ virtualMsMax: value } as Limits), {
      code: 'WT_OPTION',
      message: /^Expected `limits.virtualMsMax` to be a finite number of milliseconds/,
    });
  }
});
