// The timeline of a recorded run in plain words: one line for each message, fault, operation and marker.

import type { OutcomeType } from '../history/operation.ts';
import type { ArrivedEntry, HostEntry, SentEntry, TraceEntry } from '../history/trace.ts';

/** Lines beyond this are folded where nothing deviates. */
const LINES_MAX = 48;
const CONTEXT = 6;
const TEXT_MAX = 100;

interface Line {
  readonly atUs: number;
  readonly who: string;
  readonly what: string;
  readonly note: string;
}

/** What was violated, where, and as what people know it. */
export interface Ending {
  readonly atMs: number;
  readonly step: number;
  readonly host: string;
  readonly text: string;
}

/** What a reader of the timeline knows already. */
export interface TimelineOptions {
  readonly ending?: Ending;
  /** Delays that are faults of the plan, by {@link messageKey}. */
  readonly delays?: ReadonlyMap<string, number>;
  /** Whether it matters when the storm ended. Default true. */
  readonly hasStorm?: boolean;
}

type MessageName = Pick<SentEntry, 'from' | 'to' | 'message' | 'label' | 'nth'>;

/** How the fate of a message is told; a delivered one needs no words. */
const FATES: Readonly<Record<SentEntry['fate'], string>> = {
  delivered: '',
  dropped: 'dropped',
  lost: 'lost on the way',
  'cut off': 'lost in the partition',
  reset: 'connection reset',
  refused: 'connection refused',
  failed: 'failed',
  held: 'held back',
  stalled: 'stalled by the partition',
};

const OUTCOMES: Readonly<Record<OutcomeType, string>> = {
  ok: 'ok',
  fail: 'failed, without effect',
  info: 'outcome unknown',
};

const CHANGES: Readonly<Record<string, string>> = {
  booted: 'boots again',
  crashed: 'crashes',
  stopping: 'is asked to stop',
  stopped: 'has stopped',
  paused: 'is paused',
  resumed: 'goes on',
};

/** What a machine says by itself. */
const SIGNALS: readonly (readonly [label: string, words: string])[] = [
  ['refusal ', 'refuses the connection: '],
  ['reset ', 'resets the connection: '],
  ['hang-up ', 'hangs up: '],
  ['accepted ', 'accepts the connection: '],
  ['end ', 'ends the connection: '],
  ['window ', 'has room again: '],
];

/** What machines do for every connection; told only where something befell it. */
const ROUTINE = /^(accepted|end|window) /;

const STORM_ENDS = 'faults stop, everything heals';

/** Tells a run as lines of text, indented by two spaces. */
export function timeline(trace: readonly TraceEntry[], options: TimelineOptions = {}): string[] {
  const { ending } = options;
  const teller = new Teller(options);
  const lines: Line[] = [];
  let isTold = ending === undefined;
  for (const entry of trace) {
    if (!isTold && entry.step > (ending as Ending).step) {
      lines.push(endingLine(ending as Ending));
      isTold = true;
    }
    lines.push(...teller.tell(entry));
  }
  if (!isTold) lines.push(endingLine(ending as Ending));
  return render(lines);
}

/** The key of a message among `delays`. */
export function messageKey({ from, to, message, label, nth }: MessageName): string {
  return `${from} ${to} ${message} ${label} ${nth}`;
}

function endingLine({ atMs, host, text }: Ending): Line {
  return { atUs: atMs * 1000, who: host, what: `← ${inOneLine(text)}`, note: '' };
}

/** Turns entries into lines; knows what it has told. */
class Teller {
  readonly #delays: ReadonlyMap<string, number>;
  readonly #hasStorm: boolean;
  readonly #booted = new Set<string>();
  /** Messages whose arrival is worth a line, because it is not when one would think. */
  readonly #late = new Set<string>();

  constructor({ delays = new Map(), hasStorm = true }: TimelineOptions) {
    this.#delays = delays;
    this.#hasStorm = hasStorm;
  }

  tell(entry: TraceEntry): Line[] {
    const { atUs } = entry;
    switch (entry.kind) {
      case 'sent':
        return this.#isRoutine(entry) ? [] : [{ atUs, ...this.#sent(entry) }];
      case 'arrived':
        return this.#arrived(entry);
      case 'host':
        return this.#changed(entry);
      case 'operation':
        if (entry.type === 'invoke') return [];
        return [
          { atUs, who: entry.client, what: `\`${entry.name}\` ends: ${OUTCOMES[entry.type]}`, note: '' },
        ];
      case 'log':
        // What a host reports as an error is part of its story; the rest is for its own log.
        return entry.stream === 'stderr'
          ? [{ atUs, who: entry.host, what: `prints: ${inOneLine(entry.text)}`, note: '' }]
          : [];
      case 'note':
        if (entry.text === STORM_ENDS && !this.#hasStorm) return [];
        return [{ atUs, who: entry.host ?? '', what: entry.text, note: '' }];
      default:
        return [];
    }
  }

  #isRoutine(entry: SentEntry): boolean {
    const { message, label, fate } = entry;
    if (fate !== 'delivered' || this.#delays.has(messageKey(entry))) return false;
    return message === 'connection' || (message === 'signal' && ROUTINE.test(label));
  }

  #sent(entry: SentEntry): Omit<Line, 'atUs'> {
    const { from, to, fate, status } = entry;
    const key = messageKey(entry);
    const delayMs = this.#delays.get(key);
    if (delayMs !== undefined || fate === 'held' || fate === 'stalled') this.#late.add(key);
    const isLost = !['delivered', 'held', 'stalled'].includes(fate);
    const notes = [
      FATES[fate],
      delayMs === undefined ? '' : `delayed by ${delayMs} ms`,
      entry.isTwice === true ? 'arrives twice' : '',
    ];
    return {
      who: `${from} ${isLost ? '⇥' : '→'} ${to}`,
      what: nameOf(entry, status),
      note: notes.filter((note) => note !== '').join(', '),
    };
  }

  #arrived(entry: ArrivedEntry): Line[] {
    const isLate = this.#late.delete(messageKey(entry));
    if (!isLate && !entry.isCopy) return [];
    const note = entry.isCopy ? 'arrives again' : 'arrives late';
    return [{ atUs: entry.atUs, who: `${entry.from} → ${entry.to}`, what: nameOf(entry), note }];
  }

  #changed({ atUs, host, change }: HostEntry): Line[] {
    const isFirstBoot = change === 'booted' && !this.#booted.has(host);
    if (change === 'booted') this.#booted.add(host);
    return isFirstBoot ? [] : [{ atUs, who: host, what: CHANGES[change] ?? change, note: '' }];
  }
}

function nameOf({ message, label, nth }: MessageName, status?: number): string {
  const ordinal = nth === 1 ? '' : ` #${nth}`;
  if (message === 'response') return `${status ?? 'response'} to ${label}${ordinal}`;
  if (message === 'chunk') return `more of ${label}${ordinal}`;
  if (message === 'connection') return `connects ${label}${ordinal}`;
  if (message === 'segment') return `bytes of ${label}${ordinal}`;
  if (message !== 'signal') return `${label}${ordinal}`;
  const [said, words] = SIGNALS.find(([begin]) => label.startsWith(begin)) ?? ['', ''];
  return `${words}${label.slice(said.length)}`;
}

function inOneLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX - 3)}...` : line;
}

function render(lines: readonly Line[]): string[] {
  const isShown = visible(lines);
  const width = (max: number, pick: (line: Line) => string): number =>
    Math.min(max, Math.max(0, ...lines.map((line) => pick(line).length)));
  const whoWidth = width(36, ({ who }) => who);
  const whatWidth = width(44, ({ what, note }) => (note === '' ? '' : what));
  const rendered: string[] = [];
  let folded = 0;
  for (const [i, { atUs, who, what, note }] of lines.entries()) {
    if (isShown[i] !== true) {
      folded++;
      continue;
    }
    if (folded > 0) rendered.push(`${' '.repeat(16)}... ${folded} more, without a fault`);
    folded = 0;
    const time = `${(Math.round(atUs / 100) / 10).toFixed(1)} ms`.padStart(14);
    rendered.push(`${time}  ${who.padEnd(whoWidth)}  ${what.padEnd(whatWidth)}  ${note}`.trimEnd());
  }
  return rendered;
}

/** Of a long timeline: the beginning, the end, and what is near a deviation. */
function visible(lines: readonly Line[]): boolean[] {
  if (lines.length <= LINES_MAX) return lines.map(() => true);
  const shown = lines.map((_, i) => i < CONTEXT || i >= lines.length - 2 * CONTEXT);
  for (const [i, { note, who, what }] of lines.entries()) {
    // A message that nothing befell, or the good end of an operation.
    if (note === '' && (who.includes('→') || what.endsWith(' ends: ok'))) continue;
    for (let k = Math.max(0, i - 2); k <= Math.min(lines.length - 1, i + 2); k++) shown[k] = true;
  }
  return shown;
}
