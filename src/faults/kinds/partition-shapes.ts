// The shapes of partitions, and how they are drawn from a budget.

import type { DrawContext } from '../timed.ts';
import type { CutFault, PartitionFault } from './partition.ts';

/**
 * How a partition runs through the hosts.
 *
 * - `split`: between two groups, both ways.
 * - `one-way`: between two groups, and only one of them is not heard.
 * - `bridge`: between two groups, and one host sees both.
 * - `ring`: each host sees only its two neighbours.
 * - `minority`: fewer than half of the hosts are cut off from the rest.
 * - `flapping`: one of the others, cut and healed again and again.
 */
export type PartitionShape = 'split' | 'one-way' | 'bridge' | 'ring' | 'minority' | 'flapping';

/** How many hosts a shape needs to be what its name says. */
export const HOSTS_MIN: Readonly<Record<PartitionShape, number>> = {
  split: 2,
  'one-way': 2,
  bridge: 3,
  ring: 4,
  minority: 3,
  flapping: 2,
};

/** All shapes. */
export const PARTITION_SHAPES: readonly PartitionShape[] = Object.keys(HOSTS_MIN) as PartitionShape[];

const FLAP_MS_MAX = 1_000;
/** A partition does not flap more often than this. */
const FLAPS_MAX = 40;

/**
 * Draws one or two partitions, in half of all plans. A budget that names no shapes gets any two groups, one
 * way or both.
 */
export function drawPartitions(context: DrawContext): readonly PartitionFault[] {
  const { budget, draw } = context;
  const { partition } = budget;
  if (typeof partition === 'object' && !isList(partition)) {
    const { among = context.hosts, shapes = PARTITION_SHAPES } = partition;
    const possible = shapes.filter((shape) => among.length >= HOSTS_MIN[shape]);
    if (possible.length === 0 || draw(2) === 0) return [];
    return Array.from({ length: 1 + draw(2) }, () => drawShape(context, among, possible));
  }
  const hosts = partition === true ? context.hosts : partition === false ? [] : (partition ?? []);
  if (hosts.length < 2 || draw(2) === 0) return [];
  return Array.from({ length: 1 + draw(2) }, () => {
    const groups = drawGroups(context, hosts);
    const atMs = context.atMs();
    const oneWay = draw(2) === 0;
    return { kind: 'partition', ...groups, oneWay, atMs, forMs: context.cutMs() };
  });
}

function isList(allowed: object): allowed is readonly string[] {
  return Array.isArray(allowed);
}

function drawShape(
  context: DrawContext,
  hosts: readonly string[],
  shapes: readonly PartitionShape[],
): PartitionFault {
  const shape = context.oneOf(shapes);
  if (shape !== 'flapping') return drawPlainShape(context, hosts, shape);
  const others = shapes.filter((each) => each !== 'flapping');
  const fault = drawPlainShape(context, hosts, others.length === 0 ? 'split' : context.oneOf(others));
  const shortestMs = Math.max(1, Math.ceil(fault.forMs / FLAPS_MAX));
  return { ...fault, flapMs: Math.max(shortestMs, context.lengthMs(FLAP_MS_MAX)) };
}

function drawPlainShape(
  context: DrawContext,
  hosts: readonly string[],
  shape: Exclude<PartitionShape, 'flapping'>,
): PartitionFault {
  const times = { atMs: context.atMs(), forMs: context.cutMs() };
  if (shape === 'ring') return { kind: 'partition', ring: shuffled(context, hosts), ...times };
  const oneWay = shape === 'one-way';
  return { kind: 'partition', ...drawSides(context, hosts, shape), oneWay, ...times };
}

function drawSides(
  context: DrawContext,
  hosts: readonly string[],
  shape: Exclude<PartitionShape, 'flapping' | 'ring'>,
): Pick<CutFault, 'from' | 'to'> {
  if (shape === 'minority') {
    const among = shuffled(context, hosts);
    const fewer = 1 + context.draw(Math.ceil(hosts.length / 2) - 1);
    return { from: among.slice(0, fewer), to: among.slice(fewer) };
  }
  const bridge = shape === 'bridge' ? context.oneOf(hosts) : undefined;
  return drawGroups(
    context,
    hosts.filter((host) => host !== bridge),
  );
}

/** Any two groups, neither of them empty. */
function drawGroups({ draw }: DrawContext, hosts: readonly string[]): { from: string[]; to: string[] } {
  const from: string[] = [];
  const to: string[] = [];
  for (const host of hosts) (draw(2) === 0 ? from : to).push(host);
  if (from.length === 0) from.push(to.splice(draw(to.length), 1)[0] as string);
  if (to.length === 0) to.push(from.splice(draw(from.length), 1)[0] as string);
  return { from, to };
}

function shuffled({ draw }: DrawContext, hosts: readonly string[]): string[] {
  const rest = [...hosts];
  const drawn: string[] = [];
  while (rest.length > 0) drawn.push(...rest.splice(draw(rest.length), 1));
  return drawn;
}
