// The picture on the screen: draws what is in view, and no more. Everything about places comes from
// `layout.ts`; while scrolling only elements near the view are made.

import { element, replaceChildren, setAttribute, svgElement } from '../element.ts';
import { drawnArrow, drawnFold, drawnMark, drawnSpan, drawnTime } from './drawn-marks.ts';
import type { Belongs } from './drawn-marks.ts';
import { GUTTER } from './layout.ts';
import type { Layout, Pane } from './layout.ts';
import type { Row } from './rows.ts';
import { LINE_HEIGHT, lowerBound } from './scale.ts';

/** A step of one of the runs that are shown. */
export interface Selected {
  readonly pane: number;
  readonly step: number;
}

/** What a picture shows. */
export interface PictureView {
  readonly layout: Layout;
  readonly selected: Selected;
  /** The steps that led to the one that is selected, in its run. */
  readonly causes: ReadonlySet<number>;
  /** The first difference, as a line of the picture. */
  readonly differs: number | undefined;
  /** Names above the lanes, for each run. */
  readonly titles: readonly string[];
  readonly clients: ReadonlySet<string>;
}

/** What a reader does with a picture. */
export interface PictureActions {
  select(selected: Selected): void;
  openFold(place: number): void;
}

/** How much is drawn above and below the view, and how near its end may come; in heights of the view. */
const BEYOND = 0.6;
const NEAR = 0.1;

/** The picture. */
export class Picture {
  readonly element: HTMLElement;
  readonly #canvas: HTMLElement;
  readonly #head: HTMLElement;
  readonly #svg: SVGSVGElement;
  #view: PictureView | undefined;
  #drawn = { from: 0, to: -1 };
  #isAsked = false;
  #isWhole = false;

  constructor(actions: PictureActions) {
    this.#head = element('div', { class: 'lane-heads', 'aria-hidden': 'true' });
    this.#svg = svgElement('svg', { class: 'picture-svg', 'aria-hidden': 'true', focusable: 'false' });
    this.#canvas = element('div', { class: 'picture-canvas' }, this.#svg);
    this.element = element(
      'div',
      {
        class: 'picture',
        tabindex: 0,
        role: 'application',
        'aria-roledescription': 'picture of a run',
        'aria-label': 'The run as a picture. The same stands below as a list.',
        'aria-describedby': 'run-keys',
      },
      this.#head,
      this.#canvas,
    );
    this.element.addEventListener('scroll', () => this.#ask(), { passive: true });
    this.#svg.addEventListener('click', (event) => this.#clicked(event, actions));
    new ResizeObserver(() => this.#ask()).observe(this.element);
  }

  /** Shows something else, or the same with another step selected. */
  show(view: PictureView): void {
    const isNew = this.#view?.layout !== view.layout;
    this.#view = view;
    if (isNew) {
      const { width, height } = view.layout;
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
      this.#drawHeads(view);
    }
    this.#draw();
  }

  /** Scrolls so far that a line can be seen, and the lanes that it is about. */
  reveal(line: number, isCentred: boolean): void {
    const y = this.#view?.layout.ys[line];
    if (y === undefined) return;
    this.#revealLane(line);
    const { scrollTop, clientHeight } = this.element;
    const headHeight = this.#head.offsetHeight;
    const isSeen = y - LINE_HEIGHT > scrollTop && y + headHeight + LINE_HEIGHT < scrollTop + clientHeight;
    if (isSeen) return;
    const isFar = y < scrollTop - clientHeight || y > scrollTop + 2 * clientHeight;
    if (isCentred || isFar) this.element.scrollTop = y - (clientHeight - headHeight) / 2;
    else if (y - LINE_HEIGHT <= scrollTop) this.element.scrollTop = y - 2 * LINE_HEIGHT;
    else this.element.scrollTop = y - clientHeight + headHeight + 2 * LINE_HEIGHT;
    this.#ask();
  }

  #revealLane(line: number): void {
    const { layout, selected } = this.#view as PictureView;
    const row = layout.panes[selected.pane]?.rows[layout.lines[line]?.[selected.pane] ?? -1];
    const x = row?.marks.find((mark) => mark.x !== undefined)?.x;
    const { scrollLeft, clientWidth } = this.element;
    if (x === undefined || (x > scrollLeft + GUTTER && x < scrollLeft + clientWidth - GUTTER)) return;
    this.element.scrollLeft = x - clientWidth / 2;
  }

  /** Draws all of it, to fit on paper; with `undefined`, as before. */
  printAll(width: number | undefined): void {
    this.#isWhole = width !== undefined;
    const ratio = Math.min(1, (width ?? Infinity) / (this.#view?.layout.width ?? 1));
    this.element.style.zoom = ratio < 1 ? String(ratio) : '';
    this.#draw();
  }

  #ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      const { scrollTop, clientHeight } = this.element;
      const near = clientHeight * NEAR;
      const { from, to } = this.#drawn;
      const height = this.#view?.layout.height ?? 0;
      const isCovered =
        from <= Math.max(0, scrollTop - near) && to >= Math.min(height, scrollTop + clientHeight + near);
      if (!isCovered) this.#draw();
    });
  }

  #draw(): void {
    const view = this.#view;
    if (view === undefined) return;
    const { layout } = view;
    const { scrollTop, clientHeight } = this.element;
    const from = this.#isWhole ? 0 : Math.max(0, scrollTop - clientHeight * BEYOND);
    const to = this.#isWhole
      ? layout.height
      : Math.min(layout.height, scrollTop + clientHeight * (1 + BEYOND));
    this.#drawn = { from, to };
    const height = Math.max(1, to - from);
    setAttribute(this.#svg, 'viewBox', `0 ${from} ${layout.width} ${height}`);
    setAttribute(this.#svg, 'width', layout.width);
    setAttribute(this.#svg, 'height', height);
    this.#svg.style.top = `${from}px`;
    replaceChildren(this.#svg, ...drawnBetween(view, from, to));
  }

  #drawHeads({ layout, titles, clients }: PictureView): void {
    const heads = layout.panes.flatMap(({ lanes }, pane) => [
      ...[...lanes.xOf].map(([name, x]) => {
        const kind = clients.has(name) ? 'lane-head lane-client' : 'lane-head';
        const head = element('div', { class: kind, title: name }, element('bdi', {}, name));
        head.style.left = `${x - lanes.laneWidth / 2}px`;
        head.style.width = `${lanes.laneWidth}px`;
        return head;
      }),
      titles.length > 1 && paneTitle(titles[pane] ?? '', lanes, pane),
    ]);
    this.#head.style.width = `${layout.width}px`;
    this.#head.classList.toggle('has-titles', titles.length > 1);
    replaceChildren(this.#head, element('div', { class: 'time-head' }, 'ms'), ...heads);
  }

  #clicked(event: MouseEvent, actions: PictureActions): void {
    const view = this.#view;
    if (view === undefined || !(event.target instanceof Element)) return;
    const fold = event.target.closest('[data-fold]')?.getAttribute('data-fold');
    if (fold !== null && fold !== undefined) {
      actions.openFold(Number(fold));
      return;
    }
    const owner = event.target.closest('[data-step]');
    const step = owner?.getAttribute('data-step');
    if (owner !== null && step !== null && step !== undefined) {
      actions.select({ step: Number(step), pane: Number(owner.getAttribute('data-pane')) });
      return;
    }
    const box = this.#canvas.getBoundingClientRect();
    const selected = nearest(view.layout, event.clientX - box.left, event.clientY - box.top);
    if (selected !== undefined) actions.select(selected);
  }
}

function paneTitle(text: string, lanes: Pane['lanes'], pane: number): HTMLElement {
  const title = element('div', { class: `pane-title pane-${pane}` }, text);
  title.style.left = `${lanes.left}px`;
  title.style.width = `${lanes.right - lanes.left}px`;
  return title;
}

/** The step nearest to a place. */
function nearest(layout: Layout, x: number, y: number): Selected | undefined {
  const line = lowerBound(layout.ys.length, (i) => (layout.ys[i] ?? 0) + LINE_HEIGHT / 2, y);
  const rows = layout.lines[Math.min(line, layout.lines.length - 1)];
  const [, right] = layout.panes;
  const wanted = right !== undefined && x >= right.lanes.left ? 1 : 0;
  for (const pane of [wanted, 1 - wanted]) {
    const row = layout.panes[pane]?.rows[rows?.[pane] ?? -1];
    if (row !== undefined) return { pane, step: row.step };
  }
  return undefined;
}

/** Everything between two heights. */
function drawnBetween(view: PictureView, from: number, to: number): SVGElement[] {
  const { layout, selected } = view;
  const { ys, lines, times, folds, panes, width } = layout;
  const back: SVGElement[] = [];
  const folded: SVGElement[] = [];
  const bands: SVGElement[] = [];
  const front: SVGElement[] = [];
  const labels: SVGElement[] = [];
  const top = lowerBound(ys.length, (i) => ys[i] ?? 0, from - LINE_HEIGHT);
  const belongs = (step: number, pane: number): Belongs => ({
    step,
    pane,
    classes: classesOf(view, step, pane),
  });
  for (let i = top; i < ys.length && (ys[i] ?? 0) <= to + LINE_HEIGHT; i++) {
    const y = ys[i] ?? 0;
    const time = times[i];
    if (time !== undefined && time.atUs !== times[i - 1]?.atUs) labels.push(drawnTime(time.atUs, y));
    if (view.differs === i) back.push(difference(y, width));
    for (const [pane, place] of (lines[i] ?? []).entries()) {
      const row: Row | undefined = panes[pane]?.rows[place];
      if (row === undefined) continue;
      const owner = belongs(row.step, pane);
      if (row.step === selected.step && pane === selected.pane) back.push(highlight(panes[pane] as Pane, y));
      for (const mark of row.marks) front.push(drawnMark(mark, y, (panes[pane] as Pane).lanes, owner));
    }
  }
  const arrows: SVGElement[] = [];
  for (const thing of layout.tall.between(from, to)) {
    if (thing.y2 < from || thing.y1 > to) continue;
    if (thing.kind === 'span') bands.push(drawnSpan(thing, from, to));
    else arrows.push(drawnArrow(thing, belongs(thing.step, thing.pane)));
  }
  const foldTop = lowerBound(folds.length, (i) => folds[i]?.y ?? 0, from - LINE_HEIGHT);
  for (let i = foldTop; i < folds.length && (folds[i]?.y ?? 0) <= to + LINE_HEIGHT; i++) {
    const fold = folds[i];
    if (fold !== undefined) folded.push(drawnFold(fold, i, width));
  }
  const laneLines = panes.flatMap((pane) => drawnLanes(pane, view, from, to));
  return [...back, ...laneLines, ...bands, ...folded, ...arrows, ...front, ...labels];
}

function classesOf({ selected, causes }: PictureView, step: number, pane: number): string {
  if (pane !== selected.pane) return '';
  if (step === selected.step) return 'is-selected';
  return causes.has(step) ? 'is-cause' : '';
}

function drawnLanes({ lanes }: Pane, { clients }: PictureView, from: number, to: number): SVGElement[] {
  return [...lanes.xOf].map(([name, x]) =>
    svgElement('line', {
      class: clients.has(name) ? 'lane lane-client' : 'lane',
      x1: x,
      x2: x,
      y1: from,
      y2: to,
    }),
  );
}

function highlight({ lanes }: Pane, y: number): SVGElement {
  const isFirst = lanes.left === GUTTER;
  const x = isFirst ? 0 : lanes.left - 8;
  return svgElement('rect', {
    class: 'selected-line',
    x,
    y: y - LINE_HEIGHT / 2,
    width: lanes.right - x,
    height: LINE_HEIGHT,
  });
}

function difference(y: number, width: number): SVGElement {
  return svgElement(
    'g',
    { class: 'difference' },
    svgElement('rect', { x: 0, y: y - LINE_HEIGHT / 2, width, height: LINE_HEIGHT }),
    svgElement('line', { x1: 0, x2: width, y1: y - LINE_HEIGHT / 2, y2: y - LINE_HEIGHT / 2 }),
    svgElement(
      'text',
      { x: width - 8, y: y - LINE_HEIGHT / 2 - 4, 'text-anchor': 'end' },
      'first difference',
    ),
  );
}
