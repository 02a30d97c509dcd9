// Walks over the trace of a recorded run and makes its spans: operations, requests and what servers did for
// them, messages, lives of hosts. To whom something belongs is asked of the index.

import type {
  ArrivedEntry,
  FaultEntry,
  HostEntry,
  LogEntry,
  NoteEntry,
  OperationEntry,
  SentEntry,
  SpanEntry,
  StepEntry,
  TraceEntry,
} from '../../history/trace.ts';
import { HttpSpans } from './http-spans.ts';
import type { BrokenPromise, RunSpan, TracedRun } from './run-span.ts';
import { arrivalKey, messageKey, SpanIndex } from './span-index.ts';

/** What a host printed, and anything else of its text, is shown up to so many characters. */
const TEXT_CHARACTERS_MAX = 8_192;
/** Changes of a host after which its process is no more. */
const ENDED = /^(crashed|stopped|exited)/;

/** What makes a span; the rest of it begins empty. */
export type Begun = Pick<RunSpan, 'key' | 'role' | 'name' | 'kind' | 'host' | 'startUs' | 'parent'> &
  Partial<Pick<RunSpan, 'endUs' | 'attributes' | 'own' | 'status' | 'incarnation'>>;

/** The spans of one run, while its trace is read. */
export class SpanWalk {
  readonly spans: RunSpan[] = [];
  readonly index: SpanIndex;
  /** Spans that code of hosts made, and requests that were sent while one was active. */
  readonly own: SpanEntry[] = [];
  readonly #http: HttpSpans;
  /** How many lives of a host are over or going on. */
  readonly #lives = new Map<string, number>();
  readonly #arrivedAt = new Map<number, ArrivedEntry>();
  readonly #messages = new Map<string, RunSpan>();
  readonly #errors: ReadonlyMap<number, string | undefined>;

  constructor(run: TracedRun) {
    this.#errors = new Map(run.history.map(({ id, error }) => [id, error]));
    this.index = new SpanIndex((fired) => this.#timer(fired));
    this.#http = new HttpSpans(this);
    for (const entry of run.trace ?? []) this.#take(entry);
    for (const violation of run.violations ?? []) this.#violated(violation);
  }

  /** Requests and servers' work for which it matters what a header says. */
  get http(): HttpSpans {
    return this.#http;
  }

  begin(begun: Begun): RunSpan {
    const span: RunSpan = {
      endUs: undefined,
      attributes: {},
      status: { code: 'unset' },
      incarnation: this.#lives.get(begun.host) ?? 1,
      ...begun,
      events: [],
      links: [],
    };
    this.spans.push(span);
    return span;
  }

  #take(entry: TraceEntry): void {
    if (entry.kind === 'step') this.#stepped(entry);
    else if (entry.kind === 'sent') this.#sent(entry);
    else if (entry.kind === 'arrived') this.#arrived(entry);
    else if (entry.kind === 'operation') this.#operated(entry);
    else if (entry.kind === 'host') this.#changed(entry);
    else if (entry.kind === 'log' || entry.kind === 'note') this.#told(entry);
    else if (entry.kind === 'fault') this.#befell(entry);
    else if (entry.kind === 'span') this.own.push(entry);
  }

  #stepped(entry: StepEntry): void {
    const { host, what, atUs } = entry;
    this.index.steps.set(entry.step, entry);
    if (what !== 'boot') return;
    const nth = (this.#lives.get(host) ?? 0) + 1;
    this.#lives.set(host, nth);
    const life = this.begin({
      key: JSON.stringify(['incarnation', host, nth]),
      role: 'incarnation',
      name: `incarnation ${nth}`,
      kind: 'internal',
      host,
      startUs: atUs,
      parent: undefined,
    });
    this.index.lives.set(host, life);
  }

  #operated({ id, client, name, type, atUs }: OperationEntry): void {
    if (type === 'invoke') {
      const span = this.begin({
        key: JSON.stringify(['operation', id]),
        role: 'operation',
        name,
        kind: 'internal',
        host: client,
        startUs: atUs,
        parent: undefined,
        attributes: { 'wavetank.operation.id': id, 'wavetank.operation.outcome': 'pending' },
      });
      this.index.operations.set(id, span);
      return;
    }
    const span = this.index.operations.get(id);
    if (span === undefined) return;
    span.endUs = atUs;
    span.attributes['wavetank.operation.outcome'] = type;
    if (type === 'ok') return;
    const message = this.#errors.get(id) ?? (type === 'info' ? 'unknown outcome' : 'failed');
    span.status = { code: 'error', message };
  }

  #sent(entry: SentEntry): void {
    const { from, to, message, label, nth, atUs, step, fate } = entry;
    this.index.sent.set(messageKey(from, to, entry), entry);
    if (this.#http.sent(entry)) return;
    const parent = this.index.behind({ host: from, step }, entry.cause);
    const isBytes = message === 'datagram' || message === 'segment';
    if (!isBytes) {
      if (fate === 'delivered') return;
      const attributes = { 'wavetank.message': `${message} ${label} #${nth}`, 'wavetank.message.to': to };
      parent?.events.push({ atUs, name: `${message} ${fate}`, attributes });
      return;
    }
    const span = this.begin({
      key: messageKey(from, to, entry),
      role: 'message',
      name: `send ${label}`,
      kind: 'producer',
      host: from,
      startUs: atUs,
      endUs: atUs,
      parent,
      attributes: { ...transportOf(entry), 'network.peer.address': to },
    });
    this.#messages.set(span.key, span);
    if (entry.isTwice === true) span.events.push({ atUs, name: 'delivered twice', attributes: {} });
    if (fate === 'delivered') return;
    span.events.push({ atUs, name: fate, attributes: { 'wavetank.message': `${message} ${label} #${nth}` } });
    if (fate !== 'held' && fate !== 'stalled') span.status = { code: 'error', message: fate };
  }

  #arrived(entry: ArrivedEntry): void {
    const { from, to, message, label, atUs } = entry;
    this.#arrivedAt.set(entry.step, entry);
    if (this.#http.arrived(entry) || (message !== 'datagram' && message !== 'segment')) return;
    const sent = this.#messages.get(messageKey(from, to, entry));
    const key = arrivalKey(from, to, entry);
    const span = this.begin({
      key: `arrival of ${key}`,
      role: 'delivery',
      name: `receive ${label}`,
      kind: 'consumer',
      host: to,
      startUs: atUs,
      parent: sent,
      attributes: { ...transportOf(entry), 'network.peer.address': from },
    });
    this.index.arrivals.set(key, span);
  }

  /** Shown where it came to light: at what arrived then, or in the life of the host. */
  #violated({ code, name, message, atMs, step, host }: BrokenPromise): void {
    const arrived = this.#arrivedAt.get(step);
    const span =
      arrived === undefined
        ? this.index.lives.get(host)
        : this.index.arrivals.get(arrivalKey(arrived.from, arrived.to, arrived));
    const shown = message.slice(0, TEXT_CHARACTERS_MAX);
    const attributes = { 'wavetank.violation.code': code, 'wavetank.violation': name, message: shown };
    span?.events.push({ atUs: Math.round(atMs * 1000), name: 'violation', attributes });
    if (span !== undefined) span.status = { code: 'error', message: shown };
  }

  #changed({ host, change, atUs }: HostEntry): void {
    const isEnd = ENDED.test(change);
    for (const span of this.#busyOn(host)) {
      span.events.push({ atUs, name: change, attributes: {} });
      if (!isEnd) continue;
      span.endUs = atUs;
      if (change === 'crashed') span.status = { code: 'error', message: 'the host crashed' };
    }
  }

  /** A line that was printed, or something that a host came across. */
  #told(entry: LogEntry | NoteEntry): void {
    const { host, text, atUs, step } = entry;
    if (host === undefined) return;
    const span = this.index.behind({ host, step }, entry.cause);
    const shown = text.slice(0, TEXT_CHARACTERS_MAX);
    if (entry.kind === 'note') span?.events.push({ atUs, name: shown, attributes: {} });
    else {
      const attributes = { 'log.iostream': entry.stream, message: shown };
      span?.events.push({ atUs, name: 'log', attributes });
    }
  }

  #befell({ change, fault, text, hosts, atUs }: FaultEntry): void {
    const attributes = { 'wavetank.fault.kind': fault, 'wavetank.fault': text };
    for (const host of hosts)
      for (const span of this.#busyOn(host)) span.events.push({ atUs, name: `fault ${change}`, attributes });
  }

  #timer({ host, what, step, atUs }: StepEntry): RunSpan {
    const life = this.index.lives.get(host);
    const span = this.begin({
      key: JSON.stringify(['timer', host, step]),
      role: 'timer',
      name: what,
      kind: 'internal',
      host,
      startUs: atUs,
      parent: undefined,
    });
    if (life !== undefined) span.links.push({ span: life, why: 'incarnation' });
    return span;
  }

  /** What a host is at work on, and its life. */
  *#busyOn(host: string): Iterable<RunSpan> {
    for (const span of this.spans)
      if (span.host === host && span.endUs === undefined && span.role !== 'request') yield span;
  }
}

function transportOf({ message }: { message: string }): Record<string, string> {
  return { 'network.transport': message === 'datagram' ? 'udp' : 'tcp' };
}
