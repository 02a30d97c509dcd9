// `fs.watch` and its twin of promises: what a host changes on its own disk comes back as events.

import { EventEmitter, on } from 'node:events';
import fs from 'node:fs';
import process from 'node:process';
import type { ChangeKind } from '../../storage/file-changes.ts';
import type { HostContext, KeepsAlive } from '../context.ts';
import { type AnyFunction, dispatch, type Patch, patchMethod } from '../patch.ts';
import { attempt } from './fs-error.ts';
import { absolute, givenPath } from './given-path.ts';

const NOTICE_US = 100;

interface WatchOptions {
  readonly persistent?: boolean;
  readonly recursive?: boolean;
  readonly encoding?: BufferEncoding | 'buffer';
  readonly signal?: AbortSignal;
  /** Newer versions leave names out. */
  readonly ignore?: unknown;
}

/** Patches both. What Node.js refuses, it refuses by itself. */
export function watchPatches(): Patch[] {
  return [
    patchMethod('fs.watch', fs, 'watch', (original) =>
      dispatch(original, (host, args) => {
        const accepted = acceptedBy(args);
        if (accepted === undefined) return Reflect.apply(original, fs, args);
        const watcher = new HostWatcher(host, accepted.shown, accepted.options);
        const listener = typeof args[1] === 'function' ? args[1] : args[2];
        if (typeof listener === 'function') watcher.on('change', listener as AnyFunction);
        return watcher;
      }),
    ),
    patchMethod('fs.promises.watch', fs.promises, 'watch', (original) =>
      dispatch(original, (host, args) => {
        const accepted = acceptedBy(args);
        if (accepted === undefined) return Reflect.apply(original, fs.promises, args);
        return changesOf(host, accepted.shown, accepted.options);
      }),
    ),
  ];
}

/** What `fs.watch` gives on a host. */
class HostWatcher extends EventEmitter implements KeepsAlive {
  refCount: number;
  #stop: (() => void) | undefined;

  constructor(host: HostContext, shown: string, options: WatchOptions) {
    super();
    const { persistent = true, recursive = false, encoding, signal } = options;
    this.refCount = persistent ? 1 : 0;
    const { disk } = host.files;
    const { at } = attempt({ syscall: 'watch', path: shown }, () =>
      disk.existing(absolute(shown), { followsLast: true }),
    );
    this.#stop = disk.changes.watch(at, { isRecursive: recursive }, (kind, name) => {
      host.complete('fs.watch', NOTICE_US, () => this.#notice(kind, inEncoding(name, encoding)));
    });
    host.keepAlive(this);
    if (signal?.aborted === true) process.nextTick(() => this.close());
    else signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  close(): void {
    if (this.#stop === undefined) return;
    this.#stop();
    this.#stop = undefined;
    this.refCount = 0;
    process.nextTick(() => this.emit('close'));
  }

  ref(): this {
    if (this.#stop !== undefined) this.refCount = 1;
    return this;
  }

  unref(): this {
    this.refCount = 0;
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #notice(kind: ChangeKind, name: string | Buffer): void {
    if (this.#stop !== undefined) this.emit('change', kind, name);
  }
}

async function* changesOf(
  host: HostContext,
  shown: string,
  { signal, ...options }: WatchOptions,
): AsyncGenerator<{ eventType: unknown; filename: unknown }> {
  signal?.throwIfAborted();
  const watcher = new HostWatcher(host, shown, options);
  try {
    for await (const [eventType, filename] of on(watcher, 'change', signal === undefined ? {} : { signal })) {
      yield { eventType, filename };
    }
  } finally {
    watcher.close();
  }
}

/** The path and options of a call; undefined where Node.js would not accept them. */
function acceptedBy([given, second]: unknown[]): { shown: string; options: WatchOptions } | undefined {
  const shown = givenPath(given);
  if (shown === undefined) return undefined;
  if (second === undefined || second === null || typeof second === 'function') return { shown, options: {} };
  if (typeof second === 'string') return { shown, options: { encoding: second as BufferEncoding } };
  if (typeof second !== 'object') return undefined;
  const options = second as WatchOptions;
  const isSound = [options.persistent, options.recursive].every(
    (flag) => flag === undefined || typeof flag === 'boolean',
  );
  return isSound ? { shown, options } : undefined;
}

function inEncoding(name: string, encoding: WatchOptions['encoding']): string | Buffer {
  if (encoding === undefined || encoding === 'utf8') return name;
  const bytes = Buffer.from(name);
  return encoding === 'buffer' ? bytes : bytes.toString(encoding);
}
