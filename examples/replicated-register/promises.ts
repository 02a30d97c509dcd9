// What the register promises, as functions of what clients saw and of what nodes expose.
// Each returns nothing if its promise holds, and otherwise the sentence that goes into the report.

import type { World } from 'wavetank';
import { NODES, textOf, type Entry } from './services/messages.ts';

type Broken = string | undefined;

/** What each node exposes. */
export interface NodeView {
  readonly name: string;
  readonly isLeader: boolean;
  readonly entry: Entry;
  /** Where leaders are elected for a term. */
  readonly term?: number;
  /** The terms that it was ever elected for. */
  readonly won?: readonly number[];
}

/**
 * A read returns what was acknowledged, or read, before it began, or something later. There is one writer,
 * which numbers its writes, so that this is all there is to a register.
 */
export function noReadIsStale({ history }: World): Broken {
  const known: Seen[] = [];
  for (const { name, input, value, type, invokedMs, endedMs } of history) {
    if (type !== 'ok' || endedMs === undefined) continue;
    const number = name === 'write' ? (input as number) : (value as Entry).number;
    if (name === 'read') {
      for (const before of known) {
        if (before.endedMs < invokedMs && before.number > number)
          return `a read returned write ${number} after write ${before.number} was ${before.how}`;
      }
    }
    known.push({ number, endedMs, how: name === 'write' ? 'acknowledged' : 'read' });
  }
  return undefined;
}

interface Seen {
  readonly number: number;
  readonly endedMs: number;
  readonly how: 'acknowledged' | 'read';
}

/** What is read was written, and a write is answered with itself or with a later one. */
export function nothingIsMadeUp({ history }: World): Broken {
  const written = new Set(history.filter(({ name }) => name === 'write').map(({ input }) => input));
  for (const { name, input, value, type } of history) {
    if (type !== 'ok') continue;
    const { number, text } = value as Entry;
    if (name === 'write' && number < (input as number))
      return `write ${String(input)} was answered with write ${number}`;
    if (number > 0 && !(written.has(number) && text === textOf(number)))
      return `a ${name} was answered with ${JSON.stringify(text)}, numbered ${number}, which nobody wrote`;
  }
  return undefined;
}

/** No two nodes ever lead in the same term. Where there are no terms, nothing is promised. */
export function oneLeaderATerm(world: World): Broken {
  const leaders = nodes(world).filter(({ isLeader, term }) => isLeader && term !== undefined);
  for (const { name, term } of leaders) {
    const other = leaders.find((each) => each.term === term && each.name !== name);
    if (other !== undefined) return `${name} and ${other.name} lead in term ${term}`;
  }
  return undefined;
}

/** Every read and every write was answered. */
export function clientsGetOn({ history }: World): Broken {
  const pending = history.find(({ type }) => type === 'pending');
  return pending === undefined ? undefined : `a ${pending.name} of ${pending.client} has no answer`;
}

/** Every node has the last write that was acknowledged. */
export function replicasAgree(world: World): Broken {
  const acknowledged = world.history.filter(({ name, type }) => name === 'write' && type === 'ok');
  const last = Math.max(0, ...acknowledged.map(({ input }) => input as number));
  const behind = nodes(world).find(({ entry }) => entry.number < last);
  if (behind === undefined) return undefined;
  return `${behind.name} has write ${behind.entry.number}, and write ${last} was acknowledged`;
}

/** The nodes that have booted. */
export function nodes(world: World): NodeView[] {
  return NODES.flatMap((name) => {
    const { node } = (world.host(name).exports ?? {}) as { node?: NodeView };
    return node === undefined ? [] : [node];
  });
}
