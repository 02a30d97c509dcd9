// Carries out what becomes of a request that came as a message; see answering.ts.

import type { Ending, Twist, WholeAnswer } from './answering.ts';
import { ControlEvent } from './control-event.ts';
import type { Incarnation } from './incarnation.ts';

/** Statuses of responses that have no body, not even an empty one. */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/** Ends a body before its time. */
export class BrokenOff extends Error {
  readonly ending: Ending;
  constructor(ending: Ending) {
    super(`the answer broke off: ${ending}`);
    this.ending = ending;
  }
}

/** What a service does with a request. */
export interface Serving {
  readonly incarnation: Incarnation;
  readonly twist: Twist;
  /** Whether the client went away. */
  isGone(): boolean;
  /** Takes the request for the program. */
  take(): Request;
  /** Makes another of it, for a second execution. */
  copy(request: Request): Request;
  /** Lets the program execute it; never rejects. */
  execute(request: Request): Promise<Response>;
}

/** Waits on a host, until the storm is over at the latest; for good, if its process ends before. */
export function wait(incarnation: Incarnation, us: number): Promise<void> {
  const { engine, answers } = incarnation.machine.park;
  return new Promise((resolve) => {
    const event = new ControlEvent(incarnation, 'wait', () => {
      forget?.();
      resolve();
    });
    engine.scheduleExactly(event, engine.nowUs + us);
    const forget = answers?.whenOver(() => {
      // On a paused host it has come due already.
      if (event.position === -1) return;
      engine.queue.remove(event);
      engine.scheduleExactly(event, engine.nowUs);
    });
  });
}

/** Keeps a request as long as a twist says. */
export async function waitBefore(incarnation: Incarnation, { held, beforeUs = 0 }: Twist): Promise<void> {
  if (held !== undefined) {
    await new Promise<void>((resolve) => {
      held(() => void wait(incarnation, 0).then(resolve));
    });
  }
  if (beforeUs > 0) await wait(incarnation, beforeUs);
}

/** @returns what is sent; a way to end where nothing is. */
export async function serveTwisted(serving: Serving): Promise<Response | Ending> {
  const { incarnation, twist } = serving;
  const { executions = 1, afterUs = 0 } = twist;
  await waitBefore(incarnation, twist);
  // Who queues requests does not pass on those that nobody waits for any more.
  if (serving.isGone()) return 'close';
  const response = executions === 0 ? undefined : await executed(serving);
  if (afterUs > 0) await wait(incarnation, afterUs);
  if (twist.answer === undefined || response?.type === 'error') return response ?? 'hang';
  const given = response === undefined ? undefined : await wholeAnswer(response);
  const answer = given === 'reset' ? given : (twist.answer(given) ?? given ?? 'hang');
  return typeof answer === 'string' ? answer : responseOf(answer);
}

async function executed(serving: Serving): Promise<Response> {
  const { incarnation, twist } = serving;
  const request = serving.take();
  if (twist.executions !== 2) return serving.execute(request);
  const again = serving.copy(request);
  const first = await serving.execute(request);
  if (twist.answersFirst === true) {
    void serving.execute(again).then((second) => second.body?.cancel().catch(() => {}));
    return first;
  }
  first.body?.cancel().catch(() => {});
  await wait(incarnation, twist.againUs ?? 0);
  return serving.execute(again);
}

async function wholeAnswer(response: Response): Promise<WholeAnswer | 'reset'> {
  const { status, statusText, headers } = response;
  try {
    const body = new Uint8Array(await response.arrayBuffer());
    return { status, statusText, headers: [...headers], body };
  } catch {
    return 'reset';
  }
}

function responseOf({ status, statusText, headers, body, cut }: WholeAnswer): Response {
  const init: ResponseInit = { status, statusText, headers: headers.map(([name, value]) => [name, value]) };
  if (cut === undefined) return new Response(BODILESS.has(status) ? null : body.slice(), init);
  const { bytes, ending } = cut;
  let isBegun = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller): Promise<void> | undefined {
        if (!isBegun && bytes > 0) controller.enqueue(body.slice(0, bytes));
        else if (ending === 'hang') return new Promise(() => {});
        else controller.error(new BrokenOff(ending));
        isBegun = true;
        return undefined;
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(stream, init);
}
