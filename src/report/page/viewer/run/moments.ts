// The moments of a picture: the steps that are shown, from top to bottom. What the slider and the arrow keys
// go through. Pure.

import type { Layout } from './layout.ts';
import type { Selected } from './picture.ts';
import { lowerBound } from './scale.ts';

/** The steps of a layout, in order. */
export class Moments {
  readonly #moments: (Selected & { readonly line: number })[] = [];
  readonly #places: Map<number, number>[] = [new Map(), new Map()];
  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
    for (const [line, rows] of layout.lines.entries()) {
      // What stands on both sides is one moment; that of the failed run.
      const pane = (rows[0] ?? -1) >= 0 ? 0 : 1;
      const step = layout.panes[pane]?.rows[rows[pane] ?? -1]?.step;
      const other = pane === 0 ? layout.panes[1]?.rows[rows[1] ?? -1]?.step : undefined;
      if (step === undefined) continue;
      const places = this.#places[pane] as Map<number, number>;
      if (!places.has(step)) {
        places.set(step, this.#moments.length);
        this.#moments.push({ pane, step, line });
      }
      const beside = this.#places[1] as Map<number, number>;
      if (other !== undefined && !beside.has(other)) beside.set(other, places.get(step) ?? 0);
    }
  }

  get length(): number {
    return this.#moments.length;
  }

  at(place: number): Selected | undefined {
    const found = this.#moments[place];
    return found === undefined ? undefined : { pane: found.pane, step: found.step };
  }

  isShown({ pane, step }: Selected): boolean {
    return this.#places[pane]?.has(step) === true;
  }

  /** The place of a step; of one that is not shown, that of the next. */
  placeOf({ pane, step }: Selected): number {
    const place = this.#places[pane]?.get(step);
    if (place !== undefined) return place;
    const next = lowerBound(this.#moments.length, (i) => this.#moments[i]?.step ?? 0, step);
    return Math.min(next, Math.max(0, this.#moments.length - 1));
  }

  /** The line of a step, if it is shown. */
  lineOf(selected: Selected): number | undefined {
    const place = this.#places[selected.pane]?.get(selected.step);
    return place === undefined ? undefined : this.#moments[place]?.line;
  }

  /** The line of an entry, if it is shown. */
  lineOfEntry(pane: number, index: number): number | undefined {
    const shown = this.#layout.panes[pane];
    if (shown === undefined) return undefined;
    const { rows, lineOf } = shown;
    const place = lowerBound(rows.length, (i) => rows[i]?.last ?? 0, index);
    const row = rows[place];
    return row !== undefined && row.first <= index ? lineOf[place] : undefined;
  }
}
