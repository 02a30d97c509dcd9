// The orders service as a program: Express in front, axios towards the other services.

import express from 'express';
import { Sagas, type Cart, type LoggedOrder } from '../services/saga.ts';
import { Table } from '../services/table.ts';
import { call } from './call-by-axios.ts';
import { port, required } from './environment.ts';
import { JsonStore } from './json-store.ts';

export const orders = new Table<LoggedOrder>(new JsonStore(required('DATA'), 'orders'), 'orders');

const sagas = new Sagas({
  orders,
  call,
  partners: {
    inventory: required('INVENTORY_URL'),
    payments: required('PAYMENTS_URL'),
    shipping: required('SHIPPING_URL'),
  },
});

const app = express();
app.use(express.json());

app.post('/checkout', async (request, response) => {
  const cart = request.body as Cart;
  const order = await sagas.checkout(cart);
  if (order === undefined) response.status(400).json({ error: `no such product: ${cart.sku}` });
  else response.status(order.status === 'confirmed' ? 201 : 409).json(order);
});

const server = app.listen(port(), () => console.log('orders is listening'));
sagas.resume();

process.on('SIGTERM', () => server.close(() => process.exit(0)));
