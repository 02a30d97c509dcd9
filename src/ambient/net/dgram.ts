// `node:dgram` on a host: Node.js' own sockets, over handles of the simulated network.

import dgram from 'node:dgram';
import { dispatch, type Patch, patchMethod, patchValue } from '../patch.ts';
import { currentHost } from '../registry.ts';
import { simulateSocket } from './udp-handle.ts';

type SocketClass = new (...args: unknown[]) => dgram.Socket;

/** Patches `node:dgram`. */
export function dgramPatches(): Patch[] {
  return [
    patchMethod('dgram.createSocket', dgram, 'createSocket', (original) =>
      dispatch(original, (host, args, self) => {
        const socket = Reflect.apply(original, self, args) as dgram.Socket;
        simulateSocket(host, socket);
        return socket;
      }),
    ),
    patchValue('dgram.Socket', dgram, 'Socket', simulatedClass(dgram.Socket as unknown as SocketClass)),
  ];
}

function simulatedClass(original: SocketClass): SocketClass {
  const simulated: SocketClass = new Proxy(original, {
    construct(target, args: unknown[], newTarget: unknown) {
      const maker = (newTarget === simulated ? target : newTarget) as SocketClass;
      const socket = Reflect.construct(target, args, maker);
      const host = currentHost();
      if (host !== undefined) simulateSocket(host, socket);
      return socket;
    },
  });
  return simulated;
}
