// Links that get narrow: a full queue loses datagrams, and what queues arrives late.

import { daemon, handler, type Host } from '../../../src/index.ts';
import { networkRow } from './network-rows.ts';
import type { StormRow } from './row.ts';

const FRAMES = 12;
const FRAME = 'x'.repeat(200);
const TICK_MS = 40;

/** Sends frames: naively as fast as it likes; with care, again as long as one is not confirmed. */
function camera(host: Host, isCareful: boolean): void {
  const unheard = new Set<number>();
  let next = 0;
  host.onMessage((number) => void unheard.delete(Number(number)));
  const send = (number: number): void => host.send('recorder', [number, FRAME], 'frame');
  setInterval(() => {
    const [again] = unheard;
    if (isCareful && again !== undefined) send(again);
    if (next === FRAMES) return;
    unheard.add(++next);
    send(next);
  }, TICK_MS);
}

function recorder(host: Host): void {
  const frames = new Set<unknown>();
  host.expose({ frames });
  host.onMessage((payload) => {
    const [number] = payload as [number, string];
    frames.add(number);
    host.send('camera', number, 'heard');
  });
}

/** Uploads once a second: naively, it gives a slow upload up and begins the next; with care, it waits. */
function uploader(host: Host, isCareful: boolean): void {
  let uploads = 0;
  host.expose({
    get uploads() {
      return uploads;
    },
  });
  const upload = async (): Promise<void> => {
    for (let attempt = 1; uploads === 0; attempt++) {
      const timeoutMs = isCareful ? 200 * 2 ** attempt : 200;
      const signal = AbortSignal.timeout(timeoutMs);
      const body = 'y'.repeat(2_000);
      const sent = fetch('http://store/', { method: 'POST', body, signal });
      const answer = await sent.catch(() => undefined);
      if (answer?.status === 200) uploads++;
      else if (!isCareful && attempt === 2) return;
    }
  };
  setTimeout(() => void upload(), 500);
}

/** The rows. */
export const bandwidthRows: readonly StormRow[] = [
  networkRow({
    kind: 'bandwidth',
    what: 'a full queue loses frames',
    faults: { bandwidth: true },
    hosts: (isCareful) => ({
      camera: daemon((host) => camera(host, isCareful)),
      recorder: daemon(recorder),
    }),
    eventually: {
      'every frame is recorded': (world) => {
        const size = (world.host('recorder').exports?.['frames'] as Set<number> | undefined)?.size;
        return size === FRAMES || `${size} of ${FRAMES} are`;
      },
    },
  }),
  networkRow({
    kind: 'bandwidth',
    what: 'an upload over a narrow link takes longer than its time-out, each time',
    faults: { bandwidth: ['uploader -> store'] },
    hosts: (isCareful) => ({
      uploader: daemon((host) => uploader(host, isCareful)),
      store: handler(() => async (request: Request) => new Response(String((await request.text()).length))),
    }),
    eventually: {
      'the upload is done': (world) => world.host('uploader').exports?.['uploads'] === 1 || 'it is not',
    },
  }),
];
