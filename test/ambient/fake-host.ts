// A host for the tests of the ambient layer: the real engine, timers, clock and stream, and nothing else.

import process from 'node:process';
import type { HostContext, HostNames, NameTrouble } from '../../src/ambient/context.ts';
import { acquireAmbient } from '../../src/ambient/install.ts';
import { createDisk, openDisk } from '../../src/ambient/files/machine-disk.ts';
import type { HostDatagrams } from '../../src/ambient/net/datagram-socket.ts';
import type { HostStreams } from '../../src/ambient/net/stream.ts';
import { hostStorage } from '../../src/ambient/registry.ts';
import { HostProcess } from '../../src/ambient/process/host-process.ts';
import { HostTimers } from '../../src/ambient/timers.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { EventOwner, QueuedEvent } from '../../src/engine/event.ts';
import { InOrderScheduler } from '../../src/engine/in-order.ts';
import { checkLimits } from '../../src/engine/limits.ts';
import type { EscapeError } from '../../src/errors.ts';
import { type RandomStream, openStream } from '../../src/random/stream.ts';
import type { HostFiles } from '../../src/storage/host-files.ts';
import type { OpenFiles } from '../../src/storage/open-files.ts';
import { EPOCH_MS_DEFAULT, HostClock } from '../../src/time/host-clock.ts';
import { MachineClock } from '../../src/time/machine-clock.ts';

// Taken before anything is patched.
const realSetImmediate = setImmediate;
const drain = Reflect.get(process, '_tickCallback') as () => void;

export { EPOCH_MS_DEFAULT };

/** An error nobody handled on a fake host. */
export interface Uncaught {
  readonly error: unknown;
  readonly origin: string;
}

/** A network of the host itself and of `beta`. */
function namesAround(name: string): HostNames {
  const addresses = new Map([
    ['localhost', '127.0.0.1'],
    [name, '10.0.0.1'],
    ['beta', '10.0.0.2'],
  ]);
  return {
    address: '10.0.0.1',
    addressOf: (hostname) => addresses.get(hostname),
    nameOf: (address) => [...addresses].find(([, known]) => known === address)?.[0],
  };
}

/** A host that records what it is told, and never dies of it. */
export class FakeHost implements HostContext, EventOwner {
  readonly name: string;
  readonly id: number;
  readonly number: number = 1;
  readonly names: HostNames;
  readonly streams: HostStreams = {
    connect: () => {
      throw new Error('a fake host has no connections');
    },
    listen: () => 'EADDRNOTAVAIL',
  };
  readonly datagrams: HostDatagrams = { bind: () => 'EADDRNOTAVAIL' };
  state: 'ready' | 'gone' = 'ready';
  /** The clocks of its machine. */
  readonly machineClock: MachineClock;
  readonly clock: HostClock;
  readonly random: RandomStream;
  readonly timers: HostTimers;
  readonly process: HostProcess;
  /** How its process ended, in words. */
  readonly ends: string[] = [];
  loopRefs = 0;
  readonly uncaughts: Uncaught[] = [];
  readonly escapes: EscapeError[] = [];
  readonly printed: [stream: string, text: string][] = [];
  ticksLeft = Number.POSITIVE_INFINITY;
  /** The disk of its machine; made when it is first needed, unless a test gives one. */
  disk: HostFiles | undefined;
  #files: OpenFiles | undefined;
  /** What is wrong with resolving a name. */
  trouble: ((hostname: string) => NameTrouble | undefined) | undefined;

  constructor(engine: Engine, name: string, seed: number) {
    this.name = name;
    this.id = name.length;
    this.names = { ...namesAround(name), trouble: (hostname) => this.trouble?.(hostname) };
    this.machineClock = new MachineClock(engine, {
      epochMs: EPOCH_MS_DEFAULT,
      onRate: () => this.timers.retime(),
    });
    this.clock = new HostClock(this.machineClock);
    this.random = openStream(seed, name);
    this.timers = new HostTimers(engine, this, this.clock);
    this.process = new HostProcess(1001, {
      print: (stream, text) => this.print(stream, text),
      exited: (code, how) => void this.ends.push(`${how}: ${code}`),
      failed: (error) => this.uncaught(error, 'uncaughtException'),
      signal: (signal) => void this.process.events.emit(signal, signal),
    });
  }

  get files(): OpenFiles {
    this.disk ??= createDisk({ epochMs: EPOCH_MS_DEFAULT });
    return (this.#files ??= openDisk(this.disk, this));
  }

  get isAlive(): boolean {
    return this.state === 'ready';
  }

  fetch(input: string | URL | Request): Promise<Response> {
    const url = input instanceof Request ? input.url : String(input);
    return Promise.resolve(new Response(`${this.name} fetched ${url}`));
  }

  uncaught(error: unknown, origin: string): void {
    this.uncaughts.push({ error, origin });
  }

  escaped(error: EscapeError): void {
    this.escapes.push(error);
  }

  keepAlive(): void {}

  mayTick(): boolean {
    return this.ticksLeft-- > 0;
  }

  complete(_what: string, us: number, callback: () => void): void {
    this.timers.setTimeout(callback, us / 1000);
  }

  holdLoop(): () => void {
    return () => {};
  }

  noteOnce(): void {}

  print(stream: string, text: string): void {
    this.printed.push([stream, text]);
  }

  defer(): void {
    throw new Error('a fake host is never paused');
  }

  enter(event: QueuedEvent): void {
    this.run(() => event.run());
  }

  /** Runs code on this host. */
  run<T>(body: () => T): T | undefined {
    return hostStorage().run(this, () => {
      try {
        return body();
      } catch (error) {
        this.uncaught(error, 'uncaughtException');
        return undefined;
      }
    });
  }
}

/** Several hosts on one engine. */
export class FakeWorld {
  readonly engine: Engine = new Engine({ scheduler: new InOrderScheduler(), limits: checkLimits() });
  readonly seed: number;

  constructor(seed = 1) {
    this.seed = seed;
  }

  host(name: string): FakeHost {
    return new FakeHost(this.engine, name, this.seed);
  }

  /** Runs `boot`, then all events with all that they cause, in one macrotask of the real process. */
  run(boot: () => void, stepsMax = 10_000): Promise<void> {
    return new Promise((resolve, reject) => {
      realSetImmediate(() => {
        try {
          boot();
          drain();
          for (let step = 0; step < stepsMax && this.engine.step(); step++) drain();
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }
}

/** What came of one body of code on one host. */
export interface Outcome<T> {
  readonly value: T;
  readonly host: FakeHost;
  readonly engine: Engine;
}

/**
 * Runs a body on a host until nothing is left to do, with the ambient layer installed meanwhile.
 *
 * Fails when the body does not settle, or the host met an error nobody handled.
 */
export async function onHost<T>(
  body: (host: FakeHost) => T,
  {
    seed = 1,
    mayFail = false,
    stepsMax = 10_000,
  }: { seed?: number; mayFail?: boolean; stepsMax?: number } = {},
): Promise<Outcome<Awaited<T>>> {
  const release = acquireAmbient();
  try {
    const world = new FakeWorld(seed);
    const host = world.host('alpha');
    let settled: { value: Awaited<T> } | undefined;
    const boot = async (): Promise<void> => {
      settled = { value: await body(host) };
    };
    await world.run(() => {
      host.run(() => {
        boot().catch((error: unknown) => host.uncaught(error, 'uncaughtException'));
      });
    }, stepsMax);
    const [first] = host.uncaughts;
    if (first !== undefined && !mayFail) throw first.error;
    if (settled === undefined && !mayFail) throw new Error('the body never settled');
    return { value: settled?.value as Awaited<T>, host, engine: world.engine };
  } finally {
    release();
  }
}
