// Where a worker is, told through a file that both processes have open: what was written is there, however
// the worker ended, and also while its thread stands still.

import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SoundingRun } from '../../explore/soundings.ts';
import type { StepAhead } from '../../scenario/simulation.ts';

/** The file descriptor of the file in a worker. */
export const POSITION_FD = 4;

/**
 * `opening`: it loads a scenario. `between`: it draws inputs. `running`: it makes a run; `calm`, `windy`: one
 * that is looked at to choose a run.
 */
export type Phase = 'idle' | 'opening' | 'between' | 'running' | SoundingRun;

const PHASES: readonly Phase[] = ['idle', 'opening', 'between', 'running', 'calm', 'windy'];
const NUMBERS = 3;
const STEP_AT = NUMBERS * Float64Array.BYTES_PER_ELEMENT;
const BYTES = 4_096;

/** Where a worker is. */
export interface Position {
  readonly phase: Phase;
  /** The number in its exploration of the run that is made, or chosen. */
  readonly run: number;
  /** Counts up as long as the event loop of the worker turns. */
  readonly beats: number;
  /** The last step of the run that was suspected. */
  readonly step: StepAhead | undefined;
}

/** Whether code of hosts is running. */
export function isInRun({ phase }: Pick<Position, 'phase'>): boolean {
  return phase === 'running' || soundingOf(phase) !== undefined;
}

export function soundingOf(phase: Phase): SoundingRun | undefined {
  return phase === 'calm' || phase === 'windy' ? phase : undefined;
}

/** Writes where this worker is. */
export class PositionWriter {
  readonly #numbers = new Float64Array(NUMBERS);
  readonly #bytes = new Uint8Array(this.#numbers.buffer);

  at(phase: Phase, run = -1): void {
    this.#numbers[0] = PHASES.indexOf(phase);
    this.#numbers[1] = run;
    this.#write();
  }

  beat(): void {
    this.#numbers[2] = (this.#numbers[2] ?? 0) + 1;
    this.#write();
  }

  /** Writes the step that is about to be made. */
  step({ step, atUs, host, what }: StepAhead): void {
    const text = JSON.stringify({ step, atUs, host, what: what.slice(0, 1_000) });
    const bytes = Buffer.from(text.slice(0, 2_000).padEnd(2_000));
    writeSync(POSITION_FD, bytes, 0, Math.min(bytes.length, BYTES - STEP_AT), STEP_AT);
  }

  #write(): void {
    writeSync(POSITION_FD, this.#bytes, 0, this.#bytes.length, 0);
  }
}

/** Reads where a worker is. Owns the file, which has no name that anybody could find. */
export class PositionReader {
  readonly fd: number;

  constructor() {
    const path = join(tmpdir(), `wavetank-${randomUUID()}`);
    this.fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  read(): Position {
    const bytes = Buffer.alloc(BYTES);
    const length = readSync(this.fd, bytes, 0, BYTES, 0);
    const [phase = 0, run = -1, beats = 0] = new Float64Array(bytes.buffer.slice(0, STEP_AT));
    return {
      phase: PHASES[phase] ?? 'idle',
      run: length < STEP_AT ? -1 : run,
      beats,
      step: stepIn(bytes.subarray(STEP_AT, Math.max(STEP_AT, length)).toString()),
    };
  }

  close(): void {
    closeSync(this.fd);
  }
}

function stepIn(text: string): StepAhead | undefined {
  try {
    return JSON.parse(text) as StepAhead;
  } catch {
    return undefined;
  }
}
