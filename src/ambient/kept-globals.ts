// Global variables of the web that packages put their own in the place of, while a host runs: the server of
// Hono replaces `Request` and `Response`. What was there before a run is there after it.

const NAMES = ['fetch', 'Request', 'Response', 'Headers', 'FormData', 'WebSocket', 'EventSource'] as const;

/** Notes these variables as they are now. @returns what puts them back as they were. */
export function keepGlobals(): () => void {
  const before = NAMES.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  return () => {
    for (const [i, name] of NAMES.entries()) {
      const [was, is] = [before[i], Object.getOwnPropertyDescriptor(globalThis, name)];
      if (was === undefined) Reflect.deleteProperty(globalThis, name);
      else if (was.value !== is?.value || was.get !== is?.get) Object.defineProperty(globalThis, name, was);
    }
  };
}
