// Lets a debugger in, and stops in it at a moment of a run.

import inspector from 'node:inspector';
import { runInThisContext } from 'node:vm';
import { currentHost } from '../ambient/registry.ts';
import { UsageError } from './exit-code.ts';
import { UserBreakpoints } from './user-breakpoints.ts';

/** Where a debugger may connect to. */
export interface DebuggerAddress {
  readonly host: string;
  readonly port: number;
}

/** The moment, as a person sees it: a local variable where the debugger stops. */
export interface StoppedMoment {
  readonly step: number;
  readonly atMs: number;
  readonly host: string;
  readonly what: string;
}

/** As Node.js has them. Nobody from another machine may run code here unless it is asked for. */
const HOST = '127.0.0.1';
const PORT = 9229;

/** Reads `PORT`, `HOST:PORT` or nothing. @throws {UsageError} If it is none of them. */
export function debuggerAddress(word: string): DebuggerAddress {
  if (word === '') return { host: HOST, port: PORT };
  const [, host = HOST, port] = /^(?:(\[[\da-f:.]+\]|[^:\s]+):)?(\d{1,5})$/i.exec(word) ?? [];
  if (port === undefined || Number(port) > 65_535) {
    throw new UsageError(
      `Expected --inspect, --inspect=PORT or --inspect=HOST:PORT, got "--inspect=${word}".`,
    );
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}

/** Opens the inspector and waits for a debugger; one that is there already has had its say. */
export function letDebuggerIn({ host, port }: DebuggerAddress, announce: () => void): void {
  const isThere = inspector.url() !== undefined;
  if (!isThere) inspector.open(port, host);
  announce();
  if (!isThere) inspector.waitForDebugger();
}

/** Stops in a debugger, once. */
export class Stop {
  readonly #moment: StoppedMoment;
  readonly #breakpoints = new UserBreakpoints();
  #isOver = false;

  /** Outside of a run. */
  constructor(moment: StoppedMoment) {
    this.#moment = moment;
    this.#breakpoints.open();
  }

  /** Whether it has stopped. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Stops at the first statement that the host runs from now on. */
  atFirstStatement(goOn: () => void): void {
    const { host } = this.#moment;
    const isSet = this.#breakpoints.set(() => {
      if (this.#isOver || currentHost()?.name !== host) return false;
      this.#isOver = true;
      return true;
    });
    if (isSet) goOn();
    else this.here(goOn);
  }

  /**
   * Stops here, in a script of its own: in one that a debugger is told to ignore (packages), no `debugger`
   * statement counts. Whose code runs is further down in the call stack.
   */
  here(goOn: () => void): void {
    this.#isOver = true;
    const filename = `wavetank://stopped/step-${this.#moment.step}.js`;
    const stop = runInThisContext(HERE, { filename }) as (moment: object, goOn: () => void) => void;
    stop(this.#moment, goOn);
  }

  /** The run is over. */
  end(): void {
    this.#breakpoints.close();
  }
}

const HERE = `(moment, goOn) => {
  // The moment of the run that was asked for: see \`moment\`. The code that led to it is further down in the
  // call stack; what comes next is called here.
  debugger; goOn();
}`;
