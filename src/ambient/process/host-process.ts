// The process of one incarnation, as its code sees it through `process`: environment, arguments, listeners,
// streams, exit. What its end means for the host is the business of who made it.

import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import process from 'node:process';
import type { Readable, Writable } from 'node:stream';
import { EXIT_ABORTED, ProcessExit, checkedExitCode } from './exit.ts';
import { checkedSignal, noSuchProcess } from './signals.ts';
import { LinePrinter, createInput, createOutput, type Print, type StreamName } from './standard-streams.ts';

/** What the host does for its process. */
export interface ProcessLife {
  readonly print: Print;
  /** The process ended itself, by `how`: `process.exit(1)`. */
  exited(code: number, how: string): void;
  /** An error that ends the process. */
  failed(error: unknown): void;
  /** Delivers a signal to the process, as an event of its own. */
  signal(name: string): void;
}

/** The name that an error nobody handled comes under. */
export type ErrorOrigin = 'uncaughtException' | 'unhandledRejection';

type CaptureCallback = (error: unknown) => void;

/** What a program is started with. */
export interface ProcessArguments {
  readonly env: Readonly<Record<string, string>>;
  /** `argv` from its second entry on. */
  readonly argv: readonly string[];
}

/** The process of one incarnation. */
export class HostProcess {
  readonly events: EventEmitter = new EventEmitter();
  readonly pid: number;
  readonly ppid = 1;
  /** Own environment and arguments; undefined where the host is code of the test's own process. */
  env: Record<string, string> | undefined;
  argv: string[] | undefined;
  execArgv: string[] | undefined;
  title: string | undefined;
  captureCallback: CaptureCallback | null = null;
  readonly #life: ProcessLife;
  readonly #printers: Record<StreamName, LinePrinter>;
  #facade: NodeJS.Process | undefined;
  #cwd: string | undefined;
  #exitCode: number | string | undefined;
  #isExiting = false;
  #stdout: Writable | undefined;
  #stderr: Writable | undefined;
  #stdin: Readable | undefined;

  constructor(pid: number, life: ProcessLife) {
    this.pid = pid;
    this.#life = life;
    this.#printers = {
      stdout: new LinePrinter('stdout', life.print),
      stderr: new LinePrinter('stderr', life.print),
    };
  }

  /** Makes it the process of a program: with an environment and arguments of its own. */
  start({ env, argv }: ProcessArguments): void {
    this.env = { ...env };
    this.argv = [process.execPath, ...argv];
    this.execArgv = [];
    this.title = 'node';
  }

  /**
   * What the global `process` is on the host. Inherits everything from the real one; what code sets on it
   * stays with the incarnation.
   */
  get facade(): NodeJS.Process {
    this.#facade ??= createFacade(this);
    return this.#facade;
  }

  get exitCode(): number | string | undefined {
    return this.#exitCode;
  }

  set exitCode(code: unknown) {
    checkedExitCode(code);
    this.#exitCode = (code ?? undefined) as number | string | undefined;
  }

  get stdout(): Writable {
    return (this.#stdout ??= createOutput('stdout', this.#printers.stdout));
  }

  get stderr(): Writable {
    return (this.#stderr ??= createOutput('stderr', this.#printers.stderr));
  }

  get stdin(): Readable {
    return (this.#stdin ??= createInput());
  }

  /** Prints like a write to the stream, and without its machinery: for `console`. */
  write(stream: StreamName, text: string): void {
    this.#printers[stream].write(text);
  }

  /** Prints lines that were begun. */
  flush(): void {
    this.#printers.stdout.flush();
    this.#printers.stderr.flush();
  }

  /** @param real - The folder of the real process, where the host's begins. */
  cwd(real: () => string): string {
    return (this.#cwd ??= real());
  }

  chdir(folder: string, real: () => string): void {
    this.#cwd = resolve(this.cwd(real), folder);
  }

  /** Ends the incarnation at once. Never returns. */
  exit(code?: unknown): never {
    if (code !== undefined) this.exitCode = code;
    const shown = this.#exitCode === undefined ? '' : String(this.#exitCode);
    this.end(`process.exit(${shown})`);
    // oxlint-disable-next-line typescript/only-throw-error -- no error, so that nobody handles it as one
    throw new ProcessExit(this.#codeNow());
  }

  /** Runs the `'exit'` listeners, and ends the incarnation. */
  end(how: string): void {
    try {
      this.announceExit();
    } catch (error) {
      if (!(error instanceof ProcessExit)) this.#life.failed(error);
    }
    this.#life.exited(this.#codeNow(), how);
  }

  /** Runs the `'exit'` listeners, once. */
  announceExit(): void {
    if (this.#isExiting) return;
    this.#isExiting = true;
    this.events.emit('exit', this.#codeNow());
  }

  abort(): never {
    this.#life.exited(EXIT_ABORTED, 'process.abort()');
    // oxlint-disable-next-line typescript/only-throw-error -- no error, so that nobody handles it as one
    throw new ProcessExit(EXIT_ABORTED);
  }

  kill(pid: unknown, signal?: unknown): true {
    const number = Number(pid);
    if (!Number.isInteger(number)) throw notANumber(pid);
    const name = checkedSignal(signal);
    // 0 and negative numbers mean a process group, in which the process is alone.
    if (number > 0 && number !== this.pid) throw noSuchProcess();
    if (name !== undefined) this.#life.signal(name);
    return true;
  }

  /**
   * Asks the program's own handlers, in the order of Node.js. An exception of a handler is the caller's.
   *
   * @returns Whether one of them took the error.
   */
  handles(error: unknown, origin: ErrorOrigin, promise: unknown): boolean {
    const { events } = this;
    if (origin === 'unhandledRejection' && events.emit('unhandledRejection', error, promise)) return true;
    const thrown = origin === 'unhandledRejection' ? rejectionError(error) : error;
    events.emit('uncaughtExceptionMonitor', thrown, origin);
    if (this.captureCallback !== null) {
      this.captureCallback(thrown);
      return true;
    }
    return events.emit('uncaughtException', thrown, origin);
  }

  #codeNow(): number {
    return Number(this.#exitCode ?? 0);
  }
}

/** `exitCode` is the one property of the real process that cannot be replaced there. */
function createFacade(own: HostProcess): NodeJS.Process {
  return Object.create(process, {
    exitCode: {
      get: () => own.exitCode,
      set: (code: unknown) => {
        own.exitCode = code;
      },
      enumerable: true,
      configurable: true,
    },
  }) as NodeJS.Process;
}

/** What Node.js passes to `'uncaughtException'` for a rejection with something that is no error. */
function rejectionError(reason: unknown): unknown {
  if (reason instanceof Error) return reason;
  const error = new Error(
    'This error originated either by throwing inside of an async function without a catch block, ' +
      `or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason ` +
      `"${String(reason)}".`,
  );
  return Object.assign(error, { code: 'ERR_UNHANDLED_REJECTION' });
}

function notANumber(pid: unknown): Error {
  const error = new TypeError(`The "pid" argument must be of type number. Received type ${typeof pid}`);
  return Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}
