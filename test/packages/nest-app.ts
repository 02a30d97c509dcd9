// NestJS as an app that does not listen, without decorators: they are functions, too.

import process from 'node:process';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { handler, type HostDefinition } from '../../src/index.ts';

type Received<Baton, Pass> = (name: string, baton: Baton, pass: Pass) => Promise<unknown>;

const [major = 0] = process.versions.node.split('.').map(Number);

/** The host by its name; none on Node.js 20, where a loader as tsx answers `import()` from a thread. */
export function nestApp<Baton, Pass>(
  received: Received<Baton, Pass>,
  pass: Pass,
): Readonly<Record<string, HostDefinition>> {
  if (major < 22) return {};
  class PassController {
    pass(baton: Baton): Promise<unknown> {
      return received('nest', baton, pass);
    }
  }
  const { prototype } = PassController;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'pass') as PropertyDescriptor;
  Post('pass')(prototype, 'pass', descriptor);
  Body()(prototype, 'pass', 0);
  Controller()(PassController);
  class PassModule {}
  Module({ controllers: [PassController] })(PassModule);
  return { nest: handler(() => NestFactory.create(PassModule, new ExpressAdapter(), { logger: false })) };
}
