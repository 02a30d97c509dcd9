// Side effects only: puts the ambient layer in place for good, before anything else can take the real
// functions of Node.js (`node --import wavetank/register`). `wavetank` itself imports it first.

import { holdAmbient } from './ambient/install.ts';
import { EnvironmentError } from './errors.ts';

try {
  // Packages loaded after this line keep the dispatching functions for as long as they live.
  holdAmbient();
} catch (error) {
  // Fake timers of a test, say. Importing wavetank is no mistake; simulating under them is refused.
  if (!(error instanceof EnvironmentError)) throw error;
}
