// A shop: `node:http` in front, graphql-request towards the catalog, superagent towards the warehouse.

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { gql, GraphQLClient } from 'graphql-request';
import superagent from 'superagent';
import { isOrder, orders, place, type Reserve } from './orders.ts';
import { port, required, warehouseUrl } from './settings.ts';

export { failures, orders } from './orders.ts';

interface Article {
  readonly article: { readonly sku: string; readonly price: number } | null;
}

const catalog = new GraphQLClient(required('CATALOG_URL'));
const priceOf = gql`
  query Price($sku: ID!) {
    article(sku: $sku) {
      sku
      price
    }
  }
`;

const reserve: Reserve = async (order, timeoutMs) => {
  const signal = AbortSignal.timeout(timeoutMs);
  const { article } = await catalog.request<Article>({
    document: priceOf,
    variables: { sku: order.sku },
    signal,
  });
  if (article === null) return { status: 409, body: {} };
  const { status, body } = await superagent
    .post(`${warehouseUrl()}/reservations`)
    .timeout({ response: timeoutMs, deadline: 2 * timeoutMs })
    .set('idempotency-key', order.id)
    .ok(() => true)
    .send(order);
  return { status, body: { ...(body as object), price: article.price * order.quantity } };
};

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  if (pathname === '/boom') throw new Error('a bug');
  if (request.method === 'POST' && pathname === '/orders') {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const order: unknown = JSON.parse(Buffer.concat(parts).toString());
    return isOrder(order) ? place(order, reserve) : { status: 400, body: { error: 'not an order' } };
  }
  const order = orders.get(pathname.split('/')[2] ?? '');
  return order === undefined
    ? { status: 404, body: { error: 'no such order' } }
    : { status: 200, body: order };
}

const server = createServer((request, response) => {
  response.setHeader('x-request-id', randomUUID());
  response.setHeader('content-type', 'application/json');
  answer(request).then(
    ({ status, body }) => response.writeHead(status).end(JSON.stringify(body)),
    () => response.writeHead(500).end(JSON.stringify({ error: 'internal error' })),
  );
});
server.listen(port());

process.on('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
