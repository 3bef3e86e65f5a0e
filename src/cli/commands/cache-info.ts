import type { Command } from 'commander';
import { cacheSettings } from '../../config.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { describeCache } from '../../wiring/open-cache.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import { print } from '../session.ts';

/** `cct cache info`. */
export function declare(command: Command): Run {
  const { cacheTtlMs, cacheDir } = cacheSettings;
  addSettings(command, { Cache: { cacheTtlMs, cacheDir } });
  return async (session) => print(session, `${toSafeJson(await describeCache(session), 2)}\n`);
}
