// Sockets over real loopback and over simulated connections: the same events, the same errors.

import { test } from 'node:test';
import { netCases } from './net-cases-table.ts';
import { netFlowCases } from './net-flow-cases-table.ts';
import { conforms } from './stage.ts';

for (const each of [...netCases, ...netFlowCases]) {
  test(`net: ${each.name}`, { skip: each.skip ?? false }, () => conforms(each));
}
