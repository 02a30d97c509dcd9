// What all handles have in common: each may keep the event loop of its host alive, until it is told not to.

/** A handle of libuv, as far as the event loop is concerned. */
export class LoopHandle {
  #isRef = true;
  #held: { isRef: boolean } | undefined;

  ref(): void {
    this.#setRef(true);
  }

  unref(): void {
    this.#setRef(false);
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  /** What lies below and keeps the loop alive; undefined before it is there, and after it was closed. */
  protected holds(held: { isRef: boolean } | undefined): void {
    this.#held = held;
    if (held !== undefined) held.isRef = this.#isRef;
  }

  #setRef(isRef: boolean): void {
    this.#isRef = isRef;
    if (this.#held !== undefined) this.#held.isRef = isRef;
  }
}
