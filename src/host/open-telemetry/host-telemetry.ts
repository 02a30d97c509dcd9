// What a host finds registered with OpenTelemetry's API where a scenario says `openTelemetry: true`: a tracer
// provider, a context manager and a propagator. Ids and times are those of the simulation, and everything
// happens whether or not the run is recorded: only then are spans kept.

import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type {
  Context,
  ContextManager,
  Span,
  SpanContext,
  SpanOptions,
  Tracer,
  TracerProvider,
} from '@opentelemetry/api';
import { letReplace } from '../../ambient/open-telemetry.ts';
import { combine32, hashString } from '../../random/hash.ts';
import type { Incarnation } from '../incarnation.ts';
import type { Api } from './load-api.ts';
import { OwnSpan } from './own-span.ts';
import { TraceContextPropagator } from './propagator.ts';

const SAMPLED = 1;
const contexts = new AsyncLocalStorage<Context>();

/** Follows contexts no more: that costs every promise of the process a little. */
export function endTelemetry(): void {
  contexts.disable();
}

/** OpenTelemetry on one incarnation. */
export class HostTelemetry implements TracerProvider {
  readonly api: Api;
  readonly incarnation: Incarnation;
  readonly #key: number;
  #idsTaken = 0;

  constructor(incarnation: Incarnation, api: Api) {
    this.api = api;
    this.incarnation = incarnation;
    const { machine, number } = incarnation;
    this.#key = combine32(machine.park.seed, hashString(`OpenTelemetry ${machine.name}/${number}`));
  }

  /** Registers with the API, as an SDK does; called in the context of the host. */
  register(): void {
    const { trace, context, propagation } = this.api;
    trace.setGlobalTracerProvider(this);
    context.setGlobalContextManager(new HostContexts(this.api));
    propagation.setGlobalPropagator(new TraceContextPropagator(this.api));
    letReplace(this.incarnation);
  }

  getTracer(name: string, version?: string): Tracer {
    return new HostTracer(this, version === undefined ? { name } : { name, version });
  }

  /** The span that is active in the code that runs, if it is one of this host. */
  get activeSpanId(): string | undefined {
    const active = contexts.getStore();
    const span = active === undefined ? undefined : this.api.trace.getSpan(active);
    return span instanceof OwnSpan && span.incarnation === this.incarnation
      ? span.spanContext().spanId
      : undefined;
  }

  /** Makes an id that no other of the run is. @param words - Of 32 bits. */
  nextId(words: number): string {
    const nth = ++this.#idsTaken;
    return Array.from({ length: words }, (_, i) => {
      const word = combine32(combine32(this.#key, nth), i) >>> 0;
      // An id of zeros is none.
      return (word === 0 ? 1 : word).toString(16).padStart(8, '0');
    }).join('');
  }
}

/** Makes spans, all of which are sampled but those of a parent that is not: what SDKs do by default. */
class HostTracer implements Tracer {
  readonly #telemetry: HostTelemetry;
  readonly #scope: { readonly name: string; readonly version?: string };

  constructor(telemetry: HostTelemetry, scope: { name: string; version?: string }) {
    this.#telemetry = telemetry;
    this.#scope = scope;
  }

  startSpan(name: string, options: SpanOptions = {}, context?: Context): Span {
    const { api } = this.#telemetry;
    const around = context ?? api.context.active();
    const found = options.root === true ? undefined : api.trace.getSpanContext(around);
    const parent = found !== undefined && api.isSpanContextValid(found) ? found : undefined;
    const traceId = parent?.traceId ?? this.#telemetry.nextId(4);
    const spanContext: SpanContext = {
      traceId,
      spanId: this.#telemetry.nextId(2),
      traceFlags: SAMPLED,
      ...(parent?.traceState === undefined ? {} : { traceState: parent.traceState }),
    };
    if (parent !== undefined && (parent.traceFlags & SAMPLED) === 0)
      return api.trace.wrapSpanContext({ ...spanContext, traceFlags: 0 });
    return new OwnSpan(this.#telemetry, { name, options, parent, spanContext, scope: this.#scope });
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as the interface has it
  startActiveSpan<Result>(name: string, ...rest: unknown[]): Result {
    const { api } = this.#telemetry;
    const act = rest.pop() as (span: Span) => Result;
    const [options, context = api.context.active()] = rest as [SpanOptions?, Context?];
    const span = this.startSpan(name, options, context);
    return api.context.with(api.trace.setSpan(context, span), () => act(span));
  }
}

/** Follows contexts through every await, as the context manager of an SDK does. */
class HostContexts implements ContextManager {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  active(): Context {
    return contexts.getStore() ?? this.#api.ROOT_CONTEXT;
  }

  with<Args extends unknown[], Act extends (...args: Args) => ReturnType<Act>>(
    context: Context,
    act: Act,
    self?: ThisParameterType<Act>,
    ...args: Args
  ): ReturnType<Act> {
    return contexts.run(context, () => Reflect.apply(act, self, args));
  }

  bind<Target>(context: Context, target: Target): Target {
    if (typeof target === 'function') {
      const bound = function (this: unknown, ...args: unknown[]): unknown {
        return contexts.run(context, () => Reflect.apply(target, this, args) as unknown);
      };
      return Object.defineProperty(bound, 'length', { value: target.length, configurable: true }) as Target;
    }
    if (target instanceof EventEmitter) target.emit = this.bind(context, target.emit.bind(target));
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}
