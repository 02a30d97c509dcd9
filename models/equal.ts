// Whether two values of a model are the same: plain data, compared by content.

/** Compares plain data: primitives, arrays, objects, maps and sets of primitives. */
export function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return Number.isNaN(left) && Number.isNaN(right);
  }
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((each, i) => isEqual(each, right[i]));
  }
  if (left instanceof Map) {
    if (!(right instanceof Map) || left.size !== right.size) return false;
    return [...left].every(([key, value]) => right.has(key) && isEqual(value, right.get(key)));
  }
  if (left instanceof Set) {
    return right instanceof Set && left.size === right.size && [...left].every((each) => right.has(each));
  }
  if (Array.isArray(right) || right instanceof Map || right instanceof Set) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isEqual(get(left, key), get(right, key)));
}

function get(from: object, key: string): unknown {
  return (from as Readonly<Record<string, unknown>>)[key];
}
