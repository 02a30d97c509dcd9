// The HTTP/2 sessions of each incarnation. Their native half works in turns of the real event loop, so that a
// run goes slower as long as one is there; and nobody collects it, so that it is destroyed with its owner.

import type { Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { HostContext } from '../context.ts';
import { hostStorage } from '../registry.ts';

/** What is there of one incarnation. */
interface Live {
  readonly sessions: Set<Http2Session>;
  /** The sockets of sessions, each with what ends its hold on the event loop. */
  readonly sockets: Map<Socket, () => void>;
}

const live = new WeakMap<HostContext, Live>();

function liveOf(host: HostContext): Live {
  let all = live.get(host);
  if (all === undefined) live.set(host, (all = { sessions: new Set(), sockets: new Map() }));
  return all;
}

/** Notes that a session of a host got its native half. @returns whether it was not known yet. */
export function rememberSession(host: HostContext, session: Http2Session): boolean {
  const { sessions } = liveOf(host);
  if (sessions.has(session)) return false;
  sessions.add(session);
  session.once('close', () => sessions.delete(session));
  return true;
}

/** Lets the event loop turn as long as the socket of a session is there. */
export function holdLoopFor(host: HostContext, socket: Socket): void {
  const { sockets } = liveOf(host);
  const release = host.holdLoop();
  sockets.set(socket, release);
  socket.once('close', () => {
    // What native code has begun ends in the turns after the next events.
    host.timers.setImmediate(() => {
      host.timers.setImmediate(() => {
        release();
        sockets.delete(socket);
      });
    });
  });
}

/** Destroys the sessions of an incarnation that is over. */
export function forgetSessions(host: HostContext): void {
  const all = live.get(host);
  if (all === undefined) return;
  live.delete(host);
  hostStorage().run(host, () => {
    for (const session of all.sessions) session.destroy();
    for (const [socket, release] of all.sockets) {
      release();
      socket.destroy();
    }
  });
}
