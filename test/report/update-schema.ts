// Writes report.schema.json anew, from the types of the report document.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../runner.ts';
import { schemaFromTypes } from './schema-from-types.ts';

writeFileSync(join(root, 'report.schema.json'), `${JSON.stringify(schemaFromTypes(), null, 2)}\n`);
