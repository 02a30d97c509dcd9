// Signals: their numbers, and what each does to a process that does not listen to it.

import { constants } from 'node:os';

const NUMBERS: Readonly<Record<string, number>> = { ...constants.signals };

/** Signals that leave a Node.js process alone when it does not listen to them. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['SIGCHLD', 'SIGCONT', 'SIGPIPE', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'],
  ...['SIGURG', 'SIGUSR1', 'SIGWINCH', 'SIGIO'],
]);

/** The signal that is meant; undefined for the 0 that only asks whether the process exists. */
export function checkedSignal(signal: unknown): string | undefined {
  if (signal === 0) return undefined;
  const given = signal === undefined || signal === null ? 'SIGTERM' : signal;
  const name =
    typeof given === 'number' ? Object.keys(NUMBERS).find((each) => NUMBERS[each] === given) : given;
  if (typeof name === 'string' && Object.hasOwn(NUMBERS, name)) return name;
  const error = new TypeError(`Unknown signal: ${describe(given)}`);
  throw Object.assign(error, { code: 'ERR_UNKNOWN_SIGNAL' });
}

function describe(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : typeof value;
}

/** The number of a signal. */
export function signalNumber(signal: string): number {
  return NUMBERS[signal] ?? 0;
}

/** Whether a process that does not listen survives the signal. */
export function isHarmless(signal: string): boolean {
  return HARMLESS.has(signal);
}

/** No handler is asked. */
export function isUnstoppable(signal: string): boolean {
  return signal === 'SIGKILL';
}

/** What `process.kill` throws for a process that does not exist. */
export function noSuchProcess(): Error {
  const error = new Error('kill ESRCH');
  return Object.assign(error, { errno: -constants.errno.ESRCH, code: 'ESRCH', syscall: 'kill' });
}
