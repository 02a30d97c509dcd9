// What has to happen before anything else is imported: the ambient layer is put in place for good, so that
// packages which take a timer or a random source when they are loaded take one that knows hosts.

import module from 'node:module';
import { holdAmbient } from '../ambient/install.ts';

// Compiled once, loaded many times: Node.js 22 and later keep what they compiled.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

holdAmbient();
