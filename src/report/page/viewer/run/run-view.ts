// Holds a run together on the screen: turns the choices of a reader into a layout, and tells every part what
// to show.

import type { FailureReport } from '../../../document.ts';
import { hashOfStep, placeIn } from '../place.ts';
import { besideStory } from './beside-story.ts';
import { ancestors, causesOf, wayBack } from './causes.ts';
import { Details } from './details.ts';
import { moment, sentenceOf } from './event-text.ts';
import { EventList, listedEvents } from './event-list.ts';
import type { ListedEvent } from './event-list.ts';
import { laneOrder, namesIn } from './lanes.ts';
import { layoutOf } from './layout.ts';
import type { Layout, PaneInput } from './layout.ts';
import { Moments } from './moments.ts';
import { Picture } from './picture.ts';
import type { Selected } from './picture.ts';
import { laneNames, runModel } from './run-model.ts';
import type { RunModel } from './run-model.ts';
import { shownEntries } from './shown-entries.ts';
import { spansOf } from './spans.ts';
import type { Span } from './spans.ts';
import { Stepper } from './stepper.ts';
import { Toolbar } from './toolbar.ts';
import { firstState } from './view-state.ts';
import type { ViewState } from './view-state.ts';

interface Shown {
  readonly model: RunModel;
  readonly story: readonly number[];
  readonly spans: readonly Span[];
}

/** The address is written when a reader has stopped, not at each step: browsers allow only so many. */
const ADDRESS_MS = 200;

/** What fits on a page, in pixels. */
const PAPER_WIDTH = 690;

/** A run on the screen. */
export class RunView {
  readonly toolbar: Toolbar;
  readonly stepper: Stepper;
  readonly picture: Picture;
  readonly details: Details;
  readonly list: EventList;
  readonly #failure: FailureReport;
  readonly #runs: readonly Shown[];
  readonly #names: readonly string[];
  readonly #titles: readonly string[];
  readonly #way: readonly number[];
  #state: ViewState;
  #layout!: Layout;
  #moments!: Moments;
  #events: readonly ListedEvent[] = [];
  #causes: { readonly of: string; readonly steps: ReadonlySet<number> } = { of: '', steps: new Set() };
  #paperWidth: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(failure: FailureReport) {
    this.#failure = failure;
    this.#runs = runsOf(failure);
    const { model } = this.#runs[0] as Shown;
    this.#names = laneOrder(model.trace, failure.slice, laneNames(model), failure.run.clients);
    this.#titles = titlesOf(failure);
    this.#way = wayBack(model, failure.step, failure.slice);
    const asked = placeIn(location.hash).step ?? failure.step;
    this.#state = firstState({ pane: 0, step: asked }, failure.slice.length > 0);
    const change = (changes: Partial<ViewState>): void => this.change(changes);
    const beside = failure.neighbour === undefined ? undefined : this.#titles[1];
    this.toolbar = new Toolbar({ names: this.#names, hasStory: failure.slice.length > 0, beside }, change);
    this.stepper = new Stepper({
      toMoment: (place) => this.toMoment(place),
      toViolation: () => this.toViolation(),
      back: () => this.back(),
    });
    this.picture = new Picture({
      select: (selected) => this.select(selected),
      openFold: (i) => this.openFold(i),
    });
    const violation = { step: failure.step, message: failure.message };
    const detailed = this.#runs.map((run, i) => ({
      model: run.model,
      title: this.#titles[i] ?? '',
      violation: i === 0 ? violation : undefined,
    }));
    this.details = new Details(detailed, (pane, step) => this.select({ pane, step }));
    this.list = new EventList(this.#titles);
  }

  /** Shows it for the first time, now that it has a width. */
  start(): void {
    this.#lay();
    this.#ensureShown();
    this.#show(true);
  }

  /** Takes over choices of the reader. */
  change(changes: Partial<ViewState>): void {
    this.#state = { ...this.#state, ...changes };
    if (!this.#state.isBeside && this.#state.selected.pane === 1) {
      this.#state = { ...this.#state, selected: { pane: 0, step: this.#failure.step } };
    }
    this.#lay();
    this.#show(true);
  }

  /** Lays out anew: the width has changed. */
  resized(): void {
    this.#lay();
    this.#show(false);
  }

  /** Shows all at once, as wide as paper; and as before after that. */
  print(isPrinting: boolean): void {
    this.#paperWidth = isPrinting ? PAPER_WIDTH : undefined;
    this.#lay();
    this.#show(false);
    this.picture.printAll(this.#paperWidth);
  }

  select(selected: Selected): void {
    if (this.#runs[selected.pane]?.model.rangeOf(selected.step).to === 0) return;
    this.#state = { ...this.#state, selected };
    this.#ensureShown();
    this.#show(false);
    this.stepper.announce(this.#sentence());
    clearTimeout(this.#timer);
    if (selected.pane !== 0) return;
    this.#timer = setTimeout(() => {
      if (this.picture.element.isConnected) history.replaceState(null, '', hashOfStep(selected.step));
    }, ADDRESS_MS);
  }

  toMoment(place: number): void {
    const selected = this.#moments.at(Math.max(0, Math.min(this.#moments.length - 1, place)));
    if (selected !== undefined) this.select(selected);
  }

  /** One event on, or back in time. */
  move(by: number): void {
    this.toMoment(this.#moments.placeOf(this.#state.selected) + by);
  }

  toViolation(): void {
    this.select({ pane: 0, step: this.#failure.step });
  }

  /** Back to what led here: along the way from the violation to the first fault, and beyond it. */
  back(): void {
    const { pane, step } = this.#state.selected;
    const { model } = this.#runs[pane] as Shown;
    const isOnWay = pane === 0 && this.#way.includes(step);
    const causes = isOnWay ? [] : causesOf(model, step).map((cause) => cause.step);
    const next = causes[0] ?? (pane === 0 ? this.#way.find((earlier) => earlier < step) : undefined);
    if (next === undefined) this.stepper.announce('This is where it begins.');
    else this.select({ pane, step: next });
  }

  /** Forward again, on the way to the violation; off it, to what a step led to. */
  forward(): void {
    const { pane, step } = this.#state.selected;
    const { model } = this.#runs[pane] as Shown;
    const isOnWay = pane === 0 && this.#way.includes(step);
    const next = isOnWay ? this.#way.findLast((later) => later > step) : model.effectsOf(step)[0];
    if (next !== undefined) this.select({ pane, step: next });
  }

  /** To the next place at which something befell somebody, or the one before. */
  toFault(direction: 1 | -1): void {
    const { selected } = this.#state;
    const events = this.#events.filter(({ tone }) => tone !== 'plain');
    const found =
      direction === 1
        ? events.find(({ step }) => step > selected.step)
        : events.findLast(({ step }) => step < selected.step);
    if (found !== undefined) this.select({ pane: found.pane, step: found.step });
  }

  openFold(place: number): void {
    const fold = this.#layout.folds[place];
    if (fold === undefined) return;
    const { opened, openedSilences, isStory } = this.#state;
    const range = [fold.fromStep, fold.toStep] as const;
    if (fold.hidden === 0)
      this.#state = { ...this.#state, openedSilences: new Set([...openedSilences, fold.fromStep]) };
    else if (isStory) this.#state = { ...this.#state, opened: [...opened, range] };
    else this.#state = { ...this.#state, text: '' };
    this.#lay();
    this.#show(undefined);
  }

  /** Opens the story at the step that is selected, if the story leaves it out. */
  #ensureShown(): void {
    const { selected, isStory, opened } = this.#state;
    if (!isStory || this.#moments.isShown(selected)) return;
    this.#state = { ...this.#state, opened: [...opened, [selected.step, selected.step]] };
    this.#lay();
  }

  #lay(): void {
    const { isBeside, isFolded, openedSilences } = this.#state;
    const runs = isBeside ? this.#runs : this.#runs.slice(0, 1);
    const inputs = runs.map((run, pane) => this.#input(run, pane));
    const lanes = this.#lanes(inputs);
    const width = this.#paperWidth ?? Math.max(320, this.picture.element.clientWidth);
    this.#layout = layoutOf(
      inputs.map((input) => ({ ...input, lanes })),
      { width, isFolded, opened: openedSilences },
    );
    this.#moments = new Moments(this.#layout);
    const models = runs.map(({ model }) => model);
    this.#events = listedEvents(this.#layout, models, this.#failure.message);
  }

  #input({ model, story, spans }: Shown, pane: number): Omit<PaneInput, 'lanes'> {
    const { isStory, opened, hiddenHosts, hiddenKinds, text } = this.#state;
    const filter = { story: isStory ? story : undefined, opened, hiddenHosts, hiddenKinds, text };
    const { step, atMs, host, name } = this.#failure;
    const isFiltered = isStory || text.trim() !== '';
    const shown = shownEntries(model, filter);
    return {
      model,
      shown,
      showable: isFiltered ? shownEntries(model, { ...filter, story: undefined, text: '' }) : shown,
      spans,
      ending: pane === 0 ? { step, host, atUs: atMs * 1000, text: name } : undefined,
    };
  }

  /** Both runs have the same lanes: of those whom the events that are shown are about. */
  #lanes(inputs: readonly Omit<PaneInput, 'lanes'>[]): string[] {
    const seen = new Set([this.#failure.host]);
    for (const { model, shown } of inputs) for (const name of namesIn(model.trace, shown)) seen.add(name);
    return this.#names.filter((name) => seen.has(name) && !this.#state.hiddenHosts.has(name));
  }

  /** @param isCentred - Whether a step out of sight comes to the middle; undefined to leave it there. */
  #show(isCentred: boolean | undefined): void {
    const { selected, isBeside } = this.#state;
    this.picture.element.closest('.run-view')?.classList.toggle('is-beside', isBeside);
    const titles = isBeside ? this.#titles : this.#titles.slice(0, 1);
    this.picture.show({
      layout: this.#layout,
      selected,
      causes: this.#causesOf(selected),
      differs: isBeside ? this.#firstDifference() : undefined,
      titles,
      clients: new Set(this.#failure.run.clients),
    });
    const line = this.#moments.lineOf(selected);
    if (line !== undefined && isCentred !== undefined) this.picture.reveal(line, isCentred);
    this.details.show(selected.pane, selected.step);
    this.list.show(this.#events, selected, isBeside);
    this.toolbar.show(this.#state, this.#status());
    const { model } = this.#runs[selected.pane] as Shown;
    const atUs = model.trace[model.rangeOf(selected.step).from]?.atUs ?? 0;
    const place = this.#moments.placeOf(selected);
    this.stepper.show(place, this.#moments.length, `${moment(atUs)} ms`, this.#sentence());
  }

  #causesOf({ pane, step }: Selected): ReadonlySet<number> {
    const of = `${pane} ${step}`;
    if (this.#causes.of !== of) {
      this.#causes = { of, steps: ancestors((this.#runs[pane] as Shown).model, step) };
    }
    return this.#causes.steps;
  }

  #firstDifference(): number | undefined {
    const { failed, passed } = this.#failure.neighbour?.difference ?? {};
    const inFailed = failed === undefined ? undefined : this.#moments.lineOfEntry(0, failed);
    return inFailed ?? (passed === undefined ? undefined : this.#moments.lineOfEntry(1, passed));
  }

  #status(): string {
    const { isStory, text } = this.#state;
    const shown = this.#events.length;
    const hidden = this.#layout.folds.reduce((sum, fold) => sum + fold.hidden, 0);
    const count = (n: number): string => n.toLocaleString('en-US');
    if (!isStory && text.trim() === '') return `${count(shown)} events`;
    return `${count(shown)} of ${count(shown + hidden)} events`;
  }

  #sentence(): string {
    const { pane, step } = this.#state.selected;
    const { model } = this.#runs[pane] as Shown;
    const { from, to } = model.rangeOf(step);
    const entries = model.trace.slice(from, to);
    const told = entries.filter(({ kind }) => kind !== 'step' && kind !== 'state');
    const sentences = (told.length > 0 ? told : entries).slice(0, 4).map(sentenceOf);
    const violated =
      pane === 0 && step === this.#failure.step ? [`the violation: ${this.#failure.message}`] : [];
    return `${moment(entries[0]?.atUs ?? 0)} ms, step ${step}: ${[...sentences, ...violated].join('; ')}`;
  }
}

function runsOf({ run, slice, neighbour }: FailureReport): Shown[] {
  const model = runModel(run);
  if (neighbour === undefined) return [{ model, story: slice, spans: spansOf(run) }];
  const { difference, run: passed } = neighbour;
  const passedModel = runModel(passed);
  const differs = difference?.failed === undefined ? [] : [difference.failed];
  return [
    { model, story: [...slice, ...differs], spans: spansOf(run) },
    {
      model: passedModel,
      story: besideStory(model, slice, passedModel, difference?.passed),
      spans: spansOf(passed),
    },
  ];
}

function titlesOf({ neighbour, faults }: FailureReport): string[] {
  if (neighbour === undefined) return ['This run fails'];
  const without = faults[neighbour.without]?.text;
  return ['This run fails', without === undefined ? 'This one passes' : `Passes, without: ${without}`];
}
