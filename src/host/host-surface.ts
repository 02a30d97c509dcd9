// What the factory of a host gets: the surface of its machine, for one incarnation.

import { sendDatagram } from './datagram.ts';
import type { Host } from './definition.ts';
import type { Incarnation } from './incarnation.ts';

/** Makes the `host` of one incarnation. Once that has ended, nothing on it has any effect. */
export function hostFor(incarnation: Incarnation, onStop: Host['onStop']): Host {
  const { machine } = incarnation;
  const disk = machine.disk.open(() => incarnation.isAlive);
  return {
    name: machine.name,
    incarnation: incarnation.number,
    disk,
    store: (initial, given = {}) => machine.stores.open(incarnation, { initial, disk, given }),
    expose: (exports) => {
      if (incarnation.isAlive) machine.exports = exports;
    },
    onStop: (hook) => {
      if (incarnation.isAlive) onStop(hook);
    },
    send: (target, payload, label) => sendDatagram(incarnation, target, payload, label),
    onMessage: (receive) => {
      if (incarnation.isAlive) machine.receive = receive;
    },
  };
}
