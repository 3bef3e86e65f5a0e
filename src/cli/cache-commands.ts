import type { Command } from 'commander';
import { cacheSettings, talkSettings } from '../config.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import type { OnInvocation } from './invocation.ts';

/** `cct cache info` and `cct cache clear`. */
export function addCacheCommands(program: Command, onInvocation: OnInvocation): void {
  const cache = program.command('cache').description('the folder of answers remembered');
  const { cacheTtlMs, cacheDir } = cacheSettings;

  const info = cache.command('info').description('where it is and what it holds');
  addSettings(info, { 'Answers remembered': { cacheTtlMs, cacheDir }, 'What is said': talkSettings });
  info.action(() => {
    onInvocation({ flags: flagsOf(info), run: async (session) => (await import('./commands/cache.ts')).runCacheInfo(session) });
  });

  const clear = cache.command('clear').description('forget all answers in it; other files are left alone');
  addSettings(clear, { 'Answers remembered': { cacheDir }, 'What is said': talkSettings });
  clear.action(() => {
    onInvocation({ flags: flagsOf(clear), run: async (session) => (await import('./commands/cache.ts')).runCacheClear(session) });
  });
}
