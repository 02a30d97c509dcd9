// Errors as data: what ended an exploration in another process is thrown here as what it was.

import { DivergenceError, EnvironmentError, EscapeError, OptionError } from '../errors.ts';

/** An error as data. */
export interface ErrorData {
  readonly message: string;
  readonly stack: string | undefined;
  /** Everything else that it has of its own and that is plain: name, code, seed and so on. */
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** The classes that somebody may ask for. */
const KINDS: Readonly<Record<string, { readonly prototype: Error }>> = {
  WT_DIVERGED: DivergenceError,
  WT_ESCAPE: EscapeError,
  WT_OPTION: OptionError,
  WT_ENVIRONMENT: EnvironmentError,
};

/** Writes an error as data; its cause is left out. */
export function errorData(error: Error): ErrorData {
  const fields: Record<string, string | number | boolean> = { name: error.name };
  for (const key of Object.getOwnPropertyNames(error)) {
    const value: unknown = (error as unknown as Record<string, unknown>)[key];
    if (key === 'message' || key === 'stack') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      fields[key] = value;
    }
  }
  return { message: error.message, stack: error.stack, fields };
}

/** The error again, of its class where that is one of wavetank's. */
export function revivedError({ message, stack, fields }: ErrorData): Error {
  const error = new Error(message);
  const kind = KINDS[String(fields.code)];
  if (kind !== undefined) Object.setPrototypeOf(error, kind.prototype);
  const own = stack === undefined ? fields : { ...fields, stack };
  for (const [key, value] of Object.entries(own)) {
    const enumerable = key !== 'name' && key !== 'stack';
    Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
  }
  return error;
}
