// Forms as bodies of requests and responses. From Node.js 24 on, what separates the parts of a form is drawn
// by a function that no patch reaches: so on a host a form becomes a blob, separated by the host's own
// randomness.

import type { HostContext } from './context.ts';
import { type Patch, patchValue } from './patch.ts';
import { drawInteger } from './random-values.ts';
import { currentHost } from './registry.ts';

/** Patches `Request`; what patches `Response` calls {@link bodyOf}. */
export function formBodyPatches(): Patch[] {
  const patched: typeof Request = new Proxy(Request, {
    construct(target, args: unknown[], newTarget) {
      const init = args[1] as { body?: unknown } | null | undefined;
      const isForm = init?.body instanceof FormData;
      const given = isForm ? [args[0], { ...init, body: bodyOf(init.body) }] : args;
      // With the proxy as its new.target, V8 would give each request a hidden class of its own.
      return Reflect.construct(target, given, newTarget === patched ? target : newTarget) as object;
    },
  });
  return [
    patchValue('Request', globalThis, 'Request', patched),
    patchValue('Request.prototype.constructor', Request.prototype, 'constructor', patched),
  ];
}

/**
 * The body to construct a request or a response with.
 *
 * Determinism: one draw, as Node.js makes it, or two.
 */
export function bodyOf(body: unknown): unknown {
  const host = body instanceof FormData ? currentHost() : undefined;
  return host === undefined ? body : blobOf(body as FormData, host);
}

function blobOf(form: FormData, host: HostContext): Blob {
  const boundary = `----formdata-undici-${String(drawInteger(host, 1e11)).padStart(11, '0')}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(crlf(name))}"`;
    if (typeof value === 'string') parts.push(`${head}\r\n\r\n${crlf(value)}\r\n`);
    else {
      const type = value.type === '' ? 'application/octet-stream' : value.type;
      const filename = value.name === '' ? '' : `; filename="${escaped(value.name)}"`;
      parts.push(`${head}${filename}\r\nContent-Type: ${type}\r\n\r\n`, value, '\r\n');
    }
  }
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
}

function escaped(text: string): string {
  return text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}

function crlf(text: string): string {
  return text.replace(/\r?\n|\r/g, '\r\n');
}
