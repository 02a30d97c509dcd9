// Where everything stands in the picture: lanes, rows, folds, arrows, bands; one run, and two side by side.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alignedRows } from '../../../src/report/page/viewer/run/aligned-rows.ts';
import type { Arrow } from '../../../src/report/page/viewer/run/arrows.ts';
import { besideStory } from '../../../src/report/page/viewer/run/beside-story.ts';
import { laneOrder } from '../../../src/report/page/viewer/run/lanes.ts';
import { layoutOf } from '../../../src/report/page/viewer/run/layout.ts';
import type { Layout, PaneInput, PlacedSpan } from '../../../src/report/page/viewer/run/layout.ts';
import { Moments } from '../../../src/report/page/viewer/run/moments.ts';
import { laneNames, runModel } from '../../../src/report/page/viewer/run/run-model.ts';
import type { Mark, Row } from '../../../src/report/page/viewer/run/rows.ts';
import { LINE_HEIGHT } from '../../../src/report/page/viewer/run/scale.ts';
import { NO_FILTER, shownEntries } from '../../../src/report/page/viewer/run/shown-entries.ts';
import { spansOf } from '../../../src/report/page/viewer/run/spans.ts';
import type { RunReport } from '../../../src/report/document.ts';
import { BuiltTrace, doubleCharge, doubleChargeFailure, longRun } from './built-run.ts';
import { runReport } from '../documents.ts';

const failure = doubleChargeFailure();
const OPTIONS = { width: 900, isFolded: true, opened: new Set<number>() };

function pane(run: RunReport, story?: readonly number[], isEnding: boolean = true): PaneInput {
  const model = runModel(run);
  const { step, atMs, host, name } = failure;
  return {
    model,
    shown: shownEntries(model, { ...NO_FILTER, story }),
    showable: shownEntries(model, NO_FILTER),
    lanes: laneNames(model),
    spans: spansOf(run),
    ending: isEnding ? { step, atUs: atMs * 1000, host, text: name } : undefined,
  };
}

const everything = (layout: Layout): (Arrow | PlacedSpan)[] => [...layout.tall.between(0, layout.height)];
const arrowsOf = (layout: Layout): Arrow[] =>
  everything(layout).filter((one): one is Arrow & { pane: number } => one.kind === 'arrow');
const story = layoutOf([pane(failure.run, failure.slice)], OPTIONS);
const whole = layoutOf([pane(failure.run)], OPTIONS);

describe('rows', () => {
  test('stand below each other, a line apart, in the order of the trace', () => {
    for (const { ys, panes } of [story, whole]) {
      for (let i = 1; i < ys.length; i++) assert.ok((ys[i] ?? 0) - (ys[i - 1] ?? 0) >= LINE_HEIGHT);
      const firsts = panes[0]?.rows.map(({ first }) => first) ?? [];
      assert.deepEqual(
        firsts,
        firsts.toSorted((a, b) => a - b),
      );
    }
  });

  test('hold one step each, and every entry that is shown once', () => {
    const { shown, model } = pane(failure.run);
    const marks = whole.panes[0]?.rows.flatMap((row) => {
      for (const { index } of row.marks) if (index >= 0) assert.equal(model.trace[index]?.step, row.step);
      return row.marks.map(({ index }) => index);
    });
    const drawn = shown.filter(
      (i) => model.trace[i]?.kind !== 'step' || model.stepEntryOf(model.trace[i].step)?.host !== 'driver',
    );
    assert.deepEqual(marks, [...drawn, -1]);
  });

  test('let no label cover another, nor an arrow', () => {
    const trace = new BuiltTrace();
    trace.step(0, 'b', 'timer of 1 ms');
    for (let i = 1; i < 6; i++) trace.sent('b', i % 2 === 0 ? 'a' : 'c', `message ${i}`, { nth: i });
    trace.note('left', 'b');
    const [first, ...rest] =
      layoutOf(
        [pane(runReport({ hosts: ['a', 'b', 'c'], clients: [], trace: trace.entries }), undefined, false)],
        OPTIONS,
      ).panes[0]?.rows ?? [];
    assert.deepEqual(
      first?.marks.map(({ kind, side }) => [kind, side]),
      [['step', 1]],
    );
    assert.deepEqual(
      rest.map(({ marks }) => marks.map(({ side }) => side)),
      [
        [1, -1],
        [1, -1],
        [1, -1],
      ],
    );
  });

  test('end with the violation, on the lane of its host', () => {
    const last = story.panes[0]?.rows.at(-1);
    assert.equal(last?.step, failure.step);
    assert.deepEqual(
      last?.marks.map(({ kind, label }) => [kind, label]),
      [['violation', failure.name]],
    );
    assert.equal(last?.marks[0]?.x, story.panes[0]?.lanes.xOf.get('cards'));
  });
});

describe('folds', () => {
  test('take a long silence, and say how long it was', () => {
    const folds = story.folds.filter(({ silenceUs }) => silenceUs === 997_500);
    assert.equal(folds.length, 1);
    const unfolded = layoutOf([pane(failure.run, failure.slice)], { ...OPTIONS, isFolded: false });
    assert.ok(unfolded.folds.every(({ silenceUs, hidden }) => silenceUs === 0 || hidden > 0));
    assert.ok(unfolded.height > story.height);
  });

  test('open one by one, to scale', () => {
    const silent = story.folds.find(({ hidden, silenceUs }) => hidden === 0 && silenceUs > 50_000);
    assert.ok(silent !== undefined);
    const opened = layoutOf([pane(failure.run, failure.slice)], {
      ...OPTIONS,
      opened: new Set([silent.fromStep]),
    });
    assert.equal(opened.folds.length, story.folds.length - 1);
    assert.ok(opened.height > story.height);
  });

  test('count the events that the story leaves out, and no others', () => {
    const { showable, model } = pane(failure.run, failure.slice);
    const open = new Set(story.panes[0]?.rows.map(({ step }) => step));
    const left = showable.filter((i) => {
      const entry = model.trace[i];
      return entry !== undefined && entry.kind !== 'arrived' && !open.has(entry.step);
    });
    assert.equal(
      story.folds.reduce((sum, { hidden }) => sum + hidden, 0),
      left.length,
    );
    assert.ok(left.length > 5);
    assert.equal(
      whole.folds.reduce((sum, { hidden }) => sum + hidden, 0),
      0,
    );
  });
});

describe('arrows', () => {
  const named = (layout: Layout, label: RegExp): Arrow[] =>
    arrowsOf(layout).filter((arrow) => label.test(arrow.label));

  test('go from lane to lane and down, and say how long a message took', () => {
    const [arrow] = named(whole, /^POST \/charges$/);
    const { lanes } = whole.panes[0] as (typeof whole.panes)[number];
    assert.equal(arrow?.x1, lanes.xOf.get('orders'));
    assert.equal(arrow?.x2, lanes.xOf.get('payments'));
    assert.ok((arrow?.y2 ?? 0) > (arrow?.y1 ?? 0));
    assert.equal(arrow?.took, '2.5 ms');
    assert.equal(arrow?.end, 'head');
  });

  test('of a lost message end in a cross before they reach the lane', () => {
    const [arrow, ...rest] = named(whole, /dropped/);
    assert.deepEqual(rest, []);
    assert.equal(arrow?.end, 'cross');
    const { lanes } = whole.panes[0] as (typeof whole.panes)[number];
    assert.ok(
      (arrow?.x2 ?? 0) > (lanes.xOf.get('payments') ?? 0) && (arrow?.x2 ?? 0) < (lanes.xOf.get('cards') ?? 0),
    );
  });

  test('of a message that arrives twice are two', () => {
    const [copy, ...rest] = arrowsOf(whole).filter(({ isCopy }) => isCopy);
    assert.deepEqual(rest, []);
    const first = arrowsOf(whole).find((arrow) => arrow.index === copy?.index && !arrow.isCopy);
    assert.ok((copy?.y2 ?? 0) > (first?.y2 ?? Infinity));
  });

  test('that would be very long are drawn where they begin and where they end', () => {
    const trace = new BuiltTrace();
    trace.step(0, 'a', 'timer of 1 ms');
    const late = trace.sent('a', 'b', 'late');
    for (let i = 1; i < 200; i++) trace.step(i, 'a', 'timer of 1 ms');
    trace.arrived(300, late);
    const layout = layoutOf(
      [pane(runReport({ hosts: ['a', 'b'], clients: [], trace: trace.entries }), undefined, false)],
      OPTIONS,
    );
    assert.deepEqual(
      arrowsOf(layout).map(({ end }) => end),
      ['far', 'head'],
    );
    for (const { y1, y2 } of arrowsOf(layout)) assert.ok(y2 - y1 <= 3 * LINE_HEIGHT);
  });
});

describe('bands and bars', () => {
  const spans = spansOf(failure.run).map(({ kind, lane, outcome }) =>
    `${kind} ${lane} ${outcome ?? ''}`.trim(),
  );

  test('show who was down, what was cut, and the operations of clients', () => {
    assert.deepEqual(spans.toSorted(), [
      'down inventory',
      'fault inventory',
      'fault orders',
      'operation shopper pending',
    ]);
  });

  test('reach from where it began to where it ended', () => {
    const down = everything(whole).find(
      (one): one is PlacedSpan & { pane: number } => one.kind === 'span' && one.span.kind === 'down',
    );
    const { yOf } = whole.panes[0] as (typeof whole.panes)[number];
    assert.equal(down?.y1, yOf(down?.span.from ?? 0));
    assert.equal(down?.y2, yOf(down?.span.to ?? 0));
    assert.ok((down?.y2 ?? 0) - (down?.y1 ?? 0) >= LINE_HEIGHT);
  });

  test('put operations of one client that overlap beside each other', () => {
    const trace = new BuiltTrace();
    trace.step(0, 'shopper', 'timer of 1 ms');
    trace.operation('shopper', 'a', 0, 'invoke');
    trace.operation('shopper', 'b', 1, 'invoke');
    trace.operation('shopper', 'a', 0, 'ok');
    trace.operation('shopper', 'c', 2, 'invoke');
    const columns = spansOf(runReport({ trace: trace.entries, history: [] })).map(({ text, column }) => [
      text,
      column,
    ]);
    assert.deepEqual(Object.fromEntries(columns), { a: 0, b: 1, c: 0 });
  });
});

describe('two runs side by side', () => {
  const passed = doubleCharge(false);
  const { difference } = failure.neighbour ?? {};
  const model = runModel(failure.run);
  const passedModel = runModel(passed);
  const beside = besideStory(model, failure.slice, passedModel, difference?.passed);
  const layout = layoutOf([pane(failure.run, failure.slice), pane(passed, beside, false)], {
    ...OPTIONS,
    width: 1400,
  });

  test('have what happened in both on one line, up to the first difference', () => {
    const moments = new Moments(layout);
    const line = moments.lineOfEntry(0, difference?.failed ?? -1);
    assert.equal(line, moments.lineOfEntry(1, difference?.passed ?? -1));
    assert.ok((line ?? 0) > 3);
    const alone = layout.lines.slice(0, line).filter((rows) => rows.includes(-1));
    const kinds = alone.map(([row]) => layout.panes[0]?.rows[row ?? -1]?.marks.map(({ kind }) => kind));
    // The fault itself, which the other run is without.
    assert.deepEqual(kinds, [['fault']]);
  });

  test('follow virtual time after it', () => {
    const times = layout.times.map(({ atUs }) => atUs);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.ok(layout.lines.some(([left, right]) => left === -1 && (right ?? -1) >= 0));
  });

  test('show what the difference led to, to the good end', () => {
    const texts = beside.map((i) => JSON.stringify(passed.trace[i]));
    assert.ok(texts.some((text) => text.includes('"type":"ok"')));
    assert.ok(!texts.some((text) => text.includes('inventory')), 'what the story leaves out');
  });

  test('find the partner of an event among those of the same time', () => {
    const row = (key: string, atUs: number): Row => ({
      step: 1,
      atUs,
      first: 0,
      last: 0,
      marks: [mark(key)],
    });
    const mark = (label: string): Mark => ({ index: 0, kind: 'note', tone: 'plain', x: 0, side: 1, label });
    const key = ({ marks }: Row): string => marks[0]?.label ?? '';
    const left = [row('b', 5), row('c', 5), row('d', 7)];
    const right = [row('a', 5), row('b', 5), row('c', 6), row('d', 7)];
    assert.deepEqual(alignedRows([left, right], [key, key]), [
      [-1, 0],
      [0, 1],
      [1, -1],
      [-1, 2],
      [2, 3],
    ]);
  });

  test('do not cover each other', () => {
    const [left, right] = layout.panes;
    assert.ok((left?.lanes.right ?? Infinity) < (right?.lanes.left ?? 0));
  });
});

describe('a run of 20,000 events', () => {
  test('is laid out so that a view finds what it shows without looking at the rest', () => {
    const long = longRun(20_000);
    const layout = layoutOf([pane(long.run, undefined, false)], OPTIONS);
    assert.ok(layout.ys.length > 8000);
    const middle = layout.height / 2;
    assert.ok(layout.tall.between(middle, middle + 800).size < 200);
  });
});

test('lanes are those of clients, then of hosts as the story speaks of them', () => {
  const { trace, clients } = failure.run;
  assert.deepEqual(
    laneOrder(trace, failure.slice, ['inventory', 'cards', 'payments', 'orders', 'shopper'], clients),
    ['shopper', 'orders', 'payments', 'cards', 'inventory'],
  );
});
