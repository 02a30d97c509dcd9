// Where a conformance case plays: over real loopback sockets, or between two simulated hosts. The same body
// runs on both stages, and what each side saw, in its order, must be the same.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { calmPlan, type FaultPlan } from '../../src/faults/fault.ts';
import { asGuest, driven } from '../scenario/driven.ts';

/**
 * What one side of a case saw. Bytes that come one after another are one entry: where they are cut varies.
 */
export class Log {
  readonly #entries: (string | { name: string; parts: Buffer[] })[] = [];

  get lines(): string[] {
    return this.#entries.map((entry) =>
      portless(typeof entry === 'string' ? entry : `${entry.name} data ${brief(Buffer.concat(entry.parts))}`),
    );
  }

  note(text: string): void {
    this.#entries.push(text);
  }

  data(name: string, bytes: Uint8Array | string): void {
    const last = this.#entries.at(-1);
    const part = Buffer.from(bytes as Uint8Array);
    if (typeof last === 'object' && last.name === name) last.parts.push(part);
    else this.#entries.push({ name, parts: [part] });
  }

  /** Notes each of these events of an emitter. */
  watch(name: string, emitter: NodeJS.EventEmitter, events: readonly string[]): void {
    for (const what of events) {
      emitter.on(what, (...args: unknown[]) => {
        if (what === 'data') this.data(name, args[0] as Uint8Array);
        else this.note([name, what, ...args.map(wordsOf)].filter((word) => word !== '').join(' '));
      });
    }
  }
}

/** What a case gets. */
export interface Stage {
  /** The address of the server's machine, as the client names it. */
  readonly address: string;
  readonly client: Log;
  readonly server: Log;
  /** Runs code on the server's machine; the body itself runs on the client's. */
  onServer<Value>(run: () => Value | Promise<Value>): Promise<Value>;
  /** Registers what closes something when the case is over. */
  after(close: () => unknown): void;
}

/** One conformance case. */
export interface Case {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void> | void;
  /** Both sides are one process: Unix sockets, say. */
  readonly isLocal?: boolean;
  /** Why it is not compared. */
  readonly skip?: string;
}

interface Seen {
  readonly client: readonly string[];
  readonly server: readonly string[];
}

/** The events of a socket that most cases note. */
export const SOCKET_EVENTS: readonly string[] = [
  'connect',
  'ready',
  'data',
  'end',
  'finish',
  'error',
  'close',
];

/** An error as programs see it. */
export function wordsOf(value: unknown): string {
  if (value instanceof Error) {
    const { code, errno, syscall, address, port } = value as NodeJS.ErrnoException & {
      address?: string;
      port?: number;
    };
    const fields = { code, errno, syscall, address, port: port === undefined ? undefined : 'PORT' };
    const known = Object.entries(fields).filter(([, field]) => field !== undefined);
    const shown = known.map(([key, field]) => `${key}: ${String(field)}`).join(', ');
    return `${value.name}: ${value.message} {${shown}}`;
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : '';
}

function portless(text: string): string {
  return text
    .replaceAll(/\b(?:127\.0\.0\.1|10\.0\.0\.\d+)\b/g, 'ADDRESS')
    .replaceAll(/\b[3-6]\d{4}\b/g, 'PORT');
}

function brief(bytes: Buffer): string {
  if (bytes.length <= 400) return JSON.stringify(bytes.toString('latin1'));
  return `of ${bytes.length} bytes, ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`;
}

/** Plays a case over real sockets. */
export async function playReal({ play }: Case, lingerMs: number = LINGER_MS): Promise<Seen> {
  return playOn({ play, lingerMs, address: '127.0.0.1', onServer: async (run) => run() });
}

/** Plays a case between two simulated machines, or on one. */
export async function playSimulated(
  { play, isLocal = false }: Case,
  seed: number,
  plan: FaultPlan,
): Promise<Seen> {
  if (isLocal) {
    const { value } = await asGuest({}, () => playReal({ name: '', play }), { seed, plan });
    return value;
  }
  const { value } = await driven(
    {},
    async (world) => {
      // The host of the scenario has 10.0.0.1, so the first client has 10.0.0.2.
      await world.client('server-machine', () => {});
      return world.client('guest', () =>
        playOn({
          play,
          lingerMs: LINGER_MS,
          address: '10.0.0.2',
          onServer: (run) => world.client('server-machine', run),
        }),
      );
    },
    { seed, plan },
  );
  return value;
}

/** For what is on its way when the body is over, on the stage's own clock. */
const LINGER_MS = 5;
/** The same on a real machine that was too busy the first time. */
const LINGER_MS_BUSY = 500;

async function playOn(options: {
  play: Case['play'];
  lingerMs: number;
  address: string;
  onServer: Stage['onServer'];
}): Promise<Seen> {
  const { play, lingerMs, address, onServer } = options;
  const client = new Log();
  const server = new Log();
  const closes: (() => unknown)[] = [];
  const stage: Stage = { address, client, server, onServer, after: (close) => void closes.push(close) };
  await play(stage);
  await pause(lingerMs);
  const seen = { client: client.lines, server: server.lines };
  for (const close of closes.toReversed()) await close();
  return seen;
}

/** Waits for an event. */
export function event(emitter: NodeJS.EventEmitter, name: string): Promise<void> {
  return new Promise((resolve) => {
    emitter.once(name, () => resolve());
  });
}

/** Waits on the stage's own clock. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

const DRAWN: FaultPlan = { faults: [], latency: 'drawn', order: 'drawn' };
const SEEDS = [1, 2, 3, 4, 5];

/** Plays a case on every stage, and compares. */
export async function conforms(each: Case): Promise<void> {
  let real = await playReal(each);
  const calm = await playSimulated(each, 1, calmPlan);
  if (!isDeepStrictEqual(calm, real)) real = await playReal(each, LINGER_MS_BUSY);
  const isEmpty = real.client.length + real.server.length === 0;
  assert.equal(isEmpty, false, 'a case that notes nothing shows nothing');
  assert.deepEqual(calm, real, 'in calm order');
  for (const seed of SEEDS) {
    assert.deepEqual(await playSimulated(each, seed, DRAWN), real, `in drawn order, seed ${seed}`);
  }
}
