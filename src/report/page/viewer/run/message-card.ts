// A message in full: what became of it, how long it took, its headers and its body.

import type { Bytes, MessageContent, SentEntry } from '../../../../history/trace.ts';
import { element } from '../element.ts';
import { messageName } from '../../../trace-words.ts';
import { duration, fateOf, isLost, moment } from './event-text.ts';
import type { RunModel } from './run-model.ts';

/** More of a body is shown on demand. */
const SHOWN_MAX = 4000;
const HEX_MAX = 256;

/** Builds the card of a message, named by the place where it was sent. */
export function messageCard(model: RunModel, sent: number): HTMLElement {
  const entry = model.trace[sent] as SentEntry;
  const arrival = model.arrivalOf[sent] ?? -1;
  const copy = model.copyOf[sent] ?? -1;
  const fate = fateOf(entry);
  const kind = isLost(entry) ? 'lost' : fate === '' ? 'plain' : 'late';
  return element(
    'article',
    { class: `message-card fate-${kind}` },
    element(
      'h4',
      {},
      element('bdi', {}, messageName(entry, entry.status)),
      fate !== '' && element('span', { class: 'fate' }, fate),
    ),
    element(
      'p',
      { class: 'route' },
      element('bdi', {}, entry.from),
      isLost(entry) ? ' ⇥ ' : ' → ',
      element('bdi', {}, entry.to),
      ` · ${travel(model, entry, arrival)}`,
      copy >= 0 && ` · again at ${moment(model.trace[copy]?.atUs ?? 0)} ms`,
    ),
    contentOf(entry.content),
  );
}

function travel(model: RunModel, entry: SentEntry, arrival: number): string {
  const sent = `sent at ${moment(entry.atUs)} ms`;
  if (arrival < 0) return `${sent}, ${isLost(entry) ? 'never arrives' : 'not there when the run ended'}`;
  const atUs = model.trace[arrival]?.atUs ?? 0;
  return `${sent}, there at ${moment(atUs)} ms (${duration(atUs - entry.atUs)})`;
}

function contentOf(content: MessageContent | undefined): HTMLElement | undefined {
  if (content === undefined) return undefined;
  const { headers = [], body } = content;
  return element(
    'div',
    { class: 'content' },
    headers.length > 0 &&
      element(
        'dl',
        { class: 'headers' },
        ...headers.flatMap(([name, value]) => [
          element('dt', {}, element('bdi', {}, name)),
          element('dd', {}, element('bdi', {}, value)),
        ]),
      ),
    body !== undefined && bodyOf(body),
  );
}

function bodyOf(body: Bytes): HTMLElement {
  const { text, base64, byteLength } = body;
  if (byteLength === 0) return element('p', { class: 'quiet-text' }, 'no body');
  if (text !== undefined) return longText(pretty(text), byteLength, text);
  return element(
    'pre',
    { class: 'body', tabindex: 0 },
    base64 === undefined ? '' : hexOf(base64, byteLength),
  );
}

/** A text of which the beginning is shown, and a button for the rest. */
function longText(shown: string, byteLength: number, text: string): HTMLElement {
  const pre = element('pre', { class: 'body', tabindex: 0 }, shown.slice(0, SHOWN_MAX));
  // What was cut when the report was made cannot be shown.
  const isCut = new TextEncoder().encode(text).length < byteLength;
  const rest = shown.length - SHOWN_MAX;
  const cut = isCut ? ', of which this is the beginning' : '';
  const size = `${byteLength.toLocaleString('en-US')} bytes${cut}`;
  const note = element('p', { class: 'quiet-text' }, size);
  if (rest > 0) {
    const more = element('button', { type: 'button', class: 'quiet' }, 'Show all');
    more.addEventListener('click', () => {
      pre.replaceWith(element('pre', { class: 'body', tabindex: 0 }, shown));
      more.remove();
    });
    note.append(' ', more);
  }
  return element('div', {}, pre, (rest > 0 || isCut || byteLength > 200) && note);
}

/** JSON with indents; other text as it is. */
function pretty(text: string): string {
  if (!/^\s*[[{]/.test(text) || text.length > 100_000) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function hexOf(base64: string, byteLength: number): string {
  let bytes: string;
  try {
    bytes = atob(base64.slice(0, Math.ceil(HEX_MAX / 3) * 4));
  } catch {
    return base64;
  }
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += 16) {
    const part = Array.from(bytes.slice(i, i + 16), (byte) => byte.charCodeAt(0));
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${i.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  const rest = byteLength - bytes.length;
  if (rest > 0) lines.push(`... and ${rest.toLocaleString('en-US')} more bytes`);
  return lines.join('\n');
}
