// What has to happen before anything else is imported: the ambient layer is put in place for good, so that
// packages which take a timer or a random source when they are loaded take one that knows hosts.

import { holdAmbient } from '../ambient/install.ts';

holdAmbient();
