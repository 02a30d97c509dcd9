// What is shown of a run: the story, everything, and what filters leave.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runModel } from '../../../src/report/page/viewer/run/run-model.ts';
import {
  NO_FILTER,
  hostsOf,
  kindOf,
  shownEntries,
} from '../../../src/report/page/viewer/run/shown-entries.ts';
import type { Filter, Kind } from '../../../src/report/page/viewer/run/shown-entries.ts';
import { BuiltTrace, doubleChargeFailure } from './built-run.ts';
import { runReport } from '../documents.ts';

const failure = doubleChargeFailure();
const model = runModel(failure.run);
const entries = (filter: Partial<Filter>): (typeof model.trace)[number][] =>
  shownEntries(model, { ...NO_FILTER, ...filter }).map((i) => model.trace[i]!);

describe('what is shown', () => {
  test('is the story, with the arrivals of its messages', () => {
    const shown = shownEntries(model, { ...NO_FILTER, story: failure.slice });
    const added = shown.filter((i) => !failure.slice.includes(i));
    assert.ok(added.length > 0);
    for (const i of added) assert.ok(failure.slice.includes(model.sentOf[i] ?? -1));
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => a - b),
    );
  });

  test('is everything on demand, but for events that their message or host shows', () => {
    const left = model.trace.filter((entry) => !entries({}).includes(entry));
    assert.ok(left.length > 10);
    for (const entry of left) {
      assert.ok(entry.kind === 'step');
      const { from, to } = model.rangeOf(entry.step);
      const isTold = model.trace.slice(from, to).some(({ kind }) => kind === 'arrived' || kind === 'host');
      assert.ok(isTold || entry.host === 'driver');
    }
  });

  test('grows by the steps that were opened', () => {
    const crash = model.trace.find((entry) => entry.kind === 'host' && entry.change === 'crashed')!;
    assert.ok(!entries({ story: failure.slice }).includes(crash));
    assert.ok(entries({ story: failure.slice, opened: [[crash.step, crash.step]] }).includes(crash));
    const all = entries({ story: failure.slice, opened: [[-Infinity, Infinity]] });
    assert.deepEqual(all, entries({}));
  });
});

describe('filters', () => {
  test('leave out a host, with all messages from and to it', () => {
    const shown = entries({ hiddenHosts: new Set(['inventory']) });
    assert.ok(shown.length < entries({}).length);
    assert.deepEqual(
      shown.flatMap(hostsOf).filter((host) => host === 'inventory'),
      [],
    );
  });

  test('leave out each kind, and nothing else', () => {
    const kinds = new Set(model.trace.map(kindOf));
    assert.deepEqual([...kinds].toSorted(), [
      'faults',
      'logs',
      'messages',
      'notes',
      'operations',
      'state',
      'timers',
    ]);
    for (const kind of kinds) {
      const shown = entries({ hiddenKinds: new Set<Kind>([kind]) });
      assert.deepEqual(
        shown,
        entries({}).filter((entry) => kindOf(entry) !== kind),
      );
    }
  });

  test('know the opening of connections as routine, but not where something befell it', () => {
    const trace = new BuiltTrace();
    trace.step(0, 'a', 'boot');
    trace.sent('a', 'b', '8080', { message: 'connection' });
    trace.sent('a', 'b', '8080', { message: 'connection', nth: 2, fate: 'refused' });
    const built = runModel(runReport({ trace: trace.entries }));
    const shown = shownEntries(built, { ...NO_FILTER, hiddenKinds: new Set<Kind>(['routine', 'timers']) });
    assert.deepEqual(shown, [2]);
  });

  test('find text in sentences, bodies, headers and state, in whatever case', () => {
    assert.deepEqual(
      entries({ text: 'VISA' }).map(({ kind }) => kind),
      ['sent'],
    );
    assert.deepEqual(
      entries({ text: 'ch-2' }).map(({ kind }) => kind),
      ['state'],
    );
    assert.ok(entries({ text: 'Content-Type: application' }).length > 5);
    assert.deepEqual(entries({ text: 'nowhere' }), []);
  });
});
