// The requests of one connection in the traffic of a run: HTTP/1 answers them in the order in which they were
// sent.

import type { Call, TrafficLog } from '../../history/traffic.ts';
import type { RequestName } from '../../history/trace.ts';
import type { HostMachine } from '../machine.ts';
import type { Endpoint } from './endpoint.ts';

/** Takes down what a connection carries; exists only where traffic is kept. */
export class ConnectionCalls {
  readonly #traffic: TrafficLog;
  readonly #from: string;
  readonly #to: string;
  /** Sent, and not arrived. */
  readonly #onTheirWay: Call[] = [];
  /** Arrived, and no answer has left. */
  readonly #there: Call[] = [];
  /** Sent, and no answer is there. */
  readonly #open: Call[] = [];

  constructor(traffic: TrafficLog, client: Pick<Endpoint, 'machine'>, server: HostMachine) {
    this.#traffic = traffic;
    this.#from = client.machine.name;
    this.#to = server.name;
  }

  sent({ label, nth }: RequestName): void {
    const call = this.#traffic.sent({ name: label, from: this.#from, to: this.#to, nth });
    this.#onTheirWay.push(call);
    this.#open.push(call);
  }

  /** The head of the next request reached its server. */
  arrived(): void {
    const call = this.#onTheirWay.shift();
    if (call === undefined) return;
    this.#there.push(call);
    this.#traffic.arrived(call);
  }

  /** The head of the next final response leaves its server. */
  answering(): void {
    const call = this.#there.shift();
    if (call !== undefined) this.#traffic.left(call);
  }

  /** It is there. */
  answered(status: number): void {
    const call = this.#open.shift();
    if (call !== undefined) this.#traffic.answered(call, status);
  }

  /** Nothing more comes: the client was told so, or waits for nothing any more. */
  clientEnded(end: 'failed' | 'given up'): void {
    for (const call of this.#open.splice(0)) this.#traffic.unanswered(call, end);
  }

  /** The server has the connection no more. */
  serverEnded(): void {
    for (const call of this.#there.splice(0)) this.#traffic.left(call);
  }
}
