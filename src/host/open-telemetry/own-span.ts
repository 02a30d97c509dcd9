// A span that code of a host makes: keeps what it is told until it ends, and tells it then to whoever records
// the run.

import type {
  Attributes as GivenAttributes,
  AttributeValue as GivenValue,
  Exception,
  Link,
  Span,
  SpanContext,
  SpanOptions,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import type { Activity } from '../../history/provenance.ts';
import type { AttributeValue, SpanEntry } from '../../history/trace.ts';
import type { Incarnation } from '../incarnation.ts';
import type { HostTelemetry } from './host-telemetry.ts';
import { virtualUsOf } from './span-times.ts';

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = ['unset', 'ok', 'error'] as const;

/** What makes a span. */
interface Begun {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: SpanContext | undefined;
  readonly spanContext: SpanContext;
  readonly scope: SpanEntry['scope'];
}

/** What a span tells when it is over, but for the time at which it is told. */
export type EndedSpan = Omit<SpanEntry, 'kind' | 'atUs' | 'step'>;

/** A span of wavetank's own provider. */
export class OwnSpan implements Span {
  readonly incarnation: Incarnation;
  readonly #context: SpanContext;
  readonly #begun: Begun;
  readonly #startUs: number;
  readonly #startStep: number;
  readonly #cause: Activity | undefined;
  readonly #attributes: Record<string, AttributeValue> = {};
  readonly #events: SpanEntry['events'][number][] = [];
  readonly #links: SpanEntry['links'][number][] = [];
  #name: string;
  #status: SpanEntry['status'] = { code: 'unset' };
  #isOver = false;

  constructor({ incarnation }: HostTelemetry, begun: Begun) {
    const { engine, activities } = incarnation.machine.park;
    const { options } = begun;
    this.incarnation = incarnation;
    this.#begun = begun;
    this.#context = begun.spanContext;
    this.#name = begun.name;
    this.#startStep = engine.steps;
    this.#startUs = virtualUsOf(incarnation, options.startTime);
    this.#cause = activities?.current;
    if (options.attributes !== undefined) this.setAttributes(options.attributes);
    this.addLinks(options.links ?? []);
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  setAttribute(key: string, value: GivenValue): this {
    const known = this.#isOver ? undefined : attributeOf(value);
    if (known !== undefined) this.#attributes[key] = known;
    return this;
  }

  setAttributes(attributes: GivenAttributes): this {
    for (const [key, value] of Object.entries(attributes))
      if (value !== undefined) this.setAttribute(key, value);
    return this;
  }

  addEvent(name: string, attributesOrTime?: GivenAttributes | TimeInput, time?: TimeInput): this {
    if (this.#isOver) return this;
    const isTime = isTimeInput(attributesOrTime);
    const atUs = virtualUsOf(this.incarnation, isTime ? attributesOrTime : time);
    this.#events.push({ atUs, name, attributes: attributesOf(isTime ? undefined : attributesOrTime) });
    return this;
  }

  addLink({ context, attributes }: Link): this {
    const { traceId, spanId } = context;
    if (!this.#isOver) this.#links.push({ traceId, spanId, attributes: attributesOf(attributes) });
    return this;
  }

  addLinks(links: readonly Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    const word = STATUS_CODES[code] ?? 'unset';
    if (!this.#isOver && this.#status.code !== 'ok')
      this.#status = message === undefined ? { code: word } : { code: word, message };
    return this;
  }

  updateName(name: string): this {
    if (!this.#isOver) this.#name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const { name, message, stack } =
      typeof exception === 'string' ? { name: undefined, message: exception, stack: undefined } : exception;
    const attributes = {
      ...(name === undefined ? {} : { 'exception.type': name }),
      ...(message === undefined ? {} : { 'exception.message': message }),
      ...(stack === undefined ? {} : { 'exception.stacktrace': stack }),
    };
    this.addEvent('exception', attributes, time);
  }

  isRecording(): boolean {
    return !this.#isOver;
  }

  end(time?: TimeInput): void {
    if (this.#isOver) return;
    const endUs = Math.max(this.#startUs, virtualUsOf(this.incarnation, time));
    this.#isOver = true;
    const { machine, isAlive } = this.incarnation;
    if (isAlive) machine.park.observer.spanned?.(this.#ended(endUs));
  }

  #ended(endUs: number): EndedSpan {
    const { options, parent, scope } = this.#begun;
    const { traceId, spanId } = this.#context;
    return {
      host: this.incarnation.name,
      incarnation: this.incarnation.number,
      name: this.#name,
      traceId,
      spanId,
      ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
      isParentRemote: parent?.isRemote === true,
      spanKind: KINDS[options.kind ?? 0] ?? 'internal',
      startUs: this.#startUs,
      endUs,
      startStep: this.#startStep,
      attributes: this.#attributes,
      events: this.#events,
      links: this.#links,
      status: this.#status,
      scope,
      ...(this.#cause === undefined ? {} : { cause: this.#cause }),
    };
  }
}

function isTimeInput(value: unknown): value is TimeInput {
  return typeof value === 'number' || value instanceof Date || Array.isArray(value);
}

function attributesOf(given: GivenAttributes | undefined): SpanEntry['attributes'] {
  const attributes: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(given ?? {})) {
    const known = attributeOf(value);
    if (known !== undefined) attributes[key] = known;
  }
  return attributes;
}

/** A copy of a value that later changes do not reach; undefined for what is none of an attribute. */
function attributeOf(value: unknown): AttributeValue | undefined {
  if (Array.isArray(value)) return value.map((each) => (isPlain(each) ? each : null));
  return isPlain(value) ? value : undefined;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
