// All systems of this folder, a file for each integrity check.

import type { IntegrityRow } from '../row.ts';
import { cache } from './cache.ts';
import { charge } from './charge.ts';
import { counter } from './counter.ts';
import { ledger } from './ledger.ts';
import { mail } from './mail.ts';
import { price } from './price.ts';
import { shipment } from './shipment.ts';
import { ticket } from './ticket.ts';
import { transfer } from './transfer.ts';
import { trip } from './trip.ts';

/** In the order in which `wavetank/checkers` names them. */
export const integrityRows: readonly IntegrityRow[] = [
  transfer,
  charge,
  counter,
  shipment,
  ticket,
  price,
  trip,
  mail,
  ledger,
  cache,
];
