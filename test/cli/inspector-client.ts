// A debugger, for tests: starts the command line with an inspector, stops where it stops, and finds the lines
// of the sources by their maps.

import { spawn } from 'node:child_process';
import { SourceMap } from 'node:module';
import { basename } from 'node:path';
import { WebSocket } from 'ws';
import type { Finished } from './command.ts';

/** A frame of a stopped call stack. */
export interface Frame {
  /** The name of the file, as its author knows it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A stop. */
export interface Paused {
  readonly frames: readonly Frame[];
  /** What an expression gives in the innermost frame. */
  readonly evaluate: (expression: string) => Promise<unknown>;
}

interface ScriptParsed {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

interface CallFrame {
  readonly callFrameId: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
}

/** Starts a process, answers each stop, lets it go on, and waits for its end. */
export async function debugged(
  [command, words]: readonly [command: string, words: readonly string[]],
  cwd: string,
  onPaused: (paused: Paused) => Promise<void> | void,
): Promise<Finished> {
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env;
  const child = spawn(command, words, { cwd, env });
  const sessions: Session[] = [];
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const address = new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = /ws:\/\/\S+/.exec(stderr)?.[0];
      if (found !== undefined) resolve(found);
      if (stderr.includes('Waiting for the debugger to disconnect'))
        for (const each of sessions) each.close();
    });
    child.on('close', () => reject(new Error(`It ended without a debugger:\n${stdout}${stderr}`)));
  });
  const session = await Session.open(await address, onPaused);
  sessions.push(session);
  const code = await ended;
  session.close();
  await session.answered;
  return { code, stdout, stderr };
}

class Session {
  readonly #socket: WebSocket;
  readonly #scripts = new Map<string, ScriptParsed>();
  readonly #waiting = new Map<number, (result: unknown) => void>();
  readonly #onPaused: (paused: Paused) => Promise<void> | void;
  #last = 0;
  /** Rejected where a stop was not as it should be. */
  answered: Promise<void> = Promise.resolve();

  static async open(address: string, onPaused: (paused: Paused) => Promise<void> | void): Promise<Session> {
    const socket = new WebSocket(address);
    const session = new Session(socket, onPaused);
    await new Promise((resolve) => socket.on('open', resolve));
    await session.#send('Runtime.enable');
    await session.#send('Debugger.enable');
    await session.#send('Runtime.runIfWaitingForDebugger');
    return session;
  }

  constructor(socket: WebSocket, onPaused: (paused: Paused) => Promise<void> | void) {
    this.#socket = socket;
    this.#onPaused = onPaused;
    socket.on('message', (data) => this.#take(JSON.parse((data as Buffer).toString()) as never));
  }

  close(): void {
    this.#socket.close();
  }

  #take({
    id,
    result,
    method,
    params,
  }: {
    id?: number;
    result: unknown;
    method: string;
    params: unknown;
  }): void {
    if (id !== undefined) this.#waiting.get(id)?.(result);
    else if (method === 'Debugger.scriptParsed') {
      const script = params as ScriptParsed;
      this.#scripts.set(script.scriptId, script);
    } else if (method === 'Debugger.paused') {
      const { callFrames } = params as { callFrames: CallFrame[] };
      this.answered = this.answered.then(() => this.#stopped(callFrames));
      // Who waits for the end of the process sees the failure.
      this.answered.catch(() => this.close());
    }
  }

  async #stopped(callFrames: readonly CallFrame[]): Promise<void> {
    const evaluate = async (expression: string): Promise<unknown> => {
      const { callFrameId } = callFrames[0] as CallFrame;
      const words = { callFrameId, expression, returnByValue: true };
      const answer = await this.#send('Debugger.evaluateOnCallFrame', words);
      return (answer as { result?: { value?: unknown } }).result?.value;
    };
    await this.#onPaused({ frames: callFrames.map((frame) => this.#frame(frame)), evaluate });
    await this.#send('Debugger.resume');
  }

  #send(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #frame({ location }: CallFrame): Frame {
    const { url = '', sourceMapURL = '' } = this.#scripts.get(location.scriptId) ?? {};
    const line = { file: basename(url), line: location.lineNumber + 1 };
    const [, data] = /^data:application\/json;base64,(.+)$/.exec(sourceMapURL) ?? [];
    if (data === undefined) return line;
    const map = new SourceMap(JSON.parse(Buffer.from(data, 'base64').toString()) as never);
    const entry = map.findEntry(location.lineNumber, location.columnNumber);
    if (!('originalSource' in entry)) return line;
    return { file: basename(entry.originalSource), line: entry.originalLine + 1 };
  }
}
