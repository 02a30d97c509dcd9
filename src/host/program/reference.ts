// What a bundle leaves outside: packages, built-in modules, and what could not be found. Each is named by a
// text that stands in the bundle as its specifier.

/**
 * `import` and `require`: a file of a package, by its path, and how it is loaded; `interop`: one that is
 * required, for a module whose `import`s the compiler would make calls of `require`. `builtin`: a module of
 * Node.js. `provided`: what is given to each incarnation. `missing`: found nowhere, which matters when it is
 * asked for.
 */
export type ReferenceKind = 'import' | 'require' | 'interop' | 'builtin' | 'provided' | 'missing';

/** Something outside of a bundle. */
export interface Reference {
  readonly kind: ReferenceKind;
  /** An absolute path, or the specifier of a built-in module or of what is missing. */
  readonly target: string;
}

const PREFIX = 'wavetank:';

/** The specifier that stands for it in the bundle. */
export function specifierOf({ kind, target }: Reference): string {
  return `${PREFIX}${kind}:${target}`;
}

/** Reads a specifier of a bundle; undefined if it is none of ours. */
export function referenceOf(specifier: string): Reference | undefined {
  if (!specifier.startsWith(PREFIX)) return undefined;
  const rest = specifier.slice(PREFIX.length);
  const at = rest.indexOf(':');
  return { kind: rest.slice(0, at) as ReferenceKind, target: rest.slice(at + 1) };
}

/** The specifier that stands for a built-in module, with or without its `node:`. */
export function builtinSpecifier(name: string): string {
  return specifierOf({ kind: 'builtin', target: name.startsWith('node:') ? name : `node:${name}` });
}
