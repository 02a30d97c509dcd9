// WebSockets over real loopback sockets and between simulated machines.

import { test } from 'node:test';
import { settling } from './closing.ts';
import { conforms } from './stage.ts';
import { wsCases } from './ws-cases-table.ts';

for (const each of wsCases) {
  test(`ws: ${each.name}`, { skip: each.skip }, () => conforms(settling(each)));
}
