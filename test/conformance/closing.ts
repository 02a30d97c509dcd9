// What closes the servers and sockets of a case when it is over, and waits for what follows its end.

import { type Case, pause, type Stage } from './stage.ts';

interface Closable {
  close?(): unknown;
  closeAllConnections?(): void;
  destroy?(): unknown;
}

/** Closes something of the server's machine when the case is over. */
export function closingServer<Server extends Closable>(stage: Stage, server: Server): Server {
  stage.after(() => stage.onServer(() => closeNow(server)));
  return server;
}

/** Closes something of the client's machine when the case is over. */
export function closing<Value extends Closable>(stage: Stage, value: Value): Value {
  stage.after(() => closeNow(value));
  return value;
}

function closeNow(value: Closable): void {
  if (value.destroy === undefined) value.close?.();
  else value.destroy();
  value.closeAllConnections?.();
}

/** A case that waits until both sides have seen everything, also on a machine that has other things to do. */
export function settling(each: Case): Case {
  return {
    ...each,
    async play(stage) {
      await each.play(stage);
      await pause(50);
    },
  };
}
