// A register behind a fence, whose reads may show their tokens, too.

import { fencedRegister, fencedRegisterOperations, UNKNOWN } from '../../src/models.ts';
import type { FencedRegisterInput, FencedRegisterState } from '../../src/models.ts';
import { prove } from './proof.ts';
import { referenceOf } from './reference.ts';
import { keptFencedRegister } from './systems/fenced-register.ts';
import { tabled } from './table.ts';

type Input = FencedRegisterInput<number>;
type State = FencedRegisterState<number>;
const read = (token?: number): Input => ({ name: 'read', ...(token === undefined ? {} : { token }) });
const write = (value: number, token: number): Input => ({ name: 'write', value, token });
const at = (value: number, token: number | null): State => ({ value, token });

prove<State, Input, number | boolean, { value: number; token: number }>({
  model: fencedRegister(0),
  reference: referenceOf(keptFencedRegister),
  inputs: [read(), read(1), read(2), write(1, 1), write(2, 2)],
  absurd: [9],
  operations: fencedRegisterOperations(),
});

tabled<State, Input, number | boolean>(fencedRegister(0), [
  [at(5, 2), read(), 5, [at(5, 2)]],
  [at(5, 2), read(3), 5, [at(5, 3)]],
  [at(5, 2), read(1), false, [at(5, 2)]],
  [at(5, 2), read(1), 5, []],
  [at(5, 2), read(2), false, []],
  [at(5, 2), read(3), UNKNOWN, [at(5, 3)]],
  [at(5, 2), read(1), UNKNOWN, [at(5, 2)]],
  [at(5, null), read(1), 5, [at(5, 1)]],
  [at(5, 2), write(6, 2), true, [at(6, 2)]],
  [at(5, 2), write(6, 1), true, []],
  [at(5, 2), write(6, 1), false, [at(5, 2)]],
  [at(5, 2), write(6, 3), false, []],
]);
