// Why a read had to see a write: a shortest chain of reads and of one client's steps from the one to the
// other.

import { inWords, type Access, type Accesses, type Read, type Write } from './access.ts';
import type { SessionGuarantee } from './visibility.ts';

/** How many accesses are looked at for one chain. */
const LOOKED_AT_MAX = 2_000_000;

const GUARANTEES: Readonly<Record<string, SessionGuarantee>> = {
  'write read': 'read your writes',
  'read read': 'monotonic reads',
  'write write': 'monotonic writes',
  'read write': 'writes follow reads',
};

/** Finds chains. */
export class Causes {
  readonly #programOf = new Map<Access, { readonly program: readonly Access[]; readonly place: number }>();
  readonly #guarantees: ReadonlySet<SessionGuarantee>;

  constructor({ programs }: Accesses, guarantees: ReadonlySet<SessionGuarantee>) {
    this.#guarantees = guarantees;
    for (const program of programs) {
      for (const [place, access] of program.entries()) this.#programOf.set(access, { program, place });
    }
  }

  /** The chain from a write to a read, both included; empty where it is too long to be found. */
  chain(write: Write, read: Read): readonly Access[] {
    const next = new Map<Access, Access>();
    let reached: Access[] = [read];
    let lookedAt = 0;
    while (reached.length > 0 && lookedAt < LOOKED_AT_MAX) {
      const before: Access[] = [];
      for (const access of reached) {
        for (const each of this.#directCauses(access)) {
          lookedAt++;
          if (each === read || next.has(each)) continue;
          next.set(each, access);
          if (each === write) return chainFrom(write, next);
          before.push(each);
        }
      }
      reached = before;
    }
    return [];
  }

  *#directCauses(access: Access): Generator<Access> {
    if (access.kind === 'read' && access.from !== undefined) yield access.from;
    const { program, place } = this.#programOf.get(access) as { program: readonly Access[]; place: number };
    for (let i = place - 1; i >= 0; i--) {
      const each = program[i] as Access;
      if (each.kind === 'write' && !each.isSure) continue;
      if (this.#guarantees.has(GUARANTEES[`${each.kind} ${access.kind}`] as SessionGuarantee)) yield each;
    }
  }
}

function chainFrom(start: Access, next: ReadonlyMap<Access, Access>): Access[] {
  const chain = [start];
  for (let each = next.get(start); each !== undefined; each = next.get(each)) chain.push(each);
  return chain;
}

/** A chain in words, without its ends. */
export function becauseOf(chain: readonly Access[]): string {
  const rest = chain.slice(1, -1);
  return rest.length === 0 ? '' : ` (${rest.map(inWords).join('; then ')})`;
}
