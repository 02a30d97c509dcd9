// HTTP/2 over real loopback sockets and between simulated machines.

import { test } from 'node:test';
import { settling } from './closing.ts';
import { conforms } from './stage.ts';
import { http2Cases } from './http2-cases-table.ts';

for (const each of http2Cases) {
  test(`http2: ${each.name}`, { skip: each.skip }, () => conforms(settling(each)));
}
