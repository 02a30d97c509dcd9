// undici compiles its parser on another thread when it is loaded, and its first connection waits for that.
// One request over a stream in memory, before the first run, gets it over with.

import { Duplex } from 'node:stream';
import { undiciAgent } from './dispatcher.ts';

const ANSWER = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n';

let warmingUp: Promise<void> | undefined;

/** Waits until undici can work without another thread. Once in a process; outside of every run. */
export function warmUpUndici(): Promise<void> {
  return (warmingUp ??= new Promise((resolve) => {
    const agent = undiciAgent({
      connect: (_options: unknown, connected: (error: null, socket: Duplex) => void) => {
        process.nextTick(connected, null, new AnsweringStream());
      },
    });
    const done = (): boolean => {
      resolve();
      return true;
    };
    const begun = (): void => {};
    // By the names of undici 6, and of undici 7 and later.
    const six = { onConnect: begun, onHeaders: done, onData: done, onComplete: done, onError: done };
    const seven = {
      onRequestStart: begun,
      onResponseStart: done,
      onResponseData: done,
      onResponseEnd: done,
      onResponseError: done,
    };
    agent.dispatch({ origin: 'http://warm-up', path: '/', method: 'GET' }, { ...six, ...seven });
  }));
}

/** Looks enough like a socket for undici, and answers whatever it is asked. */
class AnsweringStream extends Duplex {
  override _read(): void {}

  override _write(_chunk: unknown, _encoding: unknown, written: () => void): void {
    this.push(ANSWER);
    written();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }
}
