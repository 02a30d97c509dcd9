import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput } from '../../src/cli/output.ts';
import type { Output } from '../../src/report/reporters/reporter.ts';

function outputOf(options: { isTTY?: boolean; env?: Record<string, string> } = {}): {
  output: Output;
  written: string[];
} {
  const written: string[] = [];
  const { isTTY, env = {} } = options;
  const terminal = { write: (text: string) => written.push(text), ...(isTTY === undefined ? {} : { isTTY }) };
  return { output: createOutput(terminal, env), written };
}

test('a terminal gets colours', () => {
  const { output } = outputOf({ isTTY: true });
  assert.equal(output.isTerminal, true);
  assert.deepEqual(
    [output.red('x'), output.green('x'), output.bold('x'), output.dim('x')],
    ['\u001b[31mx\u001b[0m', '\u001b[32mx\u001b[0m', '\u001b[1mx\u001b[0m', '\u001b[2mx\u001b[0m'],
  );
});

test('no colours where NO_COLOR is set, on a dumb terminal, and where there is no terminal', () => {
  for (const options of [
    { isTTY: true, env: { NO_COLOR: '1' } },
    { isTTY: true, env: { TERM: 'dumb' } },
    { isTTY: false },
    {},
  ]) {
    const { output } = outputOf(options);
    assert.deepEqual(
      [output.red('x'), output.green('x'), output.bold('x'), output.dim('x')],
      ['x', 'x', 'x', 'x'],
    );
  }
  const { output } = outputOf({ isTTY: true, env: { NO_COLOR: '' } });
  assert.notEqual(output.red('x'), 'x', 'an empty NO_COLOR says nothing');
});

test('a progress line is replaced by the next one, and by what is printed', () => {
  const { output, written } = outputOf({ isTTY: true });
  output.progress('1 run');
  output.progress('2 runs');
  output.print('passed\n');
  output.print('the end\n');
  const clear = '\r\u001b[2K';
  assert.deepEqual(written, ['1 run', clear, '2 runs', clear, 'passed\n', 'the end\n']);
});

test('where there is no terminal, progress is not shown and lines are plain', () => {
  const { output, written } = outputOf();
  output.progress('1 run');
  output.print('passed\n');
  assert.deepEqual(written, ['passed\n']);
});
