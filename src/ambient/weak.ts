// `WeakRef` and `FinalizationRegistry`: when garbage is collected is chance, and that it never is, is legal.
// So on a host a reference keeps its target as long as it lives itself, and no callback ever comes.

import { type AnyFunction, type Patch, dispatch, patchMethod, patchValue, refuseAsNode } from './patch.ts';
import { currentHost } from './registry.ts';

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

/** Lives as long as the reference: a target that refers back to it can be collected with it. */
function holdingWeakRef(real: WeakRefConstructor): WeakRefConstructor {
  const targets = new WeakMap<object, unknown>();
  const patched: WeakRefConstructor = new Proxy(real, {
    construct(target, args: [WeakKey], newTarget) {
      const reference = Reflect.construct(target, args, newTarget === patched ? target : newTarget) as object;
      if (currentHost() !== undefined) targets.set(reference, args[0]);
      return reference;
    },
  });
  return patched;
}

/** Lets Node.js judge the arguments, with a registry that nobody has, and registers nothing. */
function register(
  original: AnyFunction,
  tokens: WeakMap<object, WeakSet<WeakKey>>,
  self: unknown,
  args: unknown[],
): void {
  const [target, held, token] = args;
  if (!(self instanceof FinalizationRegistry)) refuseAsNode(original, self, args);
  const judge = new FinalizationRegistry(() => {});
  Reflect.apply(original, judge, [target, held, token]);
  if (token === undefined) return;
  judge.unregister(token as WeakKey);
  let known = tokens.get(self);
  if (known === undefined) tokens.set(self, (known = new WeakSet()));
  known.add(token as WeakKey);
}
