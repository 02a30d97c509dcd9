// The scenarios of this folder, each with the packages that it shows.

import { program, type Scenario } from '../../src/index.ts';
import { handlerScenario } from './handler-scenario.ts';
import { shopScenario } from './shop-scenarios.ts';
import { grpcScenario, mqttScenario, socketIoScenario, wsScenario } from './talk-scenarios.ts';

const catalog = program(new URL('programs/catalog.ts', import.meta.url), { env: { PORT: '5000' } });

/** All of them; each run generates its own workload. */
export const scenarios: readonly Scenario[] = [
  shopScenario('express and axios', 'programs/express-shop.ts'),
  shopScenario('fastify and undici', 'programs/fastify-shop.ts'),
  shopScenario('koa and got', 'programs/koa-shop.ts'),
  shopScenario('hono and ky', 'programs/hono-shop.ts'),
  shopScenario('nest and node-fetch', 'programs/nest/main.ts'),
  shopScenario('superagent and graphql-request', 'programs/plain-shop.ts', {
    env: { CATALOG_URL: 'http://catalog:5000/graphql' },
    hosts: { catalog },
  }),
  wsScenario,
  socketIoScenario,
  grpcScenario,
  mqttScenario,
  handlerScenario,
].map((scenario) => scenario);
