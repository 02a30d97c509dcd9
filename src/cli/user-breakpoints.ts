// Breakpoints on everything that users wrote, with a condition: so a debugger stops at the first statement
// that a host runs, however much of Node.js and of packages runs before it.

import inspector from 'node:inspector';
import { ownFolder } from '../own-package.ts';

/** Where the condition finds who is asked. */
const ASKED = Symbol.for('wavetank.stops');
/** Setting more takes longer than a person waits for. */
const BREAKPOINTS_MAX = 40_000;
/** Where this package is: `src` or `dist`. */
const OWN = ownFolder().href;

interface Script {
  readonly scriptId: string;
  readonly url: string;
}

/** Sets them beside a debugger that is connected. Each statement asks whether to stop. */
export class UserBreakpoints {
  readonly #session = new inspector.Session();
  readonly #scripts: Script[] = [];

  /** Outside of a run, where a host may not reach the inspector. */
  open(): void {
    this.#session.on('Debugger.scriptParsed', ({ params }) => this.#scripts.push(params));
    this.#session.connect();
    this.#post('Debugger.enable', {});
  }

  /** @returns whether there are any: false where there is no code, or too much of it. */
  set(stops: () => boolean): boolean {
    const locations = this.#locations();
    if (locations.length === 0 || locations.length > BREAKPOINTS_MAX) return false;
    (globalThis as unknown as Record<symbol, unknown>)[ASKED] = stops;
    const condition = `globalThis[Symbol.for(${JSON.stringify(ASKED.description)})]?.() === true`;
    for (const location of locations) this.#post('Debugger.setBreakpoint', { location, condition });
    return true;
  }

  /** Takes them away; not while code is stopped at one. */
  close(): void {
    Reflect.deleteProperty(globalThis, ASKED);
    this.#session.disconnect();
  }

  /** Where code of users can be stopped. */
  #locations(): object[] {
    const locations: object[] = [];
    for (const { scriptId } of this.#scripts.filter(isUsers)) {
      const start = { scriptId, lineNumber: 0, columnNumber: 0 };
      const found = this.#post('Debugger.getPossibleBreakpoints', { start }) as { locations?: object[] };
      locations.push(...(found.locations ?? []));
      if (locations.length > BREAKPOINTS_MAX) break;
    }
    return locations;
  }

  /** What is posted to the own thread is answered at once. */
  #post(method: string, parameters: object): object {
    let answer: object = {};
    this.#session.post(method, parameters, (_error, result: object | undefined) => {
      answer = result ?? {};
    });
    return answer;
  }
}

/** What is neither of Node.js, nor of a package, nor of wavetank itself. */
function isUsers({ url }: Script): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(OWN);
}
