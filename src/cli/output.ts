// What the command line prints: colour and a moving progress line on a terminal, plain lines elsewhere.

import type { Output } from '../report/reporters/reporter.ts';

interface Terminal {
  readonly isTTY?: boolean;
  write(content: string | Uint8Array): unknown;
}

/** Colours only on a terminal, and never where `NO_COLOR` is set (no-color.org). */
export function createOutput(terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Output {
  const isTerminal = terminal.isTTY === true;
  const hasColour = isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const paint = (code: number) => (text: string) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let isProgressShown = false;
  const clear = (): void => {
    if (isProgressShown) terminal.write('\r\u001b[2K');
    isProgressShown = false;
  };
  return {
    isTerminal,
    print(content) {
      clear();
      terminal.write(content);
    },
    progress(text) {
      if (!isTerminal) return;
      clear();
      terminal.write(text);
      isProgressShown = true;
    },
    bold: paint(1),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    dim: paint(2),
  };
}
