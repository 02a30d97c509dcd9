// Adds a line to what an error says, wherever it is read: in its message, and in its stack.

/** Adds the line below the message. Anything but an error, and no note, is left as it is. */
export function withNote(error: unknown, note: string | undefined): unknown {
  if (!(error instanceof Error) || note === undefined) return error;
  const { message, stack } = error;
  const value = `${message}\n  ${note}`;
  Object.defineProperty(error, 'message', { value, configurable: true, writable: true });
  const noted = stack?.replace(message, () => value);
  if (noted !== undefined)
    Object.defineProperty(error, 'stack', { value: noted, configurable: true, writable: true });
  return error;
}
