// What earlier explorations of each scenario came to: a small file beside the reports. It is a help and not a
// record, so a damaged one is begun anew.

import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PastExploration } from '../report/document.ts';

const FILE = 'history.json';
const FORMAT = 'wavetank-history';
const VERSION = 1;
/** How many explorations of a scenario are kept, and of how many scenarios. */
const EXPLORATIONS_MAX = 50;
const SCENARIOS_MAX = 1_000;
const BYTES_MAX = 16_777_216;

type Past = Map<string, PastExploration[]>;

/** The earlier explorations in a folder, by scenario, oldest first; none where nothing can be read. */
export async function readPast(folder: string): Promise<Past> {
  try {
    const text = await readFile(join(folder, FILE), 'utf8');
    return text.length > BYTES_MAX ? new Map() : parsed(text);
  } catch {
    return new Map();
  }
}

/**
 * Adds an exploration. Whoever reads meanwhile reads the file before or after; of two that write at once, one
 * may be lost.
 */
export async function appendPast(folder: string, scenario: string, now: PastExploration): Promise<void> {
  const past = await readPast(folder);
  const kept = [...(past.get(scenario) ?? []), now].slice(-EXPLORATIONS_MAX);
  // Those that were explored last stay.
  past.delete(scenario);
  const scenarios = [...past, [scenario, kept] as const].slice(-SCENARIOS_MAX);
  const file = join(folder, FILE);
  const draft = `${file}.${randomUUID()}.tmp`;
  await mkdir(folder, { recursive: true });
  await writeFile(draft, `${JSON.stringify({ format: FORMAT, version: VERSION, scenarios })}\n`);
  await rename(draft, file);
}

function parsed(text: string): Past {
  const { format, version, scenarios } = JSON.parse(text) as Record<string, unknown>;
  if (format !== FORMAT || version !== VERSION || !Array.isArray(scenarios)) return new Map();
  const entries = scenarios.filter(
    (entry): entry is [string, unknown[]] =>
      Array.isArray(entry) && typeof entry[0] === 'string' && Array.isArray(entry[1]),
  );
  return new Map(entries.map(([scenario, past]) => [scenario, past.filter(isPast).slice(-EXPLORATIONS_MAX)]));
}

function isPast(value: unknown): value is PastExploration {
  if (typeof value !== 'object' || value === null) return false;
  const { at, runs, failures } = value as Record<string, unknown>;
  return typeof at === 'string' && typeof runs === 'number' && typeof failures === 'number';
}
