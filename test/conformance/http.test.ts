// HTTP over real loopback and over simulated connections: the same events, the same errors, the same bytes.

import { test } from 'node:test';
import { httpCases } from './http-cases-table.ts';
import { httpFailureCases } from './http-failure-cases-table.ts';
import { conforms } from './stage.ts';

for (const each of [...httpCases, ...httpFailureCases]) {
  test(`http: ${each.name}`, { skip: each.skip ?? false }, () => conforms(each));
}
