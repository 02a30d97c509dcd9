// Addresses inside of a page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOf, placeIn } from '../../../../src/report/page/viewer/place.ts';

test('reads what it writes', () => {
  for (const place of [{}, { step: 0 }, { scenario: 0 }, { scenario: 11, step: 1284 }]) {
    assert.deepEqual(placeIn(hashOf(place)), place);
  }
  assert.equal(hashOf({ scenario: 1, step: 14 }), '#scenario-2/step-14');
});

test('reads nothing from an address that names no place', () => {
  for (const hash of ['', '#', '#step-', '#step-x', '#scenario-0', '#scenario-1e9', '#xstep-1', '#step-1x']) {
    assert.deepEqual(placeIn(hash), {}, hash);
  }
});
