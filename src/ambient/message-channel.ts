// `MessageChannel` for hosts, on `globalThis` and in node:worker_threads.

import workerThreads from 'node:worker_threads';
import type { HostContext } from './context.ts';
import { HostPort } from './message-port.ts';
import { type Patch, patchMethod, patchValue } from './patch.ts';
import { currentHost } from './registry.ts';

/** Patches `MessageChannel` and `receiveMessageOnPort`. */
export function messageChannelPatches(): Patch[] {
  const HostChannel = hostChannel(workerThreads.MessageChannel);
  return [
    patchValue('MessageChannel', globalThis, 'MessageChannel', HostChannel),
    patchValue('node:worker_threads MessageChannel', workerThreads, 'MessageChannel', HostChannel),
    patchMethod(
      'receiveMessageOnPort',
      workerThreads,
      'receiveMessageOnPort',
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          return args[0] instanceof HostPort ? args[0].takeMessage() : Reflect.apply(original, this, args);
        },
    ),
  ];
}

function hostChannel(RealChannel: typeof MessageChannel): typeof MessageChannel {
  const proxy: typeof MessageChannel = new Proxy(RealChannel, {
    construct(target, args, newTarget): object {
      const host = currentHost();
      const isPlain = newTarget === proxy;
      if (host === undefined) return Reflect.construct(target, args, isPlain ? target : newTarget) as object;
      return Object.assign(Object.create(newTarget.prototype as object) as object, connectedPorts(host));
    },
  });
  return proxy;
}

function connectedPorts(host: HostContext): { port1: HostPort; port2: HostPort } {
  const ports = { port1: new HostPort(host), port2: new HostPort(host) };
  HostPort.connect(ports.port1, ports.port2);
  return ports;
}
