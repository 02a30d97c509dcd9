// The list of everything that the ambient layer patches.

import { abortSignalPatches } from './abort-signal.ts';
import { blobPatches } from './blobs.ts';
import { consolePatches } from './console.ts';
import { datePatches } from './date.ts';
import { formBodyPatches } from './form-bodies.ts';
import { fetchObjectPatches } from './fetch-objects.ts';
import { fetchPatches } from './fetch.ts';
import { intlPatches } from './intl.ts';
import { messageChannelPatches } from './message-channel.ts';
import type { Patch } from './patch.ts';
import { processClockPatches } from './process-clock.ts';
import { randomnessPatches } from './randomness.ts';
import { rejectionPatches } from './rejections.ts';
import { tickPatches } from './ticks.ts';
import { timerGlobalPatches } from './timer-globals.ts';
import { timerPromisePatches } from './timer-promises.ts';
import { userContextPatches } from './user-contexts.ts';

/** Makes the patches, in the order in which they are applied. */
export function ambientPatches(): Patch[] {
  return [
    ...userContextPatches(),
    ...intlPatches(),
    ...datePatches(),
    ...processClockPatches(),
    ...timerPromisePatches(),
    ...timerGlobalPatches(),
    ...abortSignalPatches(),
    ...tickPatches(),
    ...randomnessPatches(),
    ...messageChannelPatches(),
    ...consolePatches(),
    ...rejectionPatches(),
    ...blobPatches(),
    ...fetchPatches(),
    ...fetchObjectPatches(),
    ...formBodyPatches(),
  ];
}
