import type { Option } from 'commander';
import type { Given, GivenFlag } from './given-values.ts';

const TYPE_BY_FLAG: Readonly<Record<string, GivenFlag['type']>> = { '--ip': 'ip', '--url': 'url', '--domain': 'domain' };

/**
 * The operands and the values of `--ip`, `--url` and `--domain` in the order of the command line, which commander does not keep. `args`
 * follow the command's name, and commander must have accepted them.
 */
export function toGivenInOrder(args: readonly string[], options: readonly Option[]): Given[] {
  const given: Given[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') return [...given, ...args.slice(at + 1).map((operand) => ({ operand }))];
    const found = findOption(arg, options);
    if (!found) given.push({ operand: arg });
    else if (found.option.required) {
      const value = found.value ?? args[(at += 1)] ?? '';
      const type = TYPE_BY_FLAG[found.option.long ?? ''];
      if (type !== undefined) given.push({ type, value });
    }
  }
  return given;
}

interface FoundOption {
  readonly option: Option;
  /** The value if it is in the same argument. */
  readonly value?: string;
}

/** Parses options as commander does: `--flag`, `--flag=value`, `-f`, `-fvalue`, and groups such as `-qf`. */
function findOption(arg: string, options: readonly Option[]): FoundOption | undefined {
  const find = (flag: string) => options.find(({ short, long }) => flag === short || flag === long);
  const whole = find(arg);
  if (whole) return { option: whole };
  const [, long = '', assigned] = /^(--[^=]+)=([^]*)$/.exec(arg) ?? [];
  const option = find(long);
  if (option && assigned !== undefined) return { option, value: assigned };
  const isGroup = /^-[^-]/.test(arg);
  for (let at = 1; isGroup && at < arg.length; at += 1) {
    const short = find(`-${arg.charAt(at)}`);
    if (!short) return undefined;
    const value = arg.slice(at + 1);
    if (short.required || value === '') return { option: short, ...(value !== '' && { value }) };
  }
  return undefined;
}
