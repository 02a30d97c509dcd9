// Draws the plan of a run from a budget: a random subset of the allowed kinds, at random intensities.

import type { FaultBudget, LinkSelection } from './budget.ts';
import type { Fault, FaultChance, FaultPlan, MessageFault } from './fault.ts';

/** Draws an integer from 0 to `bound - 1`. */
export type Draw = (bound: number) => number;

const RATES: readonly number[] = [0.01, 0.03, 0.1, 0.3];
const DELAY_MS_MAX: readonly number[] = [20, 200, 2_000, 20_000];
/** Times are drawn on several scales, because systems have fast and slow parts. */
const TIME_SCALES_MS: readonly number[] = [10, 100, 1_000, 5_000];
const MESSAGE_KINDS: readonly MessageFault['kind'][] = ['drop', 'delay', 'duplicate', 'reset', 'refuse'];
const HOST_KINDS = ['crash', 'stop', 'pause'] as const;
/** One run in this many has no faults but latency: failures that need none should say so. */
const CALM_EVERY = 16;

/** Draws a plan. Never leaves the budget. Draws as many numbers as it has choices to make. */
export function drawPlan(budget: FaultBudget | undefined, hosts: readonly string[], draw: Draw): FaultPlan {
  const weather = { latency: 'drawn', order: 'drawn' } as const;
  if (budget === undefined || draw(CALM_EVERY) === 0) return { faults: [], ...weather };
  const chances = MESSAGE_KINDS.flatMap((kind) => drawChance(kind, budget[kind], draw));
  const faults: Fault[] = [...drawHostFaults(budget, draw), ...drawPartitions(budget, hosts, draw)];
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

function drawHostFaults(budget: FaultBudget, draw: Draw): Fault[] {
  const faults: Fault[] = [];
  for (const kind of HOST_KINDS) {
    const hosts = budget[kind] ?? [];
    if (hosts.length === 0 || draw(2) === 0) continue;
    for (let count = 1 + draw(3); count > 0; count--) {
      const host = hosts[draw(hosts.length)] as string;
      const atMs = drawMs(draw, budget.horizonMs ?? 3_000);
      const lengthMs = drawMs(draw, 10_000);
      faults.push(
        kind === 'pause' ? { kind, host, atMs, forMs: lengthMs } : { kind, host, atMs, downMs: lengthMs },
      );
    }
  }
  return faults;
}

function drawPartitions(budget: FaultBudget, allHosts: readonly string[], draw: Draw): Fault[] {
  const { partition } = budget;
  const hosts = partition === true ? allHosts : partition === false ? [] : (partition ?? []);
  if (hosts.length < 2 || draw(2) === 0) return [];
  const faults: Fault[] = [];
  for (let count = 1 + draw(2); count > 0; count--) {
    const from: string[] = [];
    const to: string[] = [];
    for (const host of hosts) (draw(2) === 0 ? from : to).push(host);
    if (from.length === 0) from.push(to.splice(draw(to.length), 1)[0] as string);
    if (to.length === 0) to.push(from.splice(draw(from.length), 1)[0] as string);
    const atMs = drawMs(draw, budget.horizonMs ?? 3_000);
    faults.push({ kind: 'partition', from, to, oneWay: draw(2) === 0, atMs, forMs: drawMs(draw, 10_000) });
  }
  return faults;
}

/** A time in milliseconds with three decimals, up to a scale that is drawn first. */
function drawMs(draw: Draw, maxMs: number): number {
  const scaleMs = Math.min(TIME_SCALES_MS[draw(TIME_SCALES_MS.length)] as number, maxMs);
  return draw(Math.floor(scaleMs * 1000) + 1) / 1000;
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
    const slackMs = fault.kind === 'stop' ? 10_000 : 0;
    down.push({ host: fault.host, untilMs: fault.atMs + fault.downMs + slackMs + pausedMs(fault.host) });
    return true;
  };
}
