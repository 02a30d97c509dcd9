// Where something that was written came from: what its host was doing then. Plain data, and its words.

/** What the code of a host was doing: what made it run, followed through every `await`. */
export type Activity =
  /** It handled a message. */
  | {
      readonly kind: 'message';
      readonly from: string;
      /** As in the trace: `request`, `response`, `datagram`, `segment`, ... */
      readonly message: string;
      /** `POST /charge` for a request and its response; what the sender named it for a datagram. */
      readonly label: string;
      /** Which message of that name on that link it was, counted from 1. */
      readonly nth: number;
      /** Whether the network delivered it for the second time. */
      readonly isCopy: boolean;
    }
  /** A timer fired; `after` is what the host was doing when it was set. */
  | { readonly kind: 'timer'; readonly delayMs: number; readonly after?: Activity }
  /** What was begun when the host booted. */
  | { readonly kind: 'boot' }
  /** A client carried out an operation: its place in the history. */
  | { readonly kind: 'operation'; readonly id: number; readonly name: string }
  /** Anything else, in words: `stop`. */
  | { readonly kind: 'other'; readonly what: string };

/** Where a record came from: who wrote it, when, and while doing what. */
export interface Origin {
  readonly host: string;
  /** The life of the host that wrote it, counted from 1. */
  readonly incarnation: number;
  /** Virtual milliseconds since the run began. */
  readonly atMs: number;
  readonly step: number;
  /** What the host was doing: the message that its code was handling. */
  readonly cause: Activity;
  /** The event during which it was written. After an `await` it is another than the cause. */
  readonly event: Activity;
}

/** Puts an origin in words: "written by `bank` at 12.5 ms (step 9), handling POST /pay #2 from `shop`". */
export function describeOrigin({ host, atMs, step, cause, event }: Origin): string {
  const then = isSame(cause, event) ? '' : `, after ${describeActivity(event)}`;
  return `written by \`${host}\` at ${atMs} ms (step ${step}), ${doing(cause)}${then}`;
}

function doing(activity: Activity): string {
  if (activity.kind === 'message') return `handling ${describeActivity(activity)}`;
  if (activity.kind === 'boot') return 'in what it began at boot';
  return `in ${describeActivity(activity)}`;
}

/** Names what a host was doing: "POST /pay #2 from `shop`, delivered a second time". */
export function describeActivity(activity: Activity): string {
  switch (activity.kind) {
    case 'message': {
      const { from, message, label, nth, isCopy } = activity;
      const name = message === 'request' ? label : `${KINDS[message] ?? message} ${label}`;
      return `${name} #${nth} from \`${from}\`${isCopy ? ', delivered a second time' : ''}`;
    }
    case 'timer': {
      const { delayMs, after } = activity;
      const setBy =
        after === undefined ? '' : `, set ${after.kind === 'boot' ? 'since its boot' : doing(after)}`;
      return `a timer of ${delayMs} ms${setBy}`;
    }
    case 'boot':
      return 'its boot';
    case 'operation':
      return `operation ${activity.name} (${activity.id})`;
    default:
      return activity.what;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  response: 'the response to',
  chunk: 'more of',
  segment: 'bytes of',
};

function isSame(left: Activity, right: Activity): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
