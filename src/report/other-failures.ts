// The failures of other kinds that an exploration found, in a line or two each.

import type { OtherFailureReport } from './document.ts';
import { BLANK, lineOf, type StoryLine } from './story.ts';
import { visibleLines, visibleText } from './visible-text.ts';

const MESSAGE_MAX = 120;

/** What failed besides, with the line that replays each; nothing where there is nothing. */
export function otherFailureLines(
  others: readonly Pick<OtherFailureReport, 'code' | 'message' | 'runs' | 'replayLine'>[],
): StoryLine[] {
  return others.flatMap(({ code, message, runs, replayLine }) => [
    BLANK,
    lineOf('where', `  also failed, ${runs} ${runs === 1 ? 'run' : 'runs'}: ${code}: ${firstLine(message)}`),
    { part: 'replay', spans: [{ text: '    replay: ' }, { text: visibleText(replayLine), role: 'command' }] },
  ]);
}

function firstLine(message: string): string {
  const [line = ''] = visibleLines(message);
  return line.length > MESSAGE_MAX ? `${line.slice(0, MESSAGE_MAX)}...` : line;
}
