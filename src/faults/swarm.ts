// Draws the plan of a run from a budget: a random subset of the allowed kinds, at random intensities.

import { drawRequestChances } from './answers/table.ts';
import type { FaultBudget, LinkSelection } from './budget.ts';
import {
  isTimedFault,
  type FaultChance,
  type FaultPlan,
  type MessageFault,
  type TimedFault,
} from './fault.ts';
import { drawBuggify } from './buggify.ts';
import { drawCore } from './core.ts';
import { drawDiskChances } from './disk-fault.ts';
import { TIMED_KINDS } from './kinds/table.ts';
import { drawContext, type Draw, type DrawContext, type Trigger } from './timed.ts';
import { tollOf } from './survivable.ts';
import { withinBudget } from './within-budget.ts';

const RATES: readonly number[] = [0.01, 0.03, 0.1, 0.3];
const DELAY_MS_MAX: readonly number[] = [20, 200, 2_000, 20_000];
const MESSAGE_KINDS: readonly MessageFault['kind'][] = ['drop', 'delay', 'duplicate', 'reset', 'refuse'];
/** One run in this many has no faults but latency: failures that need none should say so. */
const CALM_EVERY = 16;
/** A fault that is aimed at a moment waits for one of the first few of its kind. */
const NTH_MAX = 3;
/** How long after that moment it strikes at the latest, in microseconds. */
const AIM_US_MAX = 20_000;

/** Draws a plan. Never leaves the budget. Draws as many numbers as it has choices to make. */
export function drawPlan(budget: FaultBudget | undefined, hosts: readonly string[], draw: Draw): FaultPlan {
  const weather = { latency: 'drawn', order: 'drawn' } as const;
  if (budget === undefined || draw(CALM_EVERY) === 0) return { faults: [], ...weather };
  const chances = MESSAGE_KINDS.flatMap((kind) => drawChance(kind, budget[kind], draw));
  const context = drawContext(budget, hosts, draw);
  const drawn = TIMED_KINDS.flatMap((kind) => kind.draw(context));
  const faults = aimed(drawn, context).toSorted((left, right) => left.atMs - right.atMs);
  const kept = withinBudget(budget, faults);
  const spoilt = kept.flatMap((fault) => (isTimedFault(fault) ? (tollOf(fault).disks ?? []) : []));
  const diskChances = drawDiskChances(budget, { draw, spoilt });
  const answerChances = drawRequestChances(budget, draw);
  const buggify = drawBuggify(budget.buggify, draw);
  // The last draws of all: what comes before does not depend on whether there is a core.
  const core = drawCore(budget.survivable?.core, hosts, draw);
  return {
    faults: kept,
    chances,
    ...(diskChances.length === 0 ? {} : { diskChances }),
    ...(answerChances.length === 0 ? {} : { answerChances }),
    ...(buggify === undefined ? {} : { buggify }),
    ...(core === undefined ? {} : { core }),
    ...weather,
  };
}

function drawChance(kind: MessageFault['kind'], links: LinkSelection | undefined, draw: Draw): FaultChance[] {
  if (links === undefined || links === false || draw(2) === 0) return [];
  const rate = RATES[draw(RATES.length)] as number;
  return [
    {
      kind,
      rate,
      ...(links === true ? {} : { links }),
      ...(kind === 'delay' || kind === 'duplicate'
        ? { msMax: DELAY_MS_MAX[draw(DELAY_MS_MAX.length)] as number }
        : {}),
    },
  ];
}

/**
 * Lets half of the faults wait for a moment that the budget aims at: a marker, reached by their own host or
 * by any, or an operation that was acknowledged.
 */
function aimed(faults: readonly TimedFault[], { budget, draw, oneOf }: DrawContext): readonly TimedFault[] {
  const { markers = [], operations = [] } = budget.aim === true ? {} : (budget.aim ?? {});
  const moments = [
    ...markers.map((marker) => ({ marker })),
    ...operations.map((acknowledged) => ({ acknowledged })),
  ];
  if (moments.length === 0) return faults;
  return faults.map((fault) => {
    if (draw(2) === 0) return fault;
    const moment = oneOf(moments);
    const nth = 1 + draw(NTH_MAX);
    const isOwn = 'marker' in moment && 'host' in fault && draw(2) === 0;
    const after: Trigger = isOwn ? { ...moment, host: fault.host, nth } : { ...moment, nth };
    // Right then, or a few messages later.
    return { ...fault, after, atMs: draw(2) === 0 ? 0 : draw(AIM_US_MAX + 1) / 1000 };
  });
}
