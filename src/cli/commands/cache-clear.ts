import type { Command } from 'commander';
import { cacheSettings } from '../../config.ts';
import { toSafeJson } from '../../core/safe-text.ts';
import { deleteCachedAnswers } from '../../wiring/open-cache.ts';
import type { Run } from '../program/command.ts';
import { addSettings } from '../program/command.ts';
import { print } from '../session.ts';

/** `cct cache clear`. */
export function declare(command: Command): Run {
  addSettings(command, { Cache: { cacheDir: cacheSettings.cacheDir } });
  return async (session) => print(session, `${toSafeJson(await deleteCachedAnswers(session), 2)}\n`);
}
