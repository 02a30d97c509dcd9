// Each framework as an app that does not listen by itself, `handler(() => app)`: a message is passed from one
// to the next, each time by another client.

import 'reflect-metadata';

import assert from 'node:assert/strict';
import http from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import axios from 'axios';
import express from 'express';
import Fastify from 'fastify';
import got from 'got';
import { Hono } from 'hono';
import Koa from 'koa';
import ky from 'ky';
import fetchOfNode from 'node-fetch';
import superagent from 'superagent';
import {
  defineScenario,
  handler,
  latency,
  swarm,
  type HostDefinition,
  type Scenario,
} from '../../src/index.ts';
import { nestApp } from './nest-app.ts';

/** What is passed: who passed it so far, and who is next. */
interface Baton {
  readonly passedBy: readonly string[];
  readonly next: readonly string[];
}

type Pass = (url: string, baton: Baton) => Promise<unknown>;

const TIMEOUT_MS = 800;
const WAY_LENGTH = 3;

/** Passes the message on, or gives it back at the end. */
export async function received(name: string, { passedBy, next }: Baton, pass: Pass): Promise<unknown> {
  const [first, ...rest] = next;
  const baton = { passedBy: [...passedBy, name], next: rest };
  return first === undefined ? baton : pass(`http://${first}:3000/pass`, baton);
}

const byAxios: Pass = async (url, baton) => {
  const { data } = await axios.post<unknown>(url, baton, { timeout: TIMEOUT_MS });
  return data;
};
const byGot: Pass = (url, baton) =>
  got.post(url, { json: baton, timeout: { request: TIMEOUT_MS }, retry: { limit: 0 } }).json();
const byNodeFetch: Pass = async (url, baton) => {
  const response = await fetchOfNode(url, {
    method: 'POST',
    body: JSON.stringify(baton),
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
};
const byKy: Pass = (url, baton) => ky.post(url, { json: baton, timeout: TIMEOUT_MS, retry: 0 }).json();
const bySuperagent: Pass = async (url, baton) => {
  const { body } = await superagent.post(url).timeout(TIMEOUT_MS).send(baton);
  return body;
};

function expressApp(): express.Express {
  const app = express();
  app.use(express.json());
  app.post('/pass', async (request, response) => {
    response.json(await received('express', request.body as Baton, byAxios));
  });
  // Without it, Express prints what went wrong.
  app.use(
    (_error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(502).end();
    },
  );
  return app;
}

function koaApp(): Koa {
  const app = new Koa();
  app.silent = true;
  app.use(async (context) => {
    let text = '';
    for await (const part of context.req) text += String(part);
    context.body = await received('koa', JSON.parse(text) as Baton, byGot);
  });
  return app;
}

function fastifyApp(): Fastify.FastifyInstance {
  const app = Fastify();
  app.post('/pass', (request) => received('fastify', request.body as Baton, byNodeFetch));
  return app;
}

function honoApp(): Hono {
  const app = new Hono();
  app.post('/pass', async (context) => {
    const passed = await received('hono', await context.req.json<Baton>(), byKy);
    return context.json(passed as Baton);
  });
  app.onError((_error, context) => context.text('', 502));
  return app;
}

function plainServer(): http.Server {
  return http.createServer((request, response) => {
    let text = '';
    request.on('data', (part) => (text += String(part)));
    request.on('end', () => {
      received('plain', JSON.parse(text) as Baton, bySuperagent).then(
        (passed) =>
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(passed)),
        () => response.writeHead(502).end(),
      );
    });
  });
}

const apps: Readonly<Record<string, HostDefinition>> = {
  express: handler(expressApp),
  koa: handler(koaApp),
  fastify: handler(fastifyApp),
  hono: handler(honoApp),
  'hono-server': handler(() => createAdaptorServer({ fetch: honoApp().fetch }) as http.Server),
  plain: handler(plainServer),
  ...nestApp(received, byAxios),
};

const names = Object.keys(apps);
/** What each host calls itself. */
const ownName = (host: string): string => host.replace('-server', '');

export const handlerScenario: Scenario = defineScenario({
  name: 'handlers',
  hosts: apps,
  network: { latency: latency.longTail({ medianMs: 3, p99Ms: 60 }) },
  faults: swarm({
    drop: true,
    delay: true,
    reset: true,
    refuse: true,
    partition: true,
    crash: names,
    stop: names,
    pause: ['koa', 'plain'],
  }),
  async drive(world) {
    await Promise.all(
      names.map((first, i) =>
        world.client(`client-${i}`, async (client) => {
          const way = [...names, ...names].slice(i, i + WAY_LENGTH);
          await client.operation('pass', first, async () => {
            const response = await fetch(`http://${first}:3000/pass`, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ passedBy: [], next: way.slice(1) }),
              signal: AbortSignal.timeout(3_000),
            });
            const text = await response.text();
            if (response.ok) assert.deepEqual(JSON.parse(text), { passedBy: way.map(ownName), next: [] });
            else assert.match(String(response.status), /^50[023]$/);
            return { status: response.status };
          });
        }),
      ),
    );
  },
  sometimes: {
    'a message came back': (world) =>
      world.history.some(({ value }) => (value as { status?: number } | undefined)?.status === 200),
  },
});
