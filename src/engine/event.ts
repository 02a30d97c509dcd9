// An entry of the event queue. The engine knows when it is due and who runs it; what it does is its own.

/** Numbers that enter the trace hash: append only, never renumber. */
export const EventKind = {
  boot: 1,
  timer: 2,
  immediate: 3,
  delivery: 4,
  control: 5,
  port: 6,
  drive: 7,
} as const;

/** One of {@link EventKind}. */
export type EventKindCode = (typeof EventKind)[keyof typeof EventKind];

/** Who runs an event: an incarnation of a host, or the scenario itself. */
export interface EventOwner {
  readonly name: string;
  /** Small integer that is part of the trace: equal in every repetition of a run. */
  readonly id: number;
  /**
   * `ready`: runs now. `late`: `putsOff` is asked. `paused`: is handed to `defer`. `gone`: is thrown away,
   * and is no step.
   */
  readonly state: 'ready' | 'late' | 'paused' | 'gone';
  /** How many queued events keep its event loop alive; counted by the queue. */
  loopRefs: number;
  /** Keeps an event that came due while the owner was paused. */
  defer(event: QueuedEvent): void;
  /** Queues an event that came due for later, if it is to run late. @returns whether it did. */
  putsOff?(event: QueuedEvent): boolean;
  /** Runs the event in the owner's asynchronous context; an exception is the owner's to handle. */
  enter(event: QueuedEvent): void;
  /** Called once everything that an event of the owner caused has run. */
  settled?(): void;
}

/** Something that happens at a virtual time. */
export abstract class QueuedEvent {
  /** When it is due, in integer microseconds. */
  dueUs = 0;
  /** Order among events due in the same microsecond; equal ranks keep the order of queueing. */
  rank = 0;
  /** How much later than `dueUs` it may run; set by schedulers that choose. */
  slackUs = 0;
  /** Order of queueing; set by the queue. */
  order = 0;
  /** Position in the heap, -1 while not queued; set by the queue. */
  position = -1;
  /** Whether it counts as work that is still to be done: false for unref'd timers and planned faults. */
  isRef = true;
  /** Where it was scheduled: only while a run is recorded. */
  site: string | undefined = undefined;
  readonly kind: EventKindCode;
  readonly owner: EventOwner;
  /** Whether it is something of Node.js' event loop, which does not end before it. */
  readonly isOfLoop: boolean;

  constructor(kind: EventKindCode, owner: EventOwner) {
    this.kind = kind;
    this.owner = owner;
    this.isOfLoop = kind === EventKind.timer || kind === EventKind.immediate || kind === EventKind.port;
  }

  /** A hash of what happens, for the trace hash. */
  abstract readonly fingerprint: number;
  /** What happens, in words: `timer of 50 ms`. */
  abstract describe(): string;
  /** Makes it happen. */
  abstract run(): void;

  /** Whose turn it is when it runs: a host, or a link. */
  get lane(): string {
    return this.owner.name;
  }

  /** A scheduler lets it run now, so much later than it could have. */
  heldBack(byUs: number): void {
    void byUs;
  }
}
