import { expect, test } from 'vitest';
import { hasColour, openColours } from '../../../src/cli/output/colour.ts';

test.each<[env: Record<string, string>, noColor: boolean, onTerminal: boolean, inFile: boolean]>([
  [{}, false, true, false],
  [{ TERM: 'xterm-256color' }, false, true, false],
  [{ TERM: 'dumb' }, false, false, false],
  [{ NO_COLOR: '1' }, false, false, false],
  [{ NO_COLOR: '0' }, false, false, false],
  [{ NO_COLOR: '' }, false, true, false],
  [{ FORCE_COLOR: '1' }, false, true, true],
  [{ FORCE_COLOR: '0' }, false, false, false],
  [{ FORCE_COLOR: 'false' }, false, false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true, true],
  [{ FORCE_COLOR: '1', TERM: 'dumb' }, false, true, true],
  [{}, true, false, false],
  [{ FORCE_COLOR: '1' }, true, false, false],
])('with %j and --no-color %s, colour on a terminal is %s, in a file %s', (env, noColor, onTerminal, inFile) => {
  const streams = [{ isTTY: true }, { isTTY: false }, {}];
  expect(streams.map((stream) => hasColour(stream, { env, noColor }))).toEqual([onTerminal, inFile, inFile]);
});

test('colours are the basic ones, or none', async () => {
  const [some, none] = [await openColours(true), await openColours(false)];
  const paint = ({ red, yellow, dim, bold }: typeof some) => [red('x'), yellow('x'), dim('x'), bold('x')].join(' ');
  expect(paint(some)).toBe('\u001B[31mx\u001B[39m \u001B[33mx\u001B[39m \u001B[2mx\u001B[22m \u001B[1mx\u001B[22m');
  expect(paint(none)).toBe('x x x x');
});
