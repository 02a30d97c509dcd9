// A recorder: subscribes with QoS 1 and a session that outlives its connections.

import { connect } from 'mqtt';
import { required } from './settings.ts';

export const recorded: string[] = [];
export const events: string[] = [];

const client = connect(required('BROKER_URL'), {
  clientId: 'recorder',
  clean: false,
  reconnectPeriod: 200,
  connectTimeout: 1_000,
  keepalive: 2,
});
client.on('connect', ({ sessionPresent }) => {
  events.push(sessionPresent ? 'connected again' : 'connected');
  client.subscribe('readings/#', { qos: 1 });
});
client.on('message', (topic, payload) => recorded.push(`${topic} ${String(payload)}`));
client.on('error', (error) => events.push(error.message));

process.on('SIGTERM', () => void client.endAsync());
