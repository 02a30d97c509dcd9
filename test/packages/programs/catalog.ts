// The catalog: GraphQL over `node:http`.

import { createServer } from 'node:http';
import { buildSchema, graphql } from 'graphql';
import { port } from './settings.ts';

const schema = buildSchema(`
  type Article { sku: ID! price: Int! }
  type Query { article(sku: ID!): Article }
`);
const prices: Readonly<Record<string, number>> = { kettle: 4_900, lamp: 12_000 };
const rootValue = {
  article: ({ sku }: { sku: string }) => {
    const price = prices[sku];
    return price === undefined ? null : { sku, price };
  },
};

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part) => (text += String(part)));
  request.on('end', () => {
    const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
    void graphql({ schema, source: query, rootValue, variableValues: variables }).then((result) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    });
  });
});
server.listen(port());

process.on('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});
