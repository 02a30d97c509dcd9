// Finds what is in view among many things of different heights, without looking at all of them. Pure.

const STRETCH = 1024;

/** Things by where they are, from top to bottom. Add first, then ask. */
export class InView<Thing> {
  readonly #stretches = new Map<number, Thing[]>();

  add(thing: Thing, fromY: number, toY: number): void {
    const last = Math.floor(toY / STRETCH);
    for (let stretch = Math.floor(fromY / STRETCH); stretch <= last; stretch++) {
      const list = this.#stretches.get(stretch);
      if (list === undefined) this.#stretches.set(stretch, [thing]);
      else list.push(thing);
    }
  }

  /** What may be seen between two heights, in the order in which it was added within a stretch. */
  between(fromY: number, toY: number): Set<Thing> {
    const found = new Set<Thing>();
    const last = Math.floor(toY / STRETCH);
    for (let stretch = Math.floor(fromY / STRETCH); stretch <= last; stretch++) {
      for (const thing of this.#stretches.get(stretch) ?? []) found.add(thing);
    }
    return found;
  }
}
