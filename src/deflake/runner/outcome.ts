// What came of one test in one run.

import { errorText } from '../../engine/call-site.ts';

/** `unrun`: it was skipped, is to be done, or was not among those that the run is about. */
export interface Outcome {
  readonly verdict: 'passed' | 'failed' | 'unrun';
  /** Of a failure: the message, in one line or a few. */
  readonly message?: string;
  /** Of a failure: the frames of its stack. */
  readonly stack?: readonly string[];
}

export const PASSED: Outcome = { verdict: 'passed' };
export const UNRUN: Outcome = { verdict: 'unrun' };

/** How many frames of a stack are kept. */
const FRAMES_MAX = 12;

/** The outcome of a test that threw. */
export function failedWith(error: unknown): Outcome {
  const lines = plain(errorText(error)).split('\n');
  const isFrame = (line: string): boolean => /^\s+at /.test(line);
  const firstFrame = lines.findIndex(isFrame);
  const message = (firstFrame === -1 ? lines : lines.slice(0, firstFrame)).join('\n').trim();
  return {
    verdict: 'failed',
    message: message === '' ? 'it failed without a message' : message,
    stack: lines
      .filter(isFrame)
      .slice(0, FRAMES_MAX)
      .map((line) => line.trim()),
  };
}

/** Without the colours that assertion libraries put in. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape sequences of terminals begin with one
  return text.replaceAll(/\u001b\[[\d;]*m/g, '');
}
