// The routes of the shop. What a constructor takes is named by `@Inject()`: no compiler but TypeScript's own
// writes down the types of parameters (`emitDecoratorMetadata`).

import {
  BadRequestException,
  Body,
  Controller,
  Get,
  Inject,
  NotFoundException,
  Param,
  Post,
  Res,
  type PipeTransform,
} from '@nestjs/common';
import type { Response } from 'express';
import { isOrder, type OrderRequest } from '../orders.ts';
import { OrdersService } from './orders-service.ts';

class OrderPipe implements PipeTransform<unknown, OrderRequest> {
  transform(value: unknown): OrderRequest {
    if (isOrder(value)) return value;
    throw new BadRequestException('not an order');
  }
}

@Controller()
export class OrdersController {
  readonly #service: OrdersService;

  constructor(@Inject(OrdersService) service: OrdersService) {
    this.#service = service;
  }

  @Post('orders')
  async create(
    @Body(new OrderPipe()) order: OrderRequest,
    @Res({ passthrough: true }) response: Response,
  ): Promise<unknown> {
    const { status, body } = await this.#service.create(order);
    response.status(status);
    return body;
  }

  @Get('orders/:id')
  find(@Param('id') id: string): OrderRequest {
    const order = this.#service.find(id);
    if (order === undefined) throw new NotFoundException('no such order');
    return order;
  }

  @Get('boom')
  boom(): never {
    throw new Error('a bug');
  }
}
