import type { Command } from 'commander';
import { cacheSettings, talkSettings } from '../../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { OnInvocation } from './invocation.ts';

/** `cct cache info` and `cct cache clear`. */
export function addCacheCommands(program: Command, onInvocation: OnInvocation): void {
  const cache = program.command('cache').description('manage the cache directory');
  const { cacheTtlMs, cacheDir } = cacheSettings;

  const info = cache.command('info').description('show path, size and age of the cache');
  addSettings(info, { Cache: { cacheTtlMs, cacheDir }, 'Output verbosity': talkSettings });
  info.action(() => {
    onInvocation({ flags: flagsOf(info), run: async (session) => (await import('../commands/cache.ts')).runCacheInfo(session) });
  });

  const clear = cache.command('clear').description('delete all cached answers; other files stay');
  addSettings(clear, { Cache: { cacheDir }, 'Output verbosity': talkSettings });
  clear.action(() => {
    onInvocation({
      flags: flagsOf(clear),
      run: async (session) => (await import('../commands/cache.ts')).runCacheClear(session),
    });
  });
}
