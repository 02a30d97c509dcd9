// Bodies on the wire: what is known when a message leaves travels in it, what comes later follows in chunks.

/** The bytes of a body as far as they are in one message. */
export class BodyParts {
  readonly parts: Uint8Array[] = [];
  isComplete = false;

  /** All bytes in one array. */
  bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.parts.reduce((size, part) => size + part.length, 0));
    let offset = 0;
    for (const part of this.parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  }
}

/** How much of a body may be on the way before its sender waits for its reader: a window of TCP. */
const WINDOW_BYTES = 262_144;

/** What a body is written to. */
export interface BodySink {
  part(bytes: Uint8Array): void;
  end(): void;
  failed(error: unknown): void;
}

/** Reads a stream and writes it to a sink, no further ahead of the reader than the window. */
export class BodySender {
  #ahead = 0;
  #go: (() => void) | undefined;
  #isCancelled = false;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  async pump(sink: BodySink): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (this.#isCancelled) return;
        if (done) break;
        sink.part(value.slice());
        this.#ahead += value.length;
        if (this.#ahead > WINDOW_BYTES) await new Promise<void>((resolve) => (this.#go = resolve));
      }
      sink.end();
    } catch (error) {
      if (!this.#isCancelled) sink.failed(error);
    }
  }

  /** The reader took this many bytes. */
  consumed(bytes: number): void {
    this.#ahead -= bytes;
    if (this.#ahead > WINDOW_BYTES) return;
    this.#go?.();
    this.#go = undefined;
  }

  /** The other side went away. */
  cancel(reason: unknown): void {
    this.#isCancelled = true;
    this.#go?.();
    this.#reader.cancel(reason).catch(() => {});
  }
}

/**
 * The receiving end: puts chunks, which may overtake each other, back in order, and shows them as a stream.
 */
export class BodyReceiver {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #onConsumed: (bytes: number) => void;
  readonly #early = new Map<number, Uint8Array | undefined>();
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #next = 1;
  #unread = 0;
  isOver = false;

  constructor(
    first: Uint8Array,
    on: { consumed: (bytes: number) => void; cancelled: (reason: unknown) => void },
  ) {
    this.#onConsumed = on.consumed;
    this.stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
        if (first.length > 0) controller.enqueue(first);
        this.#unread = first.length;
      },
      pull: () => this.#pulled(),
      cancel: (reason) => {
        this.isOver = true;
        on.cancelled(reason);
      },
    });
  }

  /** Chunk number `seq`, counted from 1, arrived; no bytes mean the end. */
  arrived(seq: number, bytes: Uint8Array | undefined): void {
    this.#early.set(seq, bytes);
    while (!this.isOver && this.#early.has(this.#next)) {
      const next = this.#early.get(this.#next);
      this.#early.delete(this.#next++);
      if (next === undefined) {
        this.isOver = true;
        this.#controller.close();
      } else {
        this.#unread += next.length;
        this.#controller.enqueue(next);
      }
    }
  }

  fail(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#controller.error(error);
  }

  #pulled(): void {
    const bytes = this.#unread;
    this.#unread = 0;
    if (bytes > 0) this.#onConsumed(bytes);
  }
}
