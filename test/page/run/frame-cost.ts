// What a frame of a page costs its main thread, in milliseconds of processor time: other processes do not
// count.

import type { Page } from 'playwright-core';

/** Does something so many times, waits for two frames each time, and says what each took. */
export async function frameCost(
  page: Page,
  times: number,
  act: (i: number) => Promise<void>,
): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const costs: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = await spent();
    await act(i);
    await page.evaluate(
      () =>
        new Promise((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(undefined))),
        ),
    );
    costs.push((await spent()) - before);
  }
  return costs;
}
