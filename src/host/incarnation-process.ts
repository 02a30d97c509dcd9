// The process of an incarnation: what its code's `process` means for the machine, who takes an error that
// nobody caught, and when a process ends because nothing is left to do.

import { EXIT_UNCAUGHT, EXIT_SIGNALLED, EXIT_UNSETTLED_AWAIT, ProcessExit } from '../ambient/process/exit.ts';
import { HostProcess, type ErrorOrigin } from '../ambient/process/host-process.ts';
import { isHarmless, isUnstoppable, signalNumber } from '../ambient/process/signals.ts';
import { ControlEvent } from './control-event.ts';
import type { Incarnation } from './incarnation.ts';

/** Process ids tell hosts and their incarnations apart: `3002` is the second of the third host. */
const PIDS_A_HOST = 1000;

/** Makes the process of an incarnation. */
export function createProcess(incarnation: Incarnation): HostProcess {
  const { machine, number } = incarnation;
  return new HostProcess(machine.id * PIDS_A_HOST + number, {
    print: (stream, text) => incarnation.print(stream, text),
    exited: (code, how) => {
      if (incarnation.isAlive) machine.exited(code, how);
    },
    failed: (error) => {
      if (incarnation.isAlive) machine.uncaught(error, 'uncaughtException');
    },
    signal: (name) => sendSignal(incarnation, name),
  });
}

/** Delivers a signal: at once to a process that does not listen, in an event of its own to one that does. */
export function sendSignal(incarnation: Incarnation, name: string): void {
  const { events } = incarnation.process;
  const { engine } = incarnation.machine.park;
  if (events.listenerCount(name) === 0 || isUnstoppable(name)) {
    if (!isHarmless(name) && incarnation.isAlive) endBySignal(incarnation, name);
    return;
  }
  const deliver = (): void => {
    if (!events.emit(name, name, signalNumber(name)) && !isHarmless(name)) endBySignal(incarnation, name);
  };
  engine.scheduleExactly(new ControlEvent(incarnation, name, deliver), engine.nowUs);
}

function endBySignal(incarnation: Incarnation, name: string): void {
  incarnation.machine.exited(EXIT_SIGNALLED + signalNumber(name), name);
}

/**
 * Finds somebody who takes an error that nobody caught: the handlers of the program, in the order of Node.js,
 * or else the machine, whose process dies of it.
 */
export function takeUncaught(
  incarnation: Incarnation,
  error: unknown,
  origin: ErrorOrigin,
  promise: unknown,
): void {
  if (error instanceof ProcessExit || !incarnation.isAlive) return;
  const { machine } = incarnation;
  const own = incarnation.process;
  let dying = { error, origin };
  machine.handling = dying;
  try {
    if (incarnation.call(() => own.handles(error, origin, promise))) return;
  } catch (thrown) {
    dying = { error: thrown, origin: 'uncaughtException' };
  } finally {
    machine.handling = undefined;
  }
  if (!incarnation.isAlive) return;
  own.exitCode = EXIT_UNCAUGHT;
  try {
    incarnation.call(() => own.announceExit());
  } catch {
    // The process dies of the first error; one of a listener changes nothing.
  }
  if (incarnation.isAlive) machine.uncaught(dying.error, dying.origin);
}

/**
 * Ends the process of a program that has nothing left to do: no timer, no server, no socket, no request.
 * First `'beforeExit'` may find something.
 *
 * @param isEvaluated - Whether its entry file was evaluated; if not, it waits for what will never come.
 */
export function endIfIdle(incarnation: Incarnation, isEvaluated: boolean): void {
  if (incarnation.holdCount > 0) {
    incarnation.hasSaidBeforeExit = false;
    return;
  }
  if (incarnation.isEnding) return;
  incarnation.isEnding = true;
  const { engine } = incarnation.machine.park;
  const end = (): void => {
    incarnation.isEnding = false;
    if (incarnation.holdCount > 0) return;
    const own = incarnation.process;
    if (!isEvaluated) {
      own.exitCode ??= EXIT_UNSETTLED_AWAIT;
      own.end('waiting for ever in a top-level await');
    } else if (!incarnation.hasSaidBeforeExit && own.events.listenerCount('beforeExit') > 0) {
      incarnation.hasSaidBeforeExit = true;
      own.events.emit('beforeExit', Number(own.exitCode ?? 0));
    } else own.end('running to its end');
  };
  engine.scheduleExactly(new ControlEvent(incarnation, 'end of the event loop', end), engine.nowUs);
}
