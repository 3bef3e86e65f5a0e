import { expect, test } from 'vitest';
import { hasColour, openColours, showsLinks } from '../../../src/cli/output/colour.ts';

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

test.each<[env: Record<string, string>, isShown: boolean]>([
  [{}, false],
  [{ TERM: 'xterm-256color' }, false],
  [{ TERM: 'xterm-kitty' }, true],
  [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, true],
  [{ VTE_VERSION: '4800' }, false],
  [{ TERM_PROGRAM: 'iTerm.app' }, true],
  [{ TERM_PROGRAM: 'Apple_Terminal' }, false],
  [{ WT_SESSION: 'x' }, true],
  [{ WT_SESSION: 'x', TERM: 'dumb' }, false],
  [{ FORCE_HYPERLINK: '1', TERM: 'dumb' }, true],
  [{ FORCE_HYPERLINK: '0', WT_SESSION: 'x' }, false],
])('links with %j: %s', (env, isShown) => {
  expect(showsLinks(env)).toBe(isShown);
});
