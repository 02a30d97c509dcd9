// The shipping service as a program: Express.

import express from 'express';
import { ship, type Shipment } from '../services/parcels.ts';
import { Table } from '../services/table.ts';
import { port, required } from './environment.ts';
import { JsonStore } from './json-store.ts';

export const shipments = new Table<Shipment>(new JsonStore(required('DATA'), 'shipments'), 'shipments');

const app = express();
app.use(express.json());

app.put('/shipments/:orderId', (request, response) => {
  const wanted = request.body as { sku: string; quantity: number };
  const { status, body } = ship(shipments, request.params.orderId, wanted);
  response.status(status).json(body);
});

const server = app.listen(port(), () => console.log('shipping is listening'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
