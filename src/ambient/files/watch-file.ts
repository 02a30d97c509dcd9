// `fs.watchFile` and `fs.unwatchFile`: a look at the file every few seconds of virtual time.

import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { HostContext } from '../context.ts';
import { type AnyFunction, dispatch, type Patch, patchMethod } from '../patch.ts';
import { givenPath } from './given-path.ts';

/** What Node.js waits between two looks. */
const INTERVAL_MS = 5007;

interface WatchFileOptions {
  readonly bigint?: boolean;
  readonly persistent?: boolean;
  readonly interval?: number;
}

type AnyStats = fs.Stats | fs.BigIntStats;

/** Patches both. What Node.js refuses, it refuses by itself. */
export function watchFilePatches(): Patch[] {
  // By incarnation: a crash forgets them.
  const watchers = new WeakMap<HostContext, Map<string, StatWatcher>>();
  const watchersOf = (host: HostContext): Map<string, StatWatcher> => {
    let known = watchers.get(host);
    if (known === undefined) watchers.set(host, (known = new Map()));
    return known;
  };
  return [
    patchMethod('fs.watchFile', fs, 'watchFile', (original) =>
      dispatch(original, (host, args) => {
        const shown = givenPath(args[0]);
        const [second, third] = args.slice(1);
        const hasOptions = typeof second === 'object' && second !== null;
        const listener = hasOptions ? third : second;
        if (shown === undefined || typeof listener !== 'function') return Reflect.apply(original, fs, args);
        return watch(watchersOf(host), shown, hasOptions ? second : {}, listener as AnyFunction);
      }),
    ),
    patchMethod('fs.unwatchFile', fs, 'unwatchFile', (original) =>
      dispatch(original, (host, args) => {
        const shown = givenPath(args[0]);
        if (shown === undefined) return Reflect.apply(original, fs, args);
        unwatch(watchersOf(host), path.resolve(shown), args[1]);
        return undefined;
      }),
    ),
  ];
}

function watch(
  known: Map<string, StatWatcher>,
  shown: string,
  options: WatchFileOptions,
  listener: AnyFunction,
): StatWatcher {
  const at = path.resolve(shown);
  let watcher = known.get(at);
  if (watcher === undefined) known.set(at, (watcher = new StatWatcher(at, options)));
  watcher.on('change', listener);
  return watcher;
}

function unwatch(known: Map<string, StatWatcher>, at: string, listener: unknown): void {
  const watcher = known.get(at);
  if (watcher === undefined) return;
  if (typeof listener === 'function') watcher.removeListener('change', listener as AnyFunction);
  else watcher.removeAllListeners('change');
  if (watcher.listenerCount('change') > 0) return;
  watcher.stop();
  known.delete(at);
}

/** What `fs.watchFile` gives on a host. */
class StatWatcher extends EventEmitter {
  readonly #at: string;
  readonly #isBigint: boolean;
  #timer: NodeJS.Timeout | undefined;
  #last: AnyStats;

  constructor(at: string, { bigint = false, persistent = true, interval = INTERVAL_MS }: WatchFileOptions) {
    super();
    this.#at = at;
    this.#isBigint = bigint;
    this.#last = this.#look();
    this.#timer = setInterval(() => this.#compare(), interval);
    if (!persistent) this.#timer.unref();
    // A file that is not there is told once, with empty stats.
    if (Number(this.#last.nlink) === 0) setImmediate(() => this.#tell(this.#last, this.#last));
  }

  start(): void {}

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    process.nextTick(() => this.emit('stop'));
  }

  ref(): this {
    this.#timer?.ref();
    return this;
  }

  unref(): this {
    this.#timer?.unref();
    return this;
  }

  #compare(): void {
    const last = this.#last;
    const now = this.#look();
    const isSame = (['ino', 'size', 'mode', 'uid', 'gid', 'nlink', 'mtimeMs', 'ctimeMs'] as const).every(
      (key) => last[key] === now[key],
    );
    if (isSame) return;
    this.#last = now;
    this.#tell(now, last);
  }

  #tell(now: AnyStats, last: AnyStats): void {
    if (this.#timer !== undefined) this.emit('change', now, last);
  }

  #look(): AnyStats {
    const stats = fs.statSync(this.#at, { bigint: this.#isBigint, throwIfNoEntry: false });
    return stats ?? this.#nothing();
  }

  /** Stats of nothing: all zero. */
  #nothing(): AnyStats {
    const stats = fs.statSync('/', { bigint: this.#isBigint });
    for (const key of Object.keys(stats)) {
      const value: unknown = Reflect.get(stats, key);
      if (typeof value === 'number') Reflect.set(stats, key, 0);
      else if (typeof value === 'bigint') Reflect.set(stats, key, 0n);
      else if (value instanceof Date) Reflect.set(stats, key, new Date(0));
    }
    return stats;
  }
}
