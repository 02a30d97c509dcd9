// Integer hashes: the base of every keyed draw and of the rolling trace hash. Exact on every platform,
// because they use 32-bit integer arithmetic only.

/** Mixes the bits of a 32-bit integer (the finalizer of MurmurHash3, Austin Appleby, 2011). */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Combines two 32-bit integers into one; the order of the arguments matters. */
export function combine32(left: number, right: number): number {
  return mix32(Math.imul(left, 0x9e3779b1) ^ (right + 0x7f4a7c15));
}

/** Hashes a string to 32 bits (FNV-1a over UTF-16 code units, then mixed). */
export function hashString(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h ^ text.length);
}

/** Hashes bytes to 32 bits (FNV-1a, then mixed). */
export function hashBytes(bytes: Uint8Array): number {
  return hashParts([bytes]);
}

/** Hashes bytes that lie in several parts: the same wherever they were cut. */
export function hashParts(parts: readonly Uint8Array[]): number {
  let h = 0x811c9dc5;
  let length = 0;
  for (const bytes of parts) {
    for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ (bytes[i] as number), 0x01000193);
    length += bytes.length;
  }
  return mix32(h ^ length);
}

/** Hashes the UTF-8 bytes of a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return hashBytes(new TextEncoder().encode(text));
    h = Math.imul(h ^ unit, 0x01000193);
  }
  return mix32(h ^ text.length);
}
