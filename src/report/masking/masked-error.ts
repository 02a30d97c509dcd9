// An error of the system under test as it may be thrown on: test runners print what they are given.

import { shownValue } from '../shown-value.ts';
import type { Mask } from './mask.ts';

/** The error itself where nothing in it is secret; else one that has its name, code, message and stack. */
export function maskedError(error: unknown, mask: Mask): unknown {
  const shown = shownValue(error);
  const isStackMasked = error instanceof Error && mask.text(error.stack ?? '') !== (error.stack ?? '');
  if (!isStackMasked && JSON.stringify(mask.value(shown)) === JSON.stringify(shown)) return error;
  if (!(error instanceof Error)) return mask.value(shown);
  const { name, message, stack, cause } = error;
  const masked = new Error(mask.text(message));
  const { code } = error as { code?: unknown };
  Object.assign(masked, { name, ...(typeof code === 'string' ? { code } : {}) });
  Object.defineProperty(masked, 'stack', { value: mask.text(stack ?? ''), configurable: true });
  if (cause !== undefined) {
    Object.defineProperty(masked, 'cause', { value: maskedError(cause, mask), configurable: true });
  }
  return masked;
}
