// Datagrams over real loopback sockets and between simulated machines.

import { test } from 'node:test';
import { settling } from './closing.ts';
import { conforms } from './stage.ts';
import { dgramCases } from './dgram-cases-table.ts';

for (const each of dgramCases) {
  test(`dgram: ${each.name}`, { skip: each.skip }, () => conforms(settling(each)));
}
