// One worker process as its parent sees it: starts it, talks with it, notices that it stands still, and tells
// how it ended.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ownEntry } from '../../own-package.ts';
import { memoryParameters } from './worker-memory.ts';
import { PositionReader, isInRun, type Position } from './position.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** Real milliseconds between two looks. */
const LOOK_EVERY_MS = 250;
/** The same where no run is made: starting takes its time, and a scenario may compile and bundle a lot. */
const OPENING_MS_MAX = 120_000;
/** Enough for what V8 says of its end: most of it are frames of native code. */
const WORDS_MAX = 32_768;
/** From here on V8 tells of its own end, page after page. */
const LAST_WORDS = /<--- Last few GCs|FATAL ERROR: /;

/** How a worker ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It stood still for so many milliseconds, and was killed for it. */
  readonly blockedMs: number | undefined;
  readonly lastWords: string;
  readonly position: Position;
}

/** What a worker said, or that it ended. */
export type Reply = FromWorker | ({ readonly kind: 'ended' } & Ending);

/** A worker process. It is asked one thing at a time. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #reader = new PositionReader();
  readonly #look: NodeJS.Timeout;
  readonly #onFar: (message: FromWorker & { kind: 'far' }) => void;
  #lastWords = '';
  #isDying = false;
  #ending: Ending | undefined;
  #waiting: ((reply: Reply) => void) | undefined;
  /** How long it may stand still in a run; where it stood when it was last looked at, and for how long. */
  #blockedMsMax = Number.POSITIVE_INFINITY;
  #blockedMs: number | undefined;
  #stillMs = 0;
  #last: Position | undefined;

  /** @param options.heapMb - What its heap may grow to; undefined: as Node.js has it. */
  constructor(options: {
    readonly heapMb: number | undefined;
    readonly onFar: (far: FromWorker & { kind: 'far' }) => void;
  }) {
    this.#onFar = options.onFar;
    this.#child = fork(fileURLToPath(ownEntry('cli/workers/worker')), [String(process.pid)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', this.#reader.fd],
      serialization: 'advanced',
      execArgv: [...parametersOf(process.execArgv), ...memoryParameters(options.heapMb)],
    });
    this.#child.stdout?.on('data', (text: Buffer) => void process.stdout.write(text));
    this.#child.stderr?.on('data', (text: Buffer) => this.#said(text));
    this.#child.on('message', (message: FromWorker) => this.#heard(message));
    // The pipes may have more to say after it has exited.
    this.#child.on('close', (code, signal) => this.#ended(code, signal));
    this.#child.on('error', () => this.#ended(null, null));
    this.#look = setInterval(() => this.#watch(), LOOK_EVERY_MS);
    this.#look.unref();
  }

  /** Undefined while it lives. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks, and waits for the answer, or for its end. */
  ask(message: ToWorker, blockedMsMax: number): Promise<Reply> {
    this.#blockedMsMax = blockedMsMax;
    this.#stillMs = 0;
    this.#last = undefined;
    return new Promise((resolve) => {
      if (this.#ending !== undefined) return resolve({ kind: 'ended', ...this.#ending });
      this.#waiting = resolve;
      this.tell(message);
    });
  }

  tell(message: ToWorker): void {
    // Whether it was heard shows in its answer or its end.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #heard(message: FromWorker): void {
    if (message.kind === 'far') return this.#onFar(message);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(message);
  }

  #said(text: Buffer): void {
    this.#lastWords = (this.#lastWords + text.toString()).slice(-WORDS_MAX);
    this.#isDying ||= LAST_WORDS.test(this.#lastWords);
    if (!this.#isDying) process.stderr.write(text);
  }

  /** Time counts by looks: after a pause of the whole machine it did not stand still longer than this. */
  #watch(): void {
    const now = this.#reader.read();
    const last = this.#last;
    this.#last = now;
    const isMoving = last === undefined || now.beats !== last.beats || now.run !== last.run;
    if (this.#waiting === undefined || isMoving || now.phase !== last.phase) {
      this.#stillMs = 0;
      return;
    }
    this.#stillMs += LOOK_EVERY_MS;
    const stillMsMax = isInRun(now) ? this.#blockedMsMax : OPENING_MS_MAX;
    if (this.#stillMs < stillMsMax) return;
    this.#blockedMs = this.#stillMs;
    this.kill();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#ending !== undefined) return;
    clearInterval(this.#look);
    const position = this.#reader.read();
    this.#reader.close();
    this.#ending = { code, signal, blockedMs: this.#blockedMs, lastWords: this.#lastWords, position };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.({ kind: 'ended', ...this.#ending });
  }
}

/** A debugger listens to one process. */
function parametersOf(given: readonly string[]): string[] {
  return given.filter((word) => !word.startsWith('--inspect'));
}
