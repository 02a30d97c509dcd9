// The ports and Unix socket paths of one machine: who listens on them, and which are free.

import type { SocketAddress, StreamEnd, StreamErrorCode, StreamListener } from '../../ambient/net/stream.ts';
import type { Incarnation } from '../incarnation.ts';

const EPHEMERAL_FIRST = 32_768;
const EPHEMERAL_LAST = 60_999;
const WILDCARDS: ReadonlySet<string> = new Set(['::', '0.0.0.0']);

/** Whether an address stands for all addresses of a machine. */
export function isWildcard(address: string): boolean {
  return WILDCARDS.has(address);
}

/** One that listens. */
export class Listener implements StreamListener {
  readonly place: number | string;
  readonly local: SocketAddress | undefined;
  readonly incarnation: Incarnation;
  readonly accept: (end: StreamEnd) => void;
  readonly #ports: Ports;
  #isRef = true;

  constructor(
    ports: Ports,
    options: {
      place: number | string;
      address: string;
      incarnation: Incarnation;
      accept: (end: StreamEnd) => void;
    },
  ) {
    this.#ports = ports;
    this.place = options.place;
    this.incarnation = options.incarnation;
    this.accept = options.accept;
    const { place, address } = options;
    const family = address.includes(':') ? 'IPv6' : 'IPv4';
    this.local = typeof place === 'number' ? { address, family, port: place } : undefined;
  }

  get isRef(): boolean {
    return this.#isRef;
  }

  set isRef(isRef: boolean) {
    if (this.#isRef === isRef) return;
    this.#isRef = isRef;
    this.#ports.countRef(this, isRef ? 1 : -1);
  }

  /** Whether IPv4 clients are shown with addresses of IPv6, as on a socket that serves both. */
  get isDualStack(): boolean {
    return this.local?.address === '::';
  }

  /** Whether a client that named this address reaches it. */
  hears(address: string): boolean {
    const { local } = this;
    return local === undefined || isWildcard(local.address) || local.address === address;
  }

  close(): void {
    this.#ports.remove(this);
  }
}

/** Who listens on one machine. */
export class Ports {
  readonly #listeners = new Map<number | string, Listener[]>();
  #nextEphemeral = EPHEMERAL_FIRST;
  #refCount = 0;

  find(place: number | string, address: string): Listener | undefined {
    return this.#listeners.get(place)?.find((listener) => listener.hears(address));
  }

  has(place: number | string): boolean {
    return this.#listeners.has(place);
  }

  /** How many listeners keep their process alive. */
  get refCount(): number {
    return this.#refCount;
  }

  /** A listener begins or ceases to keep its process alive. */
  countRef(listener: Listener, change: 1 | -1): void {
    if (this.#listeners.get(listener.place)?.includes(listener) === true) this.#refCount += change;
  }

  /** Begins to listen; port 0 takes one that is free. */
  listen(options: {
    place: number | string;
    address: string;
    incarnation: Incarnation;
    accept: (end: StreamEnd) => void;
  }): Listener | StreamErrorCode {
    const place = options.place === 0 ? this.ephemeral() : options.place;
    const listener = new Listener(this, { ...options, place });
    const others = this.#listeners.get(place) ?? [];
    const isWild = isWildcard(options.address);
    if (others.some((other) => isWild || other.hears(options.address))) return 'EADDRINUSE';
    this.#listeners.set(place, [...others, listener]);
    this.#refCount++;
    return listener;
  }

  remove(listener: Listener): void {
    if (listener.isRef) this.countRef(listener, -1);
    const rest = (this.#listeners.get(listener.place) ?? []).filter((other) => other !== listener);
    if (rest.length === 0) this.#listeners.delete(listener.place);
    else this.#listeners.set(listener.place, rest);
  }

  /** Nobody listens any more: the process is over. */
  clear(): void {
    this.#listeners.clear();
    this.#refCount = 0;
  }

  /** Takes the next port that nobody listens on. */
  ephemeral(): number {
    for (;;) {
      const port = this.#nextEphemeral++;
      if (this.#nextEphemeral > EPHEMERAL_LAST) this.#nextEphemeral = EPHEMERAL_FIRST;
      if (!this.#listeners.has(port)) return port;
    }
  }
}
