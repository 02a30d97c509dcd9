// What an interrupt does: the first lets the run at hand come to its end, the second ends everything.

import { ExitCode } from './exit-code.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Listens to the signals that ask for an end. */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #onSignal = (): void => this.#interrupted();
  readonly #kill: () => void;

  /** @param kill - Ends what would go on without this process. */
  constructor(kill: () => void = () => {}) {
    this.#kill = kill;
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Listens no more. */
  end(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  #interrupted(): void {
    if (!this.#controller.signal.aborted) return this.#controller.abort();
    this.#kill();
    process.exit(ExitCode.interrupted);
  }
}
