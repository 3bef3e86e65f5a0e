import type { Command } from 'commander';
import { talkSettings, trackerSettings } from '../../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { OnInvocation } from './invocation.ts';

/** `cct health`, of the tracker or of a relay. */
export function addHealthCommand(program: Command, onInvocation: OnInvocation): void {
  const health = program
    .command('health')
    .description('check that the tracker is reachable')
    .option('--relay <url>', 'check this relay instead of the tracker; no proxy is used');
  addSettings(health, { Tracker: trackerSettings, 'Output verbosity': talkSettings });
  health.action(({ relay }: { readonly relay?: string }) => {
    onInvocation({
      flags: flagsOf(health),
      run: async (session) =>
        relay === undefined
          ? (await import('../commands/health.ts')).runHealth(session)
          : (await import('../commands/relay-health.ts')).runRelayHealth(session, relay),
    });
  });
}
