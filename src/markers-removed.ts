// What `wavetank/markers` is under the export condition `production`: empty functions, which bundlers inline,
// so that nothing is left of a marker, nor of what stands behind `if (buggify(...))`.

/** Does nothing. */
export function sometimes(_name: string, _condition?: boolean): void {}
/** Does nothing. */
export function reachable(_name: string): void {}
/** Does nothing. */
export function unreachable(_name: string): void {}
/** Does nothing. */
export function always(_name: string, _condition: boolean): void {}
/** Is never true: an empty function, too, because bundlers inline no other. */
export function buggify(_name: string, _probability?: number): undefined {}
