// Numbers as a reader sees them. The same everywhere, whatever the language of the browser.

/** `12,345`; at most two digits after the point. */
export function numberText(value: number): string {
  if (!(Math.abs(value) < 1e15)) return String(value);
  const [whole = '', fraction] = String(Math.round(Math.abs(value) * 100) / 100).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `1 run`, `2,000 runs`. */
export function countOf(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Milliseconds in a unit that fits: `0.4 ms`, `812 ms`, `2.41 s`, `12 min 5 s`, `3 h 2 min`. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${numberText(ms)} ms`;
  if (ms < 60_000) return `${numberText(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${numberText(Math.floor(seconds / 3600))} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** A part of a whole: `0 %`, `0.4 %`, `12 %`. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (part / whole) * 100;
  return `${percent > 0 && percent < 0.1 ? '< 0.1' : numberText(Math.round(percent * 10) / 10)} %`;
}
