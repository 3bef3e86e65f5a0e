import type { Command } from 'commander';
import {
  cacheSettings,
  inputSettings,
  outputSettings,
  resolveServeConfig,
  serveSettings,
  talkSettings,
  trackerSettings,
} from '../../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { OnInvocation } from './invocation.ts';

// The formats that are not for observables alone.
const FORMATS = { choices: ['json', 'table'], help: 'json, or a table for people' } as const;

/** `cct config`. It takes the flags of all commands, to show what they come to. */
export function addConfigCommand(program: Command, onInvocation: OnInvocation): void {
  const config = program.command('config').description('show every setting, its value and its source');
  addSettings(config, {
    Input: inputSettings,
    Output: { ...outputSettings, format: { ...outputSettings.format, ...FORMATS } },
    Tracker: trackerSettings,
    Cache: cacheSettings,
    Server: serveSettings,
    'Output verbosity': talkSettings,
  });
  config.action(() => {
    const flags = flagsOf(config);
    onInvocation({
      flags,
      run: async (session) =>
        (await import('../commands/config.ts')).runConfig(session, resolveServeConfig(flags, session.io.env)),
    });
  });
}
