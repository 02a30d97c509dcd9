// Builds recorded runs by hand, step by step: causes and the places of messages are kept.

import type {
  FaultEntry,
  MessageContent,
  SentEntry,
  StateEntry,
  TraceEntry,
} from '../../../src/history/trace.ts';
import type { Patch } from '../../../src/history/journal.ts';
import type { FailureReport, RunReport } from '../../../src/report/document.ts';
import { failureReport, operation, runReport } from '../documents.ts';

type Way = Partial<Pick<SentEntry, 'nth' | 'status' | 'fate' | 'isTwice' | 'delayUs'>> & {
  readonly message?: string;
  readonly body?: string;
};

/** A trace in the making. */
export class BuiltTrace {
  readonly entries: TraceEntry[] = [];
  #step = 0;
  #atUs = 0;

  /** Begins a step. @returns its number. */
  step(atMs: number, host: string, what: string, cause?: number): number {
    this.#step++;
    this.#atUs = atMs * 1000;
    const known = cause === undefined ? {} : { cause };
    this.entries.push({ ...this.#now(), kind: 'step', host, what, hash: `${this.#step}`, ...known });
    return this.#step;
  }

  sent(from: string, to: string, label: string, { message = 'request', body, ...way }: Way = {}): number {
    const content: MessageContent = {
      headers: [['content-type', 'application/json']],
      ...(body === undefined ? {} : { body: { text: body, byteLength: body.length } }),
    };
    const rest = { nth: 1, fate: 'delivered', content, ...way } as const;
    return this.entries.push({ ...this.#now(), kind: 'sent', from, to, message, label, ...rest }) - 1;
  }

  /** A step in which a message arrives. */
  arrived(atMs: number, sent: number, isCopy: boolean = false): number {
    const { from, to, message, label, nth, step } = this.entries[sent] as SentEntry;
    const number = this.step(atMs, to, `${label} #${nth} from ${from}`, step);
    this.entries.push({ ...this.#now(), kind: 'arrived', from, to, message, label, nth, isCopy });
    return number;
  }

  host(host: string, change: string): void {
    this.entries.push({ ...this.#now(), kind: 'host', host, change });
  }

  log(host: string, text: string): void {
    this.entries.push({ ...this.#now(), kind: 'log', host, stream: 'stdout', text });
  }

  note(text: string, host?: string): void {
    this.entries.push({ ...this.#now(), kind: 'note', text, ...(host === undefined ? {} : { host }) });
  }

  operation(client: string, name: string, id: number, type: 'invoke' | 'ok' | 'fail' | 'info'): void {
    this.entries.push({ ...this.#now(), kind: 'operation', id, client, name, type });
  }

  state(host: string, store: string, patches: readonly Patch[]): void {
    const cause: StateEntry['cause'] = { kind: 'boot' };
    this.entries.push({ ...this.#now(), kind: 'state', host, store, patches, cause });
  }

  fault(
    change: FaultEntry['change'],
    fault: string,
    text: string,
    hosts: readonly string[],
    nth: number,
  ): void {
    this.entries.push({ ...this.#now(), kind: 'fault', change, fault, text, hosts, nth });
  }

  #now(): { atUs: number; step: number } {
    return { atUs: this.#atUs, step: this.#step };
  }
}

const DROPPED = 'dropped message (cards → payments, response to POST /v1/charges #1)';

/**
 * A card is charged twice: the response to the first charge is lost, the second follows a timeout. Without
 * the fault the order is confirmed. Inventory is asked, cut off, crashes and boots on the side.
 */
export function doubleCharge(isDropped: boolean = true): RunReport {
  const trace = new BuiltTrace();
  const drive = trace.step(0, 'driver', 'drive');
  const hosts = ['orders', 'payments', 'cards', 'inventory'];
  for (const host of hosts) {
    trace.step(0, host, 'boot', drive);
    trace.host(host, 'booted');
  }
  trace.operation('shopper', 'checkout', 0, 'invoke');
  const checkout = trace.sent('shopper', 'orders', 'POST /checkout', { body: '{"order":"o-1"}' });
  trace.arrived(2.5, checkout);
  trace.state('orders', 'disk', [{ op: 'replace', path: ['orders/o-1'], value: { status: 'placed' } }]);
  trace.log('orders', 'an order came in');
  const reserve = trace.sent('orders', 'inventory', 'PUT /reservations/o-1', { isTwice: true });
  trace.arrived(5, reserve);
  const reserved = trace.sent('inventory', 'orders', 'PUT /reservations/o-1', {
    message: 'response',
    status: 201,
  });
  trace.arrived(6, reserve, true);
  trace.arrived(7.5, reserved);
  const charge = trace.sent('orders', 'payments', 'POST /charges', { body: '{"amount":20}' });
  const charging = trace.arrived(10, charge);
  const card = trace.sent('payments', 'cards', 'POST /v1/charges', { body: '{"amount":20,"card":"visa"}' });
  trace.arrived(12.5, card);
  trace.state('cards', 'disk', [{ op: 'replace', path: ['charges/ch-1'], value: { amount: 20 } }]);
  if (isDropped) {
    trace.fault('strikes', 'drop', DROPPED, ['cards', 'payments'], 0);
    trace.sent('cards', 'payments', 'POST /v1/charges', {
      message: 'response',
      status: 201,
      fate: 'dropped',
    });
    chargedAgain(trace, charging);
  } else confirmed(trace);
  const type = isDropped ? 'pending' : 'ok';
  const end = isDropped ? 1107 : 20;
  return runReport({
    hosts,
    clients: ['shopper'],
    history: [
      operation({ client: 'shopper', input: { order: 'o-1' }, type, ...(isDropped ? {} : { endedMs: end }) }),
    ],
    verdict: isDropped ? 'illegal' : 'ok',
    virtualMs: end,
    trace: trace.entries,
  });
}

function chargedAgain(trace: BuiltTrace, charging: number): void {
  const cut = trace.step(100, 'driver', 'partition');
  trace.fault('begins', 'partition', 'partition: orders ⇹ inventory', ['orders', 'inventory'], 1);
  trace.step(200, 'driver', 'crash', cut);
  trace.host('inventory', 'crashed');
  trace.step(400, 'inventory', 'boot', cut);
  trace.host('inventory', 'booted');
  trace.step(500, 'driver', 'heal', cut);
  trace.fault('ends', 'partition', 'partition: orders ⇹ inventory', ['orders', 'inventory'], 1);
  trace.step(1010, 'payments', 'timer of 1000 ms', charging);
  trace.note('reached: a charge timed out', 'payments');
  const failed = trace.sent('payments', 'orders', 'POST /charges', { message: 'response', status: 504 });
  const told = trace.arrived(1012.5, failed);
  trace.step(1102, 'orders', 'timer of 90 ms', told);
  const again = trace.sent('orders', 'payments', 'POST /charges', { nth: 2 });
  trace.arrived(1104.5, again);
  const second = trace.sent('payments', 'cards', 'POST /v1/charges', { nth: 2 });
  trace.arrived(1107, second);
  trace.state('cards', 'disk', [{ op: 'replace', path: ['charges/ch-2'], value: { amount: 20 } }]);
}

function confirmed(trace: BuiltTrace): void {
  const respond = (from: string, to: string, label: string, atMs: number): void => {
    trace.arrived(atMs, trace.sent(from, to, label, { message: 'response', status: 201 }));
  };
  respond('cards', 'payments', 'POST /v1/charges', 15);
  respond('payments', 'orders', 'POST /charges', 17.5);
  respond('orders', 'shopper', 'POST /checkout', 20);
  trace.operation('shopper', 'checkout', 0, 'ok');
}

/** The failure of {@link doubleCharge}, with its story and the run that passes. */
export function doubleChargeFailure(changed: Partial<FailureReport> = {}): FailureReport {
  const run = doubleCharge();
  const passed = doubleCharge(false);
  const isOutside = (entry: TraceEntry): boolean =>
    entry.kind === 'arrived' ||
    entry.kind === 'log' ||
    entry.kind === 'host' ||
    (entry.kind === 'fault' && entry.fault !== 'drop') ||
    (entry.kind === 'step' && !entry.what.startsWith('timer')) ||
    (entry.kind === 'sent' && (entry.from === 'inventory' || entry.to === 'inventory'));
  const places = (trace: readonly TraceEntry[], is: (entry: TraceEntry) => boolean): number[] =>
    trace.flatMap((entry, i) => (is(entry) ? [i] : []));
  const isAnswer = (entry: TraceEntry): boolean =>
    entry.kind === 'sent' && entry.from === 'cards' && entry.nth === 1;
  const [failedAt] = places(run.trace, isAnswer);
  const [passedAt] = places(passed.trace, isAnswer);
  const last = run.trace.at(-1) as TraceEntry;
  return failureReport({
    message: '`charged at most once` is illegal: order o-1 was charged 2 times.',
    atMs: last.atUs / 1000,
    step: last.step,
    host: 'cards',
    faults: [{ kind: 'drop', text: DROPPED, without: 'it passes' }],
    run,
    slice: places(run.trace, (entry) => !isOutside(entry)),
    neighbour: {
      without: 0,
      run: passed,
      difference: { failed: failedAt as number, passed: passedAt as number, text: 'the response arrives' },
    },
    ...changed,
  });
}

/** A run of about so many events: clients ask two hosts in turn, some messages are late or lost. */
export function longRun(events: number): FailureReport {
  const trace = new BuiltTrace();
  const clients = Array.from({ length: 6 }, (_, i) => `client-${i}`);
  const hosts = ['gateway', 'orders', 'payments', 'stock', 'mail', 'audit'];
  let id = 0;
  let atMs = 0;
  while (trace.entries.length < events) {
    const client = clients[id % clients.length] as string;
    const host = hosts[id % hosts.length] as string;
    const next = hosts[(id + 2) % hosts.length] as string;
    const nth = id + 1;
    atMs += id % 97 === 0 ? 500 : 3;
    trace.step(atMs, client, 'timer of 3 ms');
    trace.operation(client, 'buy', id, 'invoke');
    const asked = trace.sent(client, host, 'POST /buy', { nth, body: `{"item":${id}}` });
    trace.arrived(atMs + 1, asked);
    trace.state(host, 'disk', [{ op: 'replace', path: [`orders/${id % 200}`], value: { id } }]);
    const inner = trace.sent(host, next, 'PUT /stock', {
      nth,
      ...(id % 50 === 7 ? { fate: 'dropped' } : {}),
    });
    if (id % 50 !== 7) trace.arrived(atMs + 2, inner);
    trace.log(next, `stock of ${id}`);
    const answer = trace.sent(next, client, 'POST /buy', { nth, message: 'response', status: 200 });
    trace.arrived(atMs + 2.5, answer);
    trace.operation(client, 'buy', id, id % 50 === 7 ? 'info' : 'ok');
    id++;
  }
  const history = Array.from({ length: id }, (_, i) =>
    operation({ id: i, client: clients[i % clients.length] as string, name: 'buy', type: 'ok' }),
  );
  const last = trace.entries.at(-1) as TraceEntry;
  const run = runReport({ hosts, clients, history, trace: trace.entries, virtualMs: atMs, steps: last.step });
  const slice = trace.entries.flatMap(({ step }, i) => (step > last.step - 6 ? [i] : []));
  const [client = ''] = clients;
  return failureReport({ run, slice, host: client, step: last.step, atMs: last.atUs / 1000 });
}
