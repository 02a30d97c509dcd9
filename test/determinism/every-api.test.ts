// What hosts see of Node.js when the ambient layer is installed for each simulation and taken out after it.

import { everyApiSuite } from './every-api-suite.ts';

everyApiSuite('installed for each run');
