// The rolling hash over a run: two independent 32-bit lanes, fed with integers only.

/** Proves that two runs took the same steps. */
export class RollingHash {
  #left = 0x243f6a88;
  #right = 0x85a308d3;

  /** Folds an integer (its low 32 bits) in. */
  add(value: number): void {
    this.#left = Math.imul(this.#left ^ value, 0x9e3779b1);
    this.#left ^= this.#left >>> 15;
    this.#right = Math.imul(this.#right + value, 0x85ebca77);
    this.#right ^= this.#right >>> 13;
  }

  /** Sixteen hexadecimal digits. */
  digest(): string {
    return hex(this.#left) + hex(this.#right);
  }
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
