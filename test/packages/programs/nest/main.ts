// A shop: NestJS in front, node-fetch towards the warehouse.

import 'reflect-metadata';

import { randomUUID } from 'node:crypto';
import { Catch, HttpException, Module, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NextFunction, Request, Response } from 'express';
import { port } from '../settings.ts';
import { OrdersController } from './orders-controller.ts';
import { OrdersService } from './orders-service.ts';

export { failures, orders } from '../orders.ts';

@Catch()
class ErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (!(error instanceof HttpException)) return void response.status(500).json({ error: 'internal error' });
    const status = error.getStatus();
    response.status(status).json({ error: status === 400 ? 'not an order' : error.message });
  }
}

@Module({ controllers: [OrdersController], providers: [OrdersService] })
class ShopModule {}

const app = await NestFactory.create(ShopModule, { logger: ['error', 'warn'] });
app.use((_request: Request, response: Response, next: NextFunction) => {
  response.set('x-request-id', randomUUID());
  next();
});
app.useGlobalFilters(new ErrorFilter());
app.enableShutdownHooks();
await app.listen(port());
