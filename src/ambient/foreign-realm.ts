// Refuses to simulate in a `vm` context, as Jest and the vm pools of Vitest make one for each test file: it
// has a Date, a Math and timers of its own beside those of Node.js, and hosts would see now these, now those.

import { AsyncLocalStorage } from 'node:async_hooks';
import { EnvironmentError } from '../errors.ts';

/** Classes of Node.js inherit from the `Function` of the realm that Node.js itself runs in. */
// oxlint-disable-next-line unicorn/no-instanceof-builtins -- The realm is what is asked for.
const isForeign = !(AsyncLocalStorage instanceof Function);

/** @throws {EnvironmentError} In a `vm` context. */
export function refuseForeignRealm(): void {
  if (!isForeign) return;
  throw new EnvironmentError(
    'Expected to run among the globals of Node.js, got a `vm` context, which has a Date and timers of its ' +
      'own. In Jest, begin the test file with the comment ' +
      '`/** @jest-environment wavetank/jest-environment */`, or set ' +
      "`testEnvironment: 'wavetank/jest-environment'`; in Vitest, use the pool `forks` or `threads`.",
  );
}
