// Fake timers that a test installed: finds them, and refuses to simulate under them. Whatever they replace
// would hide the clock of the hosts, or never come back to the pump.

import { performance as nodePerformance } from 'node:perf_hooks';
import process from 'node:process';
import { EnvironmentError } from '../errors.ts';

/** Functions of `globalThis` that fake timers replace. */
const TIMERS = [
  ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
  'queueMicrotask',
];

/** What was fake when this module was loaded: then what wavetank keeps for itself is fake, too. */
const fakeFromTheStart = fakes();

/**
 * Refuses to simulate while clocks or timers are fake, or if they were when wavetank was loaded.
 *
 * @throws {EnvironmentError}
 */
export function refuseFakeTimers(): void {
  const found = fakes();
  if (found.length > 0) {
    throw new EnvironmentError(
      `Expected the timers and Date of Node.js, got fake ones: ${listed(found)}. A simulation brings its ` +
        'own virtual time: take the others out first (`vi.useRealTimers()`, `jest.useRealTimers()`, ' +
        '`mock.timers.reset()`, `clock.uninstall()`).',
    );
  }
  if (fakeFromTheStart.length === 0) return;
  throw new EnvironmentError(
    'Expected wavetank to be loaded before fake timers are installed, but it was loaded under a fake ' +
      `${listed(fakeFromTheStart)}. Import it at the top of the file, and install fake timers in the tests ` +
      'that need them; where the configuration of Jest installs them (`fakeTimers.enableGlobally`), keep ' +
      'them out of the test files that simulate.',
  );
}

/** The names of what is fake now. */
function fakes(): string[] {
  const globals = globalThis as unknown as Record<string, unknown>;
  const found = TIMERS.filter((name) => isFakeFunction(globals[name]));
  if (isFakeDate()) found.push('Date');
  for (const name of ['nextTick', 'hrtime'] as const) {
    if (isFakeFunction(Reflect.get(process, name))) found.push(`process.${name}`);
  }
  // fake-timers puts an object in its place, others a method on it.
  if (performance !== nodePerformance || Object.hasOwn(performance, 'now')) found.push('performance');
  return found;
}

/**
 * fake-timers (so Sinon, Vitest and Jest) marks its functions by their clock, and Jest's older fakes are mock
 * functions; `mock.timers` of node:test binds methods of its own. Others wrap these functions to watch them,
 * and that is no harm.
 */
function isFakeFunction(value: unknown): boolean {
  if (typeof value !== 'function') return value !== undefined;
  return 'clock' in value || '_isMockFunction' in value || value.name.startsWith('bound ');
}

/** What sets the date alone, such as `vi.setSystemTime`, puts a class of its own in its place. */
function isFakeDate(): boolean {
  return (
    'isFake' in Date || 'isMock' in Date || !Function.prototype.toString.call(Date).includes('[native code]')
  );
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
