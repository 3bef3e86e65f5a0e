import { expect, test } from 'vitest';
import { resolveConfig } from '../../../src/config.ts';
import { findColour, hasColour, openColours, resolveColour, showsLinks } from '../../../src/cli/output/colour.ts';

test.each<[env: Record<string, string>, color: 'auto' | 'always' | 'never', onTerminal: boolean, inFile: boolean]>([
  [{}, 'auto', true, false],
  [{ TERM: 'xterm-256color' }, 'auto', true, false],
  [{ TERM: 'dumb' }, 'auto', false, false],
  [{ NO_COLOR: '1' }, 'auto', false, false],
  [{ NO_COLOR: '0' }, 'auto', false, false],
  [{ NO_COLOR: '' }, 'auto', true, false],
  [{ FORCE_COLOR: '1' }, 'auto', true, true],
  [{ FORCE_COLOR: '0' }, 'auto', false, false],
  [{ FORCE_COLOR: 'false' }, 'auto', false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, 'auto', true, true],
  [{ FORCE_COLOR: '1', TERM: 'dumb' }, 'auto', true, true],
  [{}, 'never', false, false],
  [{ FORCE_COLOR: '1' }, 'never', false, false],
  [{}, 'always', true, true],
  [{ NO_COLOR: '1', TERM: 'dumb' }, 'always', true, true],
])('with %j and --color %s, colour on a terminal is %s, in a file %s', (env, color, onTerminal, inFile) => {
  const streams = [{ isTTY: true }, { isTTY: false }, {}];
  expect(streams.map((stream) => hasColour(stream, { env, color }))).toEqual([onTerminal, inFile, inFile]);
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

test.each<[flags: Record<string, string | true>, env: Record<string, string>, color: string]>([
  [{}, {}, 'auto'],
  [{ color: 'always' }, {}, 'always'],
  [{ 'no-color': true }, {}, 'never'],
  [{ 'no-color': true }, { CCT_COLOR: 'always' }, 'never'],
  [{ color: 'always' }, { CCT_NO_COLOR: '1' }, 'always'],
  [{ color: 'auto' }, { CCT_NO_COLOR: '1' }, 'auto'],
  [{}, { CCT_COLOR: 'always', CCT_NO_COLOR: '1' }, 'never'],
  [{}, { CCT_COLOR: 'always', CCT_NO_COLOR: '0' }, 'always'],
])('of flags %j and variables %j, the nearer one counts: %s', (flags, env, color) => {
  expect(resolveColour(resolveConfig(flags, env))).toBe(color);
});

test.each([
  [['observe', '--no-color'], 'never'],
  [['--color', 'never'], 'never'],
  [['--color=always', 'x'], 'always'],
  [['--color', 'always', '--no-color'], 'never'],
  [['--no-color', '--color', 'always'], 'always'],
  [['--color', 'red'], 'auto'],
  [['--color'], 'auto'],
  [[], 'auto'],
])('a command line that may be wrong asks for colour by %j: %s', (args, color) => {
  expect(findColour(args)).toBe(color);
});
