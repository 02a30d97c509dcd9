// Side effects only: puts the ambient layer in place for good, before anything else can take the real
// functions of Node.js (`node --import wavetank/register`, or the first import of a setup file).

import { acquireAmbient } from './ambient/install.ts';

// Never released: packages loaded after this line keep the dispatching functions for as long as they live.
acquireAmbient();
