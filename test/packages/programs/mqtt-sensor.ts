// A sensor: publishes readings with QoS 1; what the broker did not acknowledge is sent again.

import { connect } from 'mqtt';
import { required } from './settings.ts';

const count = Number(required('COUNT'));

export const sent: string[] = [];
export const acknowledged: string[] = [];

export const errors: string[] = [];

const client = connect(required('BROKER_URL'), {
  clientId: 'sensor',
  clean: false,
  reconnectPeriod: 200,
  connectTimeout: 1_000,
  keepalive: 2,
});
client.on('error', (error) => errors.push(error.message));

/** Publishes until the broker has it: the client gives some up when their connection breaks. */
function publish(reading: string): void {
  client.publish('readings/hall', reading, { qos: 1 }, (error) => {
    if (error === undefined || error === null) acknowledged.push(reading);
    else setTimeout(publish, 100, reading);
  });
}

const measuring = setInterval(() => {
  if (sent.length === count) return clearInterval(measuring);
  const reading = `${sent.length} ${(20 + Math.random()).toFixed(2)}`;
  sent.push(reading);
  publish(reading);
  return undefined;
}, 120);

process.on('SIGTERM', () => void client.endAsync());
