import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from './figures.ts';
import { askMixed, createDice, hangUp, isWhole, KEYS, readMemory, toMib } from './mixed.ts';
import { withRelay, withRole } from './servers.ts';

const TOTAL_MS = 60_000;
const WARM_UP_MS = 10_000;
const CALLERS = 16;

interface Score {
  answered: number;
  hungUp: number;
  readonly wrong: string[];
}

/**
 * A minute of hits, misses, faults and callers that hang up: the memory at the end against that after ten seconds. Throws when an answer
 * is wrong or missing.
 */
export async function measureMixedLoad(): Promise<Figure> {
  const score: Score = { answered: 0, hungUp: 0, wrong: [] };
  const [earlyBytes, lateBytes] = await withRole('mixed-tracker', '', (apiUrl) =>
    withRelay(['--api-url', apiUrl, '--retries', '0', '--metrics', '--cache-ttl', '5s'], async (relayUrl) => {
      const endAtMs = performance.now() + TOTAL_MS;
      const callers = Array.from({ length: CALLERS }, (_, seed) => callUntil(endAtMs, relayUrl, seed, score));
      await delay(WARM_UP_MS);
      const early = await readMemory(relayUrl);
      await Promise.all(callers);
      return [early, await readMemory(relayUrl)] as const;
    }),
  );
  if (score.wrong.length > 0) throw new Error(`${score.wrong.length} answers were wrong, such as ${score.wrong[0] ?? ''}`);
  return {
    what: `relay, 60 s of mixed load (${score.answered} right answers, ${score.hungUp} hang-ups): memory`,
    measured: toMib(lateBytes),
    baseline: `after 10 s: ${toMib(earlyBytes)}`,
    ratio: lateBytes / earlyBytes,
    limit: { most: 1.2 },
  };
}

async function callUntil(endAtMs: number, relayUrl: string, seed: number, score: Score): Promise<void> {
  const roll = createDice(seed);
  while (performance.now() < endAtMs) {
    const keys = Array.from({ length: 1 + roll(20) }, () => roll(KEYS));
    if (roll(10) === 0) {
      await hangUp(relayUrl, keys);
      score.hungUp += 1;
      continue;
    }
    const text = await askMixed(relayUrl, keys);
    if (isWhole(keys, text)) score.answered += 1;
    else score.wrong.push(`${JSON.stringify(keys)}: ${text}`);
  }
}
