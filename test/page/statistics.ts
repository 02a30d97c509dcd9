// Statistics of an exploration, made by hand, for tests of the page.

import type { RouteStatistics, Statistics } from '../../src/report/document.ts';

/** The upper bounds of the bins. */
const BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** What 300 runs of a checkout might show, but for what is given. */
export function statistics(changed: Partial<Statistics> = {}): Statistics {
  return {
    routes: [
      route('POST /checkout', 'orders', [0, 0, 4, 90, 310, 420, 96, 31, 12, 44, 28, 9], { errors: 61 }),
      route('POST /charge', 'payments', [0, 12, 240, 390, 210, 88, 40, 11, 3, 19, 6, 0], { errors: 25 }),
      route('POST /reserve', 'inventory', [3, 40, 480, 310, 120, 30, 9, 2, 0, 0, 0, 0], {}),
      route('GET /health', 'orders', [590, 410, 120, 12, 1, 0, 0, 0, 0, 0, 0, 0], {}),
    ],
    queues: [
      { host: 'orders', p50: 1, p99: 6, max: 9 },
      { host: 'payments', p50: 1, p99: 3, max: 4 },
      { host: 'inventory', p50: 0, p99: 2, max: 2 },
    ],
    discovery: Array.from({ length: 60 }, (_, i) => ({
      runs: (i + 1) * 5,
      behaviours: Math.min(118, Math.round(122 * (1 - Math.exp(-(i + 1) / 14)))),
    })),
    failures: [
      { signature: 'charged at most once', runs: 9, seed: 8417 },
      { signature: 'every order settles', runs: 2, seed: 8466 },
    ],
    past: Array.from({ length: 24 }, (_, i) => ({
      at: `2026-03-${String(i + 1).padStart(2, '0')} 09:30`,
      runs: 300,
      failures: [5, 11, 12, 19].includes(i) ? 3 + (i % 5) : 0,
    })),
    ...changed,
  };
}

function route(
  name: string,
  host: string,
  counts: readonly number[],
  { errors = 0 }: { readonly errors?: number },
): RouteStatistics {
  const requests = counts.reduce((sum, count) => sum + count, 0);
  const percentile = (share: number): number => {
    let seen = 0;
    const bin = counts.findIndex((count) => (seen += count) >= share * requests);
    return BOUNDS[bin] ?? 0;
  };
  return {
    route: name,
    host,
    requests,
    errors,
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
    maxMs: percentile(1),
    histogram: counts.map((count, i) => ({ upToMs: BOUNDS[i] ?? 0, count })),
  };
}
