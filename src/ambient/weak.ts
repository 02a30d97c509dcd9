// `WeakRef` and `FinalizationRegistry`: when garbage is collected is chance, and that it never is, is legal.
// So on a host a reference keeps its target as long as it lives itself, and no callback ever comes.

import { type AnyFunction, type Patch, dispatch, patchMethod, patchValue, refuseAsNode } from './patch.ts';
import { currentHost } from './registry.ts';

const nobodys = new FinalizationRegistry(() => {});
const forget = Reflect.get(FinalizationRegistry.prototype, 'unregister') as AnyFunction;

/** Patches `WeakRef`, and `register` and `unregister` of `FinalizationRegistry`. */
export function weakPatches(): Patch[] {
  const Patched = holdingWeakRef(WeakRef);
  const tokens = new WeakMap<object, WeakSet<WeakKey>>();
  const { prototype } = FinalizationRegistry;
  return [
    patchValue('WeakRef', globalThis, 'WeakRef', Patched),
    patchValue('WeakRef.prototype.constructor', WeakRef.prototype, 'constructor', Patched),
    patchMethod('FinalizationRegistry.prototype.register', prototype, 'register', (original) =>
      dispatch(original, (_, args, self) => register(original, tokens, self, args)),
    ),
    patchMethod('FinalizationRegistry.prototype.unregister', prototype, 'unregister', (original) =>
      dispatch(original, (_, args, self) => {
        const wasReal = Reflect.apply(original, self, args) as boolean;
        return (tokens.get(self as object)?.delete(args[0] as WeakKey) ?? false) || wasReal;
      }),
    ),
  ];
}

/** Keeps its target as long as it lives itself; if that refers back, both are collected together. */
class Holding extends WeakRef<WeakKey> {
  readonly #target: WeakKey;

  constructor(target: WeakKey) {
    super(target);
    this.#target = target;
    void this.#target; // Nobody reads it: that it is there keeps the target.
  }
}

function holdingWeakRef(real: WeakRefConstructor): WeakRefConstructor {
  const patched: WeakRefConstructor = new Proxy(real, {
    construct(target, args, newTarget) {
      const maker = currentHost() === undefined ? target : Holding;
      return Reflect.construct(maker, args, newTarget === patched ? target : newTarget) as object;
    },
  });
  return patched;
}

/** Refuses what Node.js refuses, remembers tokens, and registers nothing. */
function register(
  original: AnyFunction,
  tokens: WeakMap<object, WeakSet<WeakKey>>,
  self: unknown,
  args: unknown[],
): void {
  const [target, held, token] = args;
  if (!(self instanceof FinalizationRegistry)) refuseAsNode(original, self, args);
  const isSound = isObject(target) && target !== held && (token === undefined || isObject(token));
  if (!isSound) judge(original, args);
  if (token === undefined) return;
  let known = tokens.get(self);
  if (known === undefined) tokens.set(self, (known = new WeakSet()));
  known.add(token as WeakKey);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' ? value !== null : typeof value === 'function';
}

/** Lets Node.js judge arguments that it may refuse, with a registry that nobody has. */
function judge(original: AnyFunction, [target, held, token]: unknown[]): void {
  // It must forget it again: a target that is no token is taken for one, and what is wrong is refused.
  const judged = token === undefined ? target : token;
  Reflect.apply(original, nobodys, [target, held, judged]);
  Reflect.apply(forget, nobodys, [judged]);
}
