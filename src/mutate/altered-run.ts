// One run with at most one alteration: reaches into it, and gives what it noted on the way and what it left.

import path from 'node:path';
import type { Operation } from '../history/operation.ts';
import type { AnswerPolicy } from '../host/answering.ts';
import type { RunResult } from '../scenario/result.ts';
import { runOnce } from '../scenario/simulate.ts';
import type { RunInput } from '../scenario/simulation.ts';
import type { Disks, Ended, Tampering } from '../scenario/tampering.ts';
import type { VirtualNow } from '../time/host-clock.ts';
import { aftermathOf, type Aftermath } from './aftermath.ts';
import type { Alteration } from './alteration.ts';
import { AlteredAnswers, type KeptAnswer, type KeptAnswers, type NotedRequest } from './altered-answers.ts';
import { alteredDisks, type NotedCall } from './altered-disks.ts';
import { alteredHistory } from './altered-history.ts';

/** What is done to one run. */
export interface Change {
  readonly alteration?: Alteration;
  /** The answers that it needs. */
  readonly answers?: KeptAnswers;
  /** The requests whose answers are to be kept. */
  readonly keep?: ReadonlySet<string>;
}

/** What came of a run. */
export interface Altered<Workload> {
  readonly result: RunResult<Workload>;
  readonly requests: readonly NotedRequest[];
  readonly calls: readonly NotedCall[];
  readonly kept: KeptAnswers;
  /** When `drive` was done. */
  readonly drivenMs: number;
  readonly aftermath: Aftermath;
}

/** Makes one run, while the ambient layer is installed. */
export async function alteredRun<Workload>(
  input: Omit<RunInput<Workload>, 'tampering' | 'isRecorded'>,
  change: Change = {},
): Promise<Altered<Workload>> {
  const tampering = new OneChange(change);
  const result = await runOnce({ ...input, isRecorded: false, tampering });
  const { requests, calls, kept, drivenMs, aftermath } = tampering;
  return { result, requests, calls, kept, drivenMs, aftermath };
}

/** What makes a change in a run. */
export function tamperingOf(change: Change): Tampering {
  return new OneChange(change);
}

class OneChange implements Tampering {
  requests: NotedRequest[] = [];
  calls: NotedCall[] = [];
  kept = new Map<string, KeptAnswer>();
  drivenMs = 0;
  aftermath: Aftermath = { exposed: new Map(), disks: new Map(), told: new Map() };
  readonly #change: Change;
  #folders = new Map<string, Set<string>>();

  constructor(change: Change) {
    this.#change = change;
  }

  disks(planned: Disks | undefined): Disks {
    // A run that was starved of the processor is begun anew: what it noted before says nothing.
    this.requests = [];
    this.calls = [];
    this.kept = new Map();
    this.#folders = new Map();
    const { alteration } = this.#change;
    const isOfDisk = alteration?.of === 'disk read' || alteration?.of === 'disk write';
    return alteredDisks(planned, {
      alteration: isOfDisk ? alteration : undefined,
      note: (call) => this.#noteCall(call),
    });
  }

  answers(planned: AnswerPolicy | undefined, time: VirtualNow): AnswerPolicy {
    const { alteration, answers = new Map(), keep = new Set() } = this.#change;
    return new AlteredAnswers(planned, time, {
      alteration: alteration?.of === 'request' ? alteration : undefined,
      answers,
      keep,
      kept: this.kept,
      note: (request) => void this.requests.push(request),
    });
  }

  observed(operations: readonly Operation[]): readonly Operation[] {
    const { alteration } = this.#change;
    return alteredHistory(operations, alteration?.of === 'operation' ? alteration : undefined);
  }

  ended({ hosts, operations, drivenMs }: Ended): void {
    this.drivenMs = drivenMs;
    this.aftermath = aftermathOf({ hosts, operations: this.observed(operations), folders: this.#folders });
  }

  #noteCall(call: NotedCall): void {
    this.calls.push(call);
    if (call.operation !== 'write' || call.path.startsWith('disk:')) return;
    const folder = path.posix.dirname(call.path);
    const known = this.#folders.get(call.host);
    if (known === undefined) this.#folders.set(call.host, new Set([folder]));
    else known.add(folder);
  }
}
