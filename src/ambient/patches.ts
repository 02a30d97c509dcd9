// The list of everything that the ambient layer patches.

import { abortSignalPatches } from './abort-signal.ts';
import { blobPatches } from './blobs.ts';
import { consolePatches } from './console.ts';
import { cryptoJobPatches } from './crypto/jobs.ts';
import { keyPairPatches } from './crypto/key-pairs.ts';
import { signaturePatches } from './crypto/signatures.ts';
import { subtlePatches } from './crypto/subtle.ts';
import { datePatches } from './date.ts';
import { dnsPatches } from './dns/dns-patches.ts';
import { filePatches } from './files/file-patches.ts';
import { formBodyPatches } from './form-bodies.ts';
import { fetchObjectPatches } from './fetch-objects.ts';
import { fetchPatches } from './fetch.ts';
import { intlPatches } from './intl.ts';
import { machineReadingPatches } from './machine-readings.ts';
import { messageChannelPatches } from './message-channel.ts';
import { openTelemetryPatches } from './open-telemetry.ts';
import { osPatches } from './os.ts';
import type { Patch } from './patch.ts';
import { processPatches } from './process/process-patches.ts';
import { processClockPatches } from './process-clock.ts';
import { randomnessPatches } from './randomness.ts';
import { rejectionPatches } from './rejections.ts';
import { dgramPatches } from './net/dgram.ts';
import { dispatcherPatches } from './net/dispatcher.ts';
import { httpPatches } from './net/http.ts';
import { http2Patches } from './net/http2.ts';
import { socketPatches } from './net/sockets.ts';
import { tlsPatches } from './net/tls.ts';
import { tickPatches } from './ticks.ts';
import { timerGlobalPatches } from './timer-globals.ts';
import { timerPromisePatches } from './timer-promises.ts';
import { lateTrapPatches } from './traps/late-traps.ts';
import { trapPatches } from './traps/trap-patches.ts';
import { userContextPatches } from './user-contexts.ts';
import { weakPatches } from './weak.ts';
import { webAssemblyPatches } from './web-assembly.ts';
import { zlibPatches } from './zlib.ts';

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
    ...processPatches(),
    ...blobPatches(),
    ...socketPatches(),
    ...tlsPatches(),
    ...dgramPatches(),
    ...httpPatches(),
    ...http2Patches(),
    ...dispatcherPatches(),
    ...fetchPatches(),
    ...fetchObjectPatches(),
    ...formBodyPatches(),
    ...filePatches(),
    ...dnsPatches(),
    ...openTelemetryPatches(),
    ...osPatches(),
    ...keyPairPatches(),
    ...signaturePatches(),
    ...cryptoJobPatches(),
    ...subtlePatches(),
    ...zlibPatches(),
    ...webAssemblyPatches(),
    ...weakPatches(),
    ...machineReadingPatches(),
    ...trapPatches(),
    ...lateTrapPatches(),
  ];
}
