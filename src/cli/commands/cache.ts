import { toSafeJson } from '../../core/safe-text.ts';
import { deleteCachedAnswers, describeCache } from '../../wiring/open-cache.ts';
import type { Session } from '../session.ts';
import { CLOSED_PIPE_STATUS } from '../session.ts';

/** `cct cache info`: prints path, size and age of the cache. Resolves to the exit status. */
export async function runCacheInfo(session: Session): Promise<number> {
  return print(session, await describeCache(session));
}

/** `cct cache clear`: deletes all cached answers, and prints how many. Resolves to the exit status. */
export async function runCacheClear(session: Session): Promise<number> {
  return print(session, await deleteCachedAnswers(session));
}

async function print({ stdout }: Session, facts: unknown): Promise<number> {
  return (await stdout.write(`${toSafeJson(facts, 2)}\n`)) ? 0 : CLOSED_PIPE_STATUS;
}
