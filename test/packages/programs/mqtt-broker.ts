// A broker: aedes on `node:net`.

import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { port } from './settings.ts';

export const published: string[] = [];

const broker = await Aedes.createBroker({ id: 'broker', heartbeatInterval: 5_000 });
broker.authorizePublish = (_client, { topic }, allow) => {
  allow(topic.startsWith('readings/') ? null : new Error('not allowed'));
};
broker.on('publish', ({ topic, payload }, client) => {
  if (client !== null) published.push(`${topic} ${String(payload)}`);
});

const server = createServer(broker.handle);
server.listen(port());

process.on('SIGTERM', () => {
  broker.close(() => server.close());
});
