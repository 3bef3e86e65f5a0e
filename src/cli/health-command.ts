import type { Command } from 'commander';
import { talkSettings, trackerSettings } from '../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { OnInvocation } from './invocation.ts';

/** `cct health`, of the tracker or of a relay. */
export function addHealthCommand(program: Command, onInvocation: OnInvocation): void {
  const health = program
    .command('health')
    .description('whether the tracker is there and answers lookups')
    .option('--relay <url>', 'ask whether this relay answers instead, and not about the tracker; without a proxy');
  addSettings(health, { Tracker: trackerSettings, 'What is said': talkSettings });
  health.action(({ relay }: { readonly relay?: string }) => {
    onInvocation({
      flags: flagsOf(health),
      run: async (session) =>
        relay === undefined
          ? (await import('./commands/health.ts')).runHealth(session)
          : (await import('./commands/relay-health.ts')).runRelayHealth(session, relay),
    });
  });
}
