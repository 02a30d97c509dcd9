// Draws the plan of a run from a budget: a random subset of the allowed kinds, at random intensities.

import type { FaultBudget, LinkSelection } from './budget.ts';
import type { Fault, FaultChance, FaultPlan, MessageFault } from './fault.ts';
import { STOP_GRACE_MS } from './kinds/stop.ts';
import { TIMED_KINDS } from './kinds/table.ts';
import { drawContext, type Draw } from './timed.ts';

const RATES: readonly number[] = [0.01, 0.03, 0.1, 0.3];
const DELAY_MS_MAX: readonly number[] = [20, 200, 2_000, 20_000];
const MESSAGE_KINDS: readonly MessageFault['kind'][] = ['drop', 'delay', 'duplicate', 'reset', 'refuse'];
/** One run in this many has no faults but latency: failures that need none should say so. */
const CALM_EVERY = 16;

/** Draws a plan. Never leaves the budget. Draws as many numbers as it has choices to make. */
export function drawPlan(budget: FaultBudget | undefined, hosts: readonly string[], draw: Draw): FaultPlan {
  const weather = { latency: 'drawn', order: 'drawn' } as const;
  if (budget === undefined || draw(CALM_EVERY) === 0) return { faults: [], ...weather };
  const chances = MESSAGE_KINDS.flatMap((kind) => drawChance(kind, budget[kind], draw));
  const context = drawContext(budget, hosts, draw);
  const faults: Fault[] = TIMED_KINDS.flatMap((kind) => kind.draw(context));
  faults.sort((left, right) => timeOf(left) - timeOf(right));
  return { faults: faults.filter(staysSurvivable(budget, faults)), chances, ...weather };
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

function timeOf(fault: Fault): number {
  return 'atMs' in fault ? fault.atMs : 0;
}

/** Leaves out each crash and stop that would bring down more hosts at once than the budget survives. */
function staysSurvivable(budget: FaultBudget, all: readonly Fault[]): (fault: Fault) => boolean {
  const hostsDownMax = budget.survivable?.hostsDown ?? 1;
  // A paused host neither ends nor boots before it is resumed.
  const pausedMs = (host: string): number =>
    all.reduce((sum, fault) => (fault.kind === 'pause' && fault.host === host ? sum + fault.forMs : sum), 0);
  const down: { host: string; untilMs: number }[] = [];
  return (fault) => {
    if (fault.kind !== 'crash' && fault.kind !== 'stop') return true;
    const others = new Set(down.filter((each) => each.untilMs >= fault.atMs).map((each) => each.host));
    others.add(fault.host);
    if (others.size > hostsDownMax) return false;
    // A stop takes its time before the host is down at all.
    const slackMs = fault.kind === 'stop' ? STOP_GRACE_MS : 0;
    down.push({ host: fault.host, untilMs: fault.atMs + fault.downMs + slackMs + pausedMs(fault.host) });
    return true;
  };
}
