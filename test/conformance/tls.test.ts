// TLS over real loopback sockets, with its cryptography, and between simulated machines, without.

import { test } from 'node:test';
import { settling } from './closing.ts';
import { conforms } from './stage.ts';
import { tlsCases } from './tls-cases-table.ts';

for (const each of tlsCases) {
  test(`tls: ${each.name}`, { skip: each.skip }, () => conforms(settling(each)));
}
