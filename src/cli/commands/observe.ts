import type { Command } from 'commander';
import { Option } from 'commander';
import { cacheSettings, inputSettings, outputSettings, trackerSettings } from '../../config.ts';
import { toGivenInOrder } from '../input/given-order.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import { exitStatusByCode } from '../../core/errors.ts';
import type { Session } from '../session.ts';
import { runEnrich } from '../run/enrich.ts';

/** `cct observe` and `cct deliberate`. */
export function declare(command: Command): Run {
  const mode = command.name() === 'deliberate' ? 'deliberate' : 'observe';
  command
    .argument('[file|value...]', 'files, directories, IPs, URLs or domains; - for stdin (default: stdin)')
    .addOption(new Option('--ip <address>', 'IPv4 address to look up; several with commas; repeatable').helpGroup('Input:'))
    .addOption(new Option('--url <url>', 'URL to look up; repeatable').helpGroup('Input:'))
    .addOption(new Option('--domain <name>', 'domain to look up in a list; several with commas; repeatable').helpGroup('Input:'));
  addSettings(command, {
    Input: inputSettings,
    Output: outputSettings,
    Tracker: trackerSettings,
    Cache: cacheSettings,
  });
  return async (session) => {
    const { args } = session.io;
    const own = args.slice(args.indexOf(command.name()) + 1);
    const given = toGivenInOrder(own, command.options);
    const readsStdin = given.length === 0 || given.some((each) => 'operand' in each && each.operand === '-');
    return readsStdin && session.io.stdin.isTTY === true ? refuseTerminal(session, command) : runEnrich(session, mode, given);
  };
}

/** Explains how to begin if no input is given. Returns the exit status. */
function refuseTerminal({ talk }: Session, command: Command): number {
  talk.problem('no input: name a value or a file, or pipe text in');
  for (const line of command.helpInformation({ error: true }).trimEnd().split('\n')) talk.note(line);
  talk.note(`More: cct ${command.name()} --help`);
  return exitStatusByCode.usage;
}
