// Watches a run: passes what hosts and their transport tell on to the ledger, the verdicts and the trace.

import type { EscapeError } from '../errors.ts';
import type { History } from '../history/history.ts';
import type { Operation } from '../history/operation.ts';
import type { Exited, HostChange, Observer, Uncaught } from '../host/observer.ts';
import type { Link, Topic } from '../network/link.ts';
import { hashString } from '../random/hash.ts';
import { errorText } from '../engine/call-site.ts';
import type { Recorder } from './recorder.ts';
import type { Simulation } from './simulation.ts';

/** Changes with which a host is neither up nor down. */
const STILL_THERE: ReadonlySet<HostChange> = new Set<HostChange>(['stopping', 'paused', 'resumed']);

/** The observer of one run. */
export class Watcher implements Observer {
  // Set only while recording, so that the transport does not even call them otherwise.
  readonly sent: Observer['sent'];
  readonly arrived: Observer['arrived'];
  readonly noted: Observer['noted'];
  readonly printed: Observer['printed'];
  readonly spanned: Observer['spanned'];
  readonly #simulation: Simulation;
  readonly #recorder: Recorder | undefined;
  readonly #expectUncaught: ReadonlySet<string>;

  constructor(simulation: Simulation, expectUncaught: ReadonlySet<string>) {
    const { recorder } = simulation;
    this.#simulation = simulation;
    this.#recorder = recorder;
    this.#expectUncaught = expectUncaught;
    if (recorder === undefined) return;
    this.sent = (message, routing) => recorder.sent(message, routing);
    this.arrived = (message) => recorder.arrived(message);
    this.noted = (text) => recorder.add({ kind: 'note', text });
    this.spanned = (span) => recorder.add({ kind: 'span', ...span });
    this.printed = (host, stream, text) => recorder.printed(host, stream, text);
  }

  delayed(topic: Topic, nth: number, extraUs: number): void {
    this.#simulation.ledger.delayed(topic, nth, extraUs);
  }

  lost(topic: Topic, nth: number): void {
    this.#simulation.ledger.lost(topic, nth);
  }

  blocked(link: Link): void {
    this.#simulation.director.blocked(link);
  }

  deferred(host: string): void {
    this.#simulation.director.deferred(host);
  }

  uncaught({ host, error, origin }: Uncaught): void {
    const shown = errorText(error);
    this.#recorder?.add({ kind: 'note', host, text: `${origin}: ${shown.split('\n')[0]}` });
    if (this.#expectUncaught.has(host)) return;
    const what = origin === 'uncaughtException' ? 'an uncaught exception' : 'an unhandled rejection';
    this.#simulation.verdicts.add(
      'WT_UNCAUGHT',
      host,
      `host \`${host}\` crashed of ${what}: ${shown}`,
      error,
    );
  }

  escaped(error: EscapeError): void {
    this.#recorder?.add({ kind: 'note', host: error.host, text: `stopped: ${error.api}` });
    this.#simulation.verdicts.add('WT_ESCAPE', error.api, error.message, error);
  }

  /** A process that ends itself with a code other than 0 gave up: nobody asked it to. */
  exited({ host, code, how, handling }: Exited): void {
    this.#recorder?.add({ kind: 'note', host, text: `exit code ${code}: ${how}` });
    if (code === 0 || this.#expectUncaught.has(host)) return;
    const after = handling === undefined ? '' : `, told of ${handling.origin}: ${errorText(handling.error)}`;
    this.#simulation.verdicts.add(
      'WT_UNCAUGHT',
      host,
      `host \`${host}\` ended with exit code ${code} by ${how}${after}`,
      handling?.error,
    );
  }

  hungTicking(host: string): void {
    const { ticksPerStepMax } = this.#simulation.engine.limits;
    const message =
      `host \`${host}\` called process.nextTick more than ${ticksPerStepMax} times in one step: ` +
      'an endless chain of ticks.';
    this.#simulation.verdicts.add('WT_HANG', host, message);
  }

  reached(host: string, marker: string): void {
    this.#simulation.verdicts.mark(marker);
    this.#simulation.director.reached(host, marker);
    this.#recorder?.add({ kind: 'note', host, text: `reached: ${marker}` });
  }

  broken(host: string, promise: 'always' | 'unreachable', name: string): void {
    const isAlways = promise === 'always';
    const what = isAlways
      ? `\`${name}\` is illegal: always() found that it does not hold`
      : `\`${name}\` must be unreachable, and was reached`;
    const error = new Error(`${what}, on host \`${host}\``);
    const [, ...stack] = errorText(error).split('\n');
    this.#simulation.verdicts.add(
      isAlways ? 'WT_INVARIANT' : 'WT_UNREACHABLE',
      name,
      [`${error.message}.`, ...stack].join('\n'),
      error,
    );
  }

  changed(host: string, change: HostChange): void {
    if (change === 'crashed' && !this.#simulation.isHealed) this.#countCrash(host);
    if (change === 'booted') this.#simulation.casualties.up(host);
    else if (!STILL_THERE.has(change)) this.#simulation.casualties.down(host);
    this.#recorder?.add({ kind: 'host', host, change });
  }

  #countCrash(host: string): void {
    const { crashed, hosts } = this.#simulation;
    if (hosts.has(host)) crashed.set(host, (crashed.get(host) ?? 0) + 1);
  }

  /** What clients observe is part of the trace hash. */
  operation(operation: Operation, type: 'invoke' | Operation['type']): void {
    const { id, client, name } = operation;
    this.#simulation.engine.hash.add(hashString(`${client} ${name} ${type} ${contentOf(operation)}`));
    this.#simulation.traffic?.operation(operation, type);
    if (type === 'ok') this.#simulation.director.acknowledged(name);
    if (type !== 'pending') this.#recorder?.add({ kind: 'operation', id, client, name, type });
  }
}

/**
 * Input and outcome as text. {@link History} has made plain copies of them; what JSON cannot show is left
 * out.
 */
function contentOf({ input, value, error }: ReturnType<History['operations']>[number]): string {
  try {
    return JSON.stringify([input, value, error]);
  } catch {
    return '';
  }
}
