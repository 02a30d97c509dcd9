// `vi.useFakeTimers` and `jest.useFakeTimers`: Sinon's fake timers, which both runners use, too, on top of
// the virtual time of the run.

import { withGlobal, type Clock, type FakeMethod } from '@sinonjs/fake-timers';
import { OptionError } from '../../errors.ts';

interface Options {
  readonly now?: number | Date;
  readonly toFake?: readonly string[];
  readonly shouldAdvanceTime?: boolean;
}

/** Never `nextTick` and `queueMicrotask`: what Node.js itself does on them would stand still. */
const FAKED: readonly FakeMethod[] = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'clearImmediate',
  'Date',
  'performance',
];

/** The fake timers of one run, under the names that both runners have. */
export class FakeTimers {
  #clock: Clock | undefined;
  readonly #runner: string;

  constructor(runner: 'vi' | 'jest') {
    this.#runner = runner;
  }

  use({ now, toFake, shouldAdvanceTime = false }: Options = {}): void {
    this.restore();
    const wanted = FAKED.filter((name) => toFake?.includes(name) ?? true);
    this.#clock = withGlobal(globalThis).install({
      now: now ?? Date.now(),
      toFake: [...wanted],
      shouldAdvanceTime,
      shouldClearNativeTimers: true,
    });
  }

  restore(): void {
    this.#clock?.uninstall();
    this.#clock = undefined;
  }

  get isFake(): boolean {
    return this.#clock !== undefined;
  }

  /** The functions that `vi` and `jest` share. @param self - What they return, to be chained. */
  words(self: () => unknown): Record<string, unknown> {
    const chained =
      <Args extends unknown[]>(act: (clock: Clock, ...args: Args) => void) =>
      (...args: Args): unknown => {
        act(this.#needed, ...args);
        return self();
      };
    const awaited =
      <Args extends unknown[]>(act: (clock: Clock, ...args: Args) => Promise<unknown>) =>
      async (...args: Args): Promise<unknown> => {
        await act(this.#needed, ...args);
        return self();
      };
    return {
      useFakeTimers: (options?: Options) => {
        this.use(options);
        return self();
      },
      useRealTimers: () => {
        this.restore();
        return self();
      },
      isFakeTimers: () => this.isFake,
      advanceTimersByTime: chained((clock, ms: number) => clock.tick(ms)),
      advanceTimersByTimeAsync: awaited((clock, ms: number) => clock.tickAsync(ms)),
      advanceTimersToNextTimer: chained((clock) => clock.next()),
      advanceTimersToNextTimerAsync: awaited((clock) => clock.nextAsync()),
      runAllTimers: chained((clock) => clock.runAll()),
      runAllTimersAsync: awaited((clock) => clock.runAllAsync()),
      runOnlyPendingTimers: chained((clock) => clock.runToLast()),
      runOnlyPendingTimersAsync: awaited((clock) => clock.runToLastAsync()),
      runAllTicks: chained((clock) => clock.runMicrotasks()),
      clearAllTimers: chained((clock) => clock.reset()),
      getTimerCount: () => this.#needed.countTimers(),
      getRealSystemTime: () => new Date().getTime(),
      getMockedSystemTime: () => (this.#clock === undefined ? null : new Date(this.#clock.now)),
      now: () => this.#clock?.now ?? Date.now(),
      setSystemTime: (now?: number | Date) => {
        if (this.#clock === undefined) this.use({ ...(now === undefined ? {} : { now }), toFake: ['Date'] });
        else this.#clock.setSystemTime(now);
        return self();
      },
    };
  }

  get #needed(): Clock {
    if (this.#clock !== undefined) return this.#clock;
    throw new OptionError(
      `Expected fake timers to be in use: call \`${this.#runner}.useFakeTimers()\` first.`,
    );
  }
}
