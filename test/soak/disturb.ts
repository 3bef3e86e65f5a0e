import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { createDice, hangUp, readMemory } from '../bench/mixed.ts';
import { changeTracker } from '../bench/servers.ts';
import type { LaunchedRedis } from '../helpers/redis-process.ts';

const down = { kind: 'status', status: 503 };

/** The faults of the tracker, in order. */
const FAULTS: readonly (readonly [what: string, faultEverywhere: unknown, rootFault?: unknown])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['HTML', 'malicious-html'],
  ['reset', 'reset'],
  ['429', { kind: 'status', status: 429, retryAfter: 1 }],
  ['slow', { kind: 'slow', delayMs: 400 }],
  ['cut off', 'short-body'],
  ['silent', 'stalled-headers'],
  ['half a JSON', 'cut-json'],
  ['down', down, down],
];

export interface Disturbed {
  readonly faults: string[];
  redisKills: number;
  hangUps: number;
  mostBytes: number;
}

interface Surroundings {
  readonly tracker: ChildProcess;
  readonly redis: LaunchedRedis;
  readonly relayUrl: string;
  readonly keys: number;
}

/**
 * For some seconds: every `everyMs` a fault of the tracker for half of that, Redis killed at each second fault and restarted at the next, and
 * a caller that keeps hanging up. At the end nothing is faulty.
 */
export async function disturb(
  surroundings: Surroundings,
  { seconds, everyMs }: { seconds: number; everyMs: number },
): Promise<Disturbed> {
  const { tracker, redis } = surroundings;
  const disturbed: Disturbed = { faults: [], redisKills: 0, hangUps: 0, mostBytes: 0 };
  const endAtMs = performance.now() + seconds * 1000;
  const others = Promise.all([leaveAgain(surroundings, endAtMs, disturbed), watchMemory(surroundings, endAtMs, disturbed)]);
  for (let round = 0; performance.now() < endAtMs; round += 1) {
    const [what = '', faultEverywhere, rootFault] = FAULTS[round % FAULTS.length] ?? [];
    disturbed.faults.push(what);
    await changeTracker(tracker, { faultEverywhere, rootFault });
    if (round % 2 === 0) {
      await redis.kill();
      disturbed.redisKills += 1;
    } else await redis.restart();
    await delay(everyMs / 2);
    await changeTracker(tracker, { faultEverywhere: null, rootFault: null });
    await delay(everyMs / 2);
  }
  if (disturbed.faults.length % 2 === 1) await redis.restart();
  await others;
  return disturbed;
}

async function leaveAgain({ relayUrl, keys }: Surroundings, endAtMs: number, disturbed: Disturbed): Promise<void> {
  const roll = createDice(7);
  while (performance.now() < endAtMs) {
    await hangUp(relayUrl, [roll(keys), roll(keys), roll(keys)]);
    disturbed.hangUps += 1;
    await delay(10);
  }
}

const LOOK_EVERY_MS = 500;

async function watchMemory({ relayUrl }: Surroundings, endAtMs: number, disturbed: Disturbed): Promise<void> {
  while (performance.now() < endAtMs) {
    disturbed.mostBytes = Math.max(disturbed.mostBytes, await readMemory(relayUrl));
    await delay(LOOK_EVERY_MS);
  }
}
