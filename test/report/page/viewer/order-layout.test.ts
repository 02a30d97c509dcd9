// Where operations go in the picture of an order: in columns of time, points inside of their bars.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderEvidence } from '../../../../src/history/evidence.ts';
import type { Operation } from '../../../../src/history/operation.ts';
import { layOut } from '../../../../src/report/page/viewer/evidence/order-layout.ts';

interface Given {
  readonly operations: readonly Operation[];
  readonly evidence: OrderEvidence;
}

/** Operations with effects at known times: sorted by these, they are an order that explains them. */
const orders: fc.Arbitrary<Given> = fc
  .array(
    fc.record({
      client: fc.constantFrom('a', 'b', 'c'),
      effectMs: fc.integer({ min: 0, max: 100 }),
      beforeMs: fc.nat(20),
      afterMs: fc.nat(20),
      isEnded: fc.boolean(),
    }),
    { minLength: 2, maxLength: 40 },
  )
  .map((drawn) => {
    const operations = drawn
      .toSorted((a, b) => a.effectMs - b.effectMs)
      .map(({ client, effectMs, beforeMs, afterMs, isEnded }, id): Operation => ({
        ...{ id, client, name: 'write', input: id, invokedMs: effectMs - beforeMs },
        ...(isEnded ? { type: 'ok', endedMs: effectMs + afterMs } : { type: 'info' }),
      }));
    const named = operations.map(({ id }) => ({ operation: id, text: `write ${id}` }));
    const culprit = named.at(-1) ?? { operation: 0, text: '' };
    const prefix = named.slice(0, -1).map((entry, i) => ({ ...entry, state: `state ${i}` }));
    return {
      operations,
      evidence: { kind: 'order', promise: 'linearizable', prefix, culprit, open: [culprit] },
    };
  });

test('puts each point inside of the bar of its operation, after the point before it', () => {
  fc.assert(
    fc.property(orders, ({ operations, evidence }) => {
      const { bars, points, columns, leftOut } = layOut(evidence, operations);
      assert.equal(points.length, Math.min(20, evidence.prefix.length));
      assert.equal(leftOut, evidence.prefix.length - points.length);
      assert.deepEqual(
        columns,
        columns.toSorted((a, b) => a - b),
      );
      points.forEach((point, i) => {
        const bar = bars.find(({ operation }) => operation.id === point.operation);
        assert.ok(bar !== undefined && bar.from < point.column && point.column < bar.to);
        assert.equal(bar.lane, point.lane);
        assert.equal(point.nth, leftOut + i + 1);
        assert.ok(i === 0 || (points[i - 1]?.column ?? 0) < point.column);
      });
    }),
  );
});

test('gives each lane one client, whose bars in it do not overlap', () => {
  fc.assert(
    fc.property(orders, ({ operations, evidence }) => {
      const { bars, lanes } = layOut(evidence, operations);
      lanes.forEach((client, lane) => {
        const own = bars.filter((bar) => bar.lane === lane).toSorted((a, b) => a.from - b.from);
        assert.ok(own.length > 0);
        own.forEach((bar, i) => {
          assert.equal(bar.operation.client, client);
          assert.ok(i === 0 || (own[i - 1]?.to ?? 0) < bar.from);
        });
      });
    }),
  );
});

test('marks the culprit, and leaves out operations that the history does not have', () => {
  const operations: Operation[] = [
    { id: 3, client: 'a', name: 'read', input: null, invokedMs: 4, type: 'ok', endedMs: 9 },
  ];
  const { bars, points, stuck } = layOut(
    {
      ...{ kind: 'order', promise: 'linearizable' },
      prefix: [{ operation: 7, text: 'write 1', state: '1' }],
      culprit: { operation: 3, text: 'read 2' },
      open: [],
    },
    operations,
  );
  assert.deepEqual([bars.length, bars[0]?.role, points.length, stuck], [1, 'culprit', 0, 1]);
});
