import type { Command } from 'commander';
import { Option } from 'commander';
import { cacheSettings, inputSettings, outputSettings, trackerSettings } from '../../config.ts';
import type { GivenFlag } from '../input/given-values.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import { runEnrich } from './enrich.ts';

/** `cct observe` and `cct deliberate`. */
export function declare(command: Command): Run {
  const mode = command.name() === 'deliberate' ? 'deliberate' : 'observe';
  // commander collects each option apart; the order across the flags is kept here.
  const given: GivenFlag[] = [];
  const collect = (type: GivenFlag['type']) => (value: string) => {
    given.push({ type, value });
    return value;
  };
  command
    .argument('[file...]', 'files or directories to read, or - for stdin (default: stdin)')
    .addOption(
      new Option('--ip <address>', 'IPv4 address to look up; several with commas; repeatable')
        .argParser(collect('ip'))
        .helpGroup('Input:'),
    )
    .addOption(new Option('--url <url>', 'URL to look up; repeatable').argParser(collect('url')).helpGroup('Input:'))
    .addOption(
      new Option('--domain <name>', 'domain to look up in a list; several with commas; repeatable')
        .argParser(collect('domain'))
        .helpGroup('Input:'),
    );
  addSettings(command, {
    Input: inputSettings,
    Output: outputSettings,
    Tracker: trackerSettings,
    Cache: cacheSettings,
  });
  return (session, files: string[]) => runEnrich(session, mode, files, given);
}
