// The streams of blobs: from Node.js 24 on they take turns of the real event loop; no run waits for those.

import { type Patch, dispatch, patchMethod } from './patch.ts';

/** Patches `Blob.prototype.stream`, which requests and responses read their blobs and forms by. */
export function blobPatches(): Patch[] {
  return [
    patchMethod('Blob.prototype.stream', Blob.prototype, 'stream', (original) =>
      dispatch(original, (_, args, self) =>
        self instanceof Blob ? streamOf(self) : Reflect.apply(original, self, args),
      ),
    ),
  ];
}

/** Unlike the stream of Node.js, `arrayBuffer` needs microtasks only. */
function streamOf(blob: Blob): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}
