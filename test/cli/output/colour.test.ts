import { describe, expect, test } from 'vitest';
import { hasColour, openColours } from '../../../src/cli/output/colour.ts';

interface Case {
  readonly env: Readonly<Record<string, string>>;
  readonly noColor?: boolean;
  readonly terminal: boolean;
  readonly file: boolean;
}

const table: readonly Case[] = [
  { env: {}, terminal: true, file: false },
  { env: { TERM: 'xterm-256color' }, terminal: true, file: false },
  { env: { TERM: 'dumb' }, terminal: false, file: false },
  { env: { NO_COLOR: '1' }, terminal: false, file: false },
  { env: { NO_COLOR: '0' }, terminal: false, file: false },
  { env: { NO_COLOR: '' }, terminal: true, file: false },
  { env: { FORCE_COLOR: '1' }, terminal: true, file: true },
  { env: { FORCE_COLOR: '0' }, terminal: false, file: false },
  { env: { FORCE_COLOR: 'false' }, terminal: false, file: false },
  { env: { FORCE_COLOR: '1', NO_COLOR: '1' }, terminal: true, file: true },
  { env: { FORCE_COLOR: '1', TERM: 'dumb' }, terminal: true, file: true },
  { env: {}, noColor: true, terminal: false, file: false },
  { env: { FORCE_COLOR: '1' }, noColor: true, terminal: false, file: false },
];

describe('whether there is colour', () => {
  test.each(table)('with $env and --no-color $noColor: on a terminal $terminal, in a file $file', (row) => {
    const wishes = { env: row.env, noColor: row.noColor ?? false };
    expect([hasColour({ isTTY: true }, wishes), hasColour({ isTTY: false }, wishes), hasColour({}, wishes)]).toEqual([
      row.terminal,
      row.file,
      row.file,
    ]);
  });
});

test('colours are the basic ones, whatever the machine could do', async () => {
  const { red, yellow, dim, bold } = await openColours(true);
  expect([red('x'), yellow('x'), dim('x'), bold('x')]).toEqual([
    '\u001B[31mx\u001B[39m',
    '\u001B[33mx\u001B[39m',
    '\u001B[2mx\u001B[22m',
    '\u001B[1mx\u001B[22m',
  ]);
});

test('no colours leave the text alone', async () => {
  const { red, yellow, dim, bold } = await openColours(false);
  expect([red('x'), yellow('x'), dim('x'), bold('x')]).toEqual(['x', 'x', 'x', 'x']);
});
