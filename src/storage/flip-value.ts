// A bit of a stored value, turned over: what a disk without checksums gives back one day.

/**
 * Flips one bit of one of the texts, numbers, bytes or booleans in a value. Objects are changed in place; a
 * value that has none of these stays as it is.
 */
export function flipValue(value: unknown, bit: number): unknown {
  const box = { value };
  const leaves: Leaf[] = [];
  collect(box, 'value', leaves);
  const leaf = leaves[bit % Math.max(1, leaves.length)];
  if (leaf !== undefined) leaf.put(flipped(leaf.value, Math.floor(bit / leaves.length)));
  return box.value;
}

interface Leaf {
  readonly value: unknown;
  put(value: unknown): void;
}

function collect(holder: object, key: PropertyKey, leaves: Leaf[]): void {
  const value: unknown = Reflect.get(holder, key);
  const isEmpty = value === '' || (ArrayBuffer.isView(value) && value.byteLength === 0);
  if (['string', 'number', 'boolean'].includes(typeof value) || ArrayBuffer.isView(value)) {
    if (!isEmpty) leaves.push({ value, put: (next) => Reflect.set(holder, key, next) });
  } else if (Array.isArray(value) || isPlain(value)) {
    for (const own of Object.keys(value)) collect(value, own, leaves);
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function flipped(value: unknown, bit: number): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') {
    const at = Math.floor(bit / 4) % value.length;
    const letter = String.fromCharCode(value.charCodeAt(at) ^ (1 << (bit % 4)));
    return value.slice(0, at) + letter + value.slice(at + 1);
  }
  if (typeof value === 'number') {
    // The low bits, so that a count stays a count.
    if (Number.isSafeInteger(value)) return value ^ (1 << (bit % 8));
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    view.setUint8(2 + (bit % 6), view.getUint8(2 + (bit % 6)) ^ 1);
    return view.getFloat64(0);
  }
  const { buffer, byteOffset, byteLength } = value as ArrayBufferView;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const at = Math.floor(bit / 8) % byteLength;
  bytes[at] = (bytes[at] as number) ^ (1 << (bit % 8));
  return value;
}
