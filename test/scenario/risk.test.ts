import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { swarm, type SwarmOptions } from '../../src/faults/budget.ts';
import { riskOf, riskText } from '../../src/scenario/risk.ts';

describe('the risk of a fault budget', () => {
  const cases: [options: SwarmOptions, text: string][] = [
    [{}, 'calm: no faults'],
    [{ drop: false, crash: [] }, 'calm: no faults'],
    [{ drop: true, delay: ['a -> b'] }, 'drop, delay'],
    [{ drop: true, crash: ['a'] }, 'drop, crash; survives 1 host down'],
    [{ powerLoss: ['a'], survivable: { hostsDown: 2 } }, 'powerLoss; survives 2 hosts down'],
    [
      { pause: ['a'], partition: true, horizonMs: 50, survivable: { partitionsHealWithinMs: 500 } },
      'pause, partition; survives partitions of 500 ms',
    ],
    [
      { stop: ['a', 'b'], survivable: { hostsDown: 0, neverCrash: ['a'], disksFaulty: 1 } },
      'stop; survives 0 hosts down, a never down, 1 faulty disk',
    ],
    [
      { drop: true, survivable: { core: { of: ['a', 'b', 'c'], size: 2 } } },
      'drop; survives with any 2 of a, b, c',
    ],
    [{ drop: true, survivable: { core: [['a', 'b'], ['c']] } }, 'drop; survives with a, b or c alone'],
  ];
  for (const [options, text] of cases) {
    test(text, () => {
      assert.equal(riskText(riskOf(swarm(options))), text);
    });
  }

  test('is none without a budget', () => {
    assert.deepEqual(riskOf(undefined), { faults: [], survives: [] });
  });
});
