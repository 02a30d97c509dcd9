// The third party, for real: the handlers of `services/card-processor.ts` behind a port, so that the other
// programs have somebody to talk to outside of a simulation. Inside of one, `virtualService` serves them.

import { serve } from '@hono/node-server';
import { getResponse } from 'msw';
import { cardProcessor, type Charge } from '../services/card-processor.ts';
import { Table } from '../services/table.ts';
import { port, required } from './environment.ts';
import { JsonStore } from './json-store.ts';

const charges = new Table<Charge>(new JsonStore(required('DATA'), 'charges'), 'charges');
const handlers = cardProcessor({ charges });

const server = serve({ fetch: answer, port: port() }, () => console.log('the card processor is listening'));

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const asked = new Request(new URL(pathname, 'https://api.cards.test'), request);
  return (await getResponse(handlers, asked)) ?? new Response('not found', { status: 404 });
}

process.on('SIGTERM', () => server.close(() => process.exit(0)));
