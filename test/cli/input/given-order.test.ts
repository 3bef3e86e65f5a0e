import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { declare } from '../../../src/cli/commands/observe.ts';
import { toGivenInOrder } from '../../../src/cli/input/given-order.ts';

/** What commander makes of the same arguments. */
function parse(args: readonly string[]) {
  const command = new Command('observe').exitOverride();
  declare(command);
  command.action(() => undefined).parse(args, { from: 'user' });
  return { operands: command.args, options: command.options };
}

const show = (args: readonly string[]) =>
  toGivenInOrder(args, parse(args).options).map((each) => ('operand' in each ? each.operand : `${each.type}=${each.value}`));

describe('operands and values in the order of the command line:', () => {
  test.each<[args: string[], given: string[]]>([
    [
      ['a', '--ip', '1', 'b', '--url=x=y', 'c'],
      ['a', 'ip=1', 'b', 'url=x=y', 'c'],
    ],
    [
      ['--timeout', '10s', '10s', '--ip', '10s'],
      ['10s', 'ip=10s'],
    ],
    [['--timeout=10s', '10s'], ['10s']],
    [
      ['-q', 'a', '-f', 'csv', 'b'],
      ['a', 'b'],
    ],
    [
      ['-qf', 'csv', 'b', '-fcsv', 'c', '-qvfcsv', 'd'],
      ['b', 'c', 'd'],
    ],
    [
      ['--ip', '--ip', 'a'],
      ['ip=--ip', 'a'],
    ],
    [
      ['--domain=', '-', '--only', '-', 'a'],
      ['domain=', '-', 'a'],
    ],
    [
      ['-q', '--', '--ip', '1', '-q'],
      ['--ip', '1', '-q'],
    ],
    [[], []],
  ])('%j', (args, given) => {
    expect(show(args)).toEqual(given);
  });

  test('operands are those that commander finds', () => {
    const words = ['a', '--ip', '-f', '-qv', '-qf', '--only', 'b', '--url=x', '-', '-fcsv', '--seen', '192.0.2.1'];
    let seed = 1;
    const pick = () => words[(seed = (seed * 48_271) % 2_147_483_647) % words.length] ?? '';
    for (let round = 0; round < 300; round += 1) {
      const args = [...Array.from({ length: 6 }, pick), 'end', 'end'];
      const operands = toGivenInOrder(args, parse(args).options).flatMap((each) => ('operand' in each ? [each.operand] : []));
      expect([args, operands]).toEqual([args, parse(args).operands]);
    }
  });
});
