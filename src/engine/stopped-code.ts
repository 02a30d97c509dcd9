// Cleans up after code that was stopped by force: no `finally` of it ran, neither of Node.js' own code
// around it.

// Taken before anything is patched: the stopped code may have been a host's, and its context still be there.
const hasCapture = process.hasUncaughtExceptionCaptureCallback.bind(process);
const setCapture = process.setUncaughtExceptionCaptureCallback.bind(process);

/**
 * Leaves the current macrotask, in which code was stopped, for a sound one.
 *
 * The stopped code entered asynchronous scopes and never left them; Node.js aborts the process when the
 * macrotask ends with such a stack. It empties the stack when an exception is uncaught: so one is thrown,
 * and caught here.
 *
 * @param next - Called at the end of the macrotask.
 */
export function leaveStoppedCode(stopped: unknown, next: () => void): void {
  if (hasCapture()) {
    // Somebody else's; nothing better can be done than to hope that there was no scope.
    next();
    return;
  }
  setCapture(() => {
    setCapture(null);
    next();
  });
  throw stopped;
}
