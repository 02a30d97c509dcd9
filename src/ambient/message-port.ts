// The message ports of a host: `MessagePort` with its messages as events of the host's queue.
// Listeners, `on`, `once` and `emit` are those of Node.js, which the class inherits.

import { AsyncResource } from 'node:async_hooks';
import { MessagePort } from 'node:worker_threads';
import { EventKind, QueuedEvent } from '../engine/event.ts';
import type { HostContext } from './context.ts';

interface NodeEventTarget extends EventTarget {
  emit(type: string, value: unknown): boolean;
  listenerCount(type: string): number;
  once(type: string, listener: () => void): this;
}

/** The base of Node.js' MessagePort, which node:events does not export. */
const NodeEventTargetBase: new () => NodeEventTarget = Object.getPrototypeOf(
  MessagePort,
) as new () => NodeEventTarget;

/** What a message takes along instead of copying it. */
type Transfer = Iterable<unknown>;

type Listener = Parameters<EventTarget['addEventListener']>[1];

/** What waits in the inbox of a port: messages, and at the end the news that the other side closed. */
type Letter = { readonly message: unknown } | 'closed';

class PortEvent extends QueuedEvent {
  readonly port: HostPort;
  readonly isMessage: boolean;
  constructor(port: HostPort, isMessage: boolean) {
    super(EventKind.port, port.host.timers.owner);
    this.port = port;
    this.isMessage = isMessage;
  }
  get fingerprint(): number {
    return this.isMessage ? 1 : 2;
  }
  describe(): string {
    return this.isMessage ? 'message on a MessagePort' : 'close of a MessagePort';
  }
  run(): void {
    this.port.openLetter();
  }
}

/** One end of a host's MessageChannel. */
export class HostPort extends NodeEventTargetBase {
  readonly host: HostContext;
  readonly #resource = new AsyncResource('MESSAGEPORT', { requireManualDestroy: true });
  readonly #inbox: Letter[] = [];
  /** How many events are queued for letters of the inbox. */
  #announced = 0;
  #peer: HostPort | undefined;
  #isStarted = false;
  #isRef = false;
  #onmessage: ((event: Event) => void) | null = null;

  constructor(host: HostContext) {
    super();
    this.host = host;
  }

  /** @internal */
  static connect(left: HostPort, right: HostPort): void {
    left.#peer = right;
    right.#peer = left;
  }

  postMessage(message: unknown, options: Transfer | { readonly transfer?: Transfer } = []): boolean {
    const transfer = 'transfer' in options ? (options.transfer ?? []) : (options as Transfer);
    if ([...transfer].some((each) => each instanceof HostPort)) {
      throw new DOMException('A simulated MessagePort cannot be transferred', 'DataCloneError');
    }
    const copy: unknown = structuredClone(message, { transfer: [...transfer] as ArrayBuffer[] });
    const peer = this.#peer;
    if (peer !== undefined) peer.#receive({ message: copy });
    return true;
  }

  start(): void {
    this.#isStarted = true;
    this.#announce();
  }

  close(callback?: () => void): void {
    if (typeof callback === 'function') this.once('close', callback);
    const peer = this.#peer;
    if (peer === undefined) return;
    this.#peer = undefined;
    // What had come but was not read is lost; what was sent before still arrives there.
    this.#inbox.length = 0;
    this.#announced = 0;
    this.#receive('closed');
    peer.#receive('closed');
  }

  ref(): void {
    this.#isRef = true;
  }

  unref(): void {
    this.#isRef = false;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  get onmessage(): ((event: Event) => void) | null {
    return this.#onmessage;
  }

  set onmessage(handler: unknown) {
    if (this.#onmessage !== null) this.removeEventListener('message', this.#onmessage);
    this.#onmessage = typeof handler === 'function' ? (handler as (event: Event) => void) : null;
    if (this.#onmessage !== null) this.addEventListener('message', this.#onmessage);
  }

  // As in Node.js, the first listener starts the port and keeps the process; the last one lets it go.
  override addEventListener(type: string, listener: Listener, options?: object | boolean): void {
    super.addEventListener(type, listener, options);
    if (type !== 'message' || this.listenerCount('message') !== 1) return;
    this.ref();
    this.start();
  }

  override removeEventListener(type: string, listener: Listener, options?: object | boolean): void {
    super.removeEventListener(type, listener, options);
    if (type === 'message' && this.listenerCount('message') === 0) this.unref();
  }

  /**
   * Takes the oldest message without an event, for `receiveMessageOnPort`.
   *
   * @internal
   */
  takeMessage(): { message: unknown } | undefined {
    const [first] = this.#inbox;
    if (first === undefined || first === 'closed') return undefined;
    this.#inbox.shift();
    return first;
  }

  /** @internal */
  openLetter(): void {
    if (this.#announced > 0) this.#announced--;
    const letter = this.#inbox.shift();
    if (letter === undefined) return; // It was taken, or lost in a close.
    this.#resource.runInAsyncScope(() => {
      if (letter === 'closed') this.#closed();
      else this.emit('message', letter.message);
    });
  }

  #closed(): void {
    this.#peer = undefined;
    this.#inbox.length = 0;
    this.dispatchEvent(new Event('close'));
  }

  #receive(letter: Letter): void {
    this.#inbox.push(letter);
    this.#announce();
  }

  /** Queues an event for each letter that may be opened: before the start only a close, once it is next. */
  #announce(): void {
    while (this.#announced < this.#inbox.length) {
      const letter = this.#inbox[this.#announced];
      if (!this.#isStarted && letter !== 'closed') return;
      this.#announced++;
      const event = new PortEvent(this, letter !== 'closed');
      event.isRef = this.#isRef || letter === 'closed';
      this.host.timers.armImmediate(event);
    }
  }
}

// Ports of a host are MessagePorts to whoever asks, and make their events as those do.
Object.setPrototypeOf(HostPort.prototype, MessagePort.prototype);
