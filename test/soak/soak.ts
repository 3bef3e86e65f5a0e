import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { askMixed, isWhole, readMemory, wrongsOf } from '../bench/mixed.ts';
import { KEYS } from '../bench/mixed.ts';
import { changeTracker, withRelay, withRole } from '../bench/servers.ts';
import { readToldAnswer } from '../helpers/relay-answers.ts';
import type { LaunchedRedis } from '../helpers/redis-process.ts';
import { launchRedis } from '../helpers/redis-process.ts';
import type { Disturbed } from './disturb.ts';
import { disturb } from './disturb.ts';
import type { Load, Score } from './load.ts';
import { load } from './load.ts';

/** All that a soak found out. */
export interface Soaked {
  readonly seconds: number;
  /** A server that reads and answers as many bytes as the relay mostly does. */
  readonly bare: Load;
  /** The relay while nothing goes wrong, and while all does. */
  readonly quiet: Load;
  readonly disturbed: Load;
  readonly disturbances: Disturbed;
  readonly byErrors: ReadonlyMap<string, number>;
  readonly wrong: number;
  readonly memory: {
    readonly startBytes: number;
    readonly warmBytes: number;
    readonly mostBytes: number;
    readonly endBytes: number;
  };
  /** From the last fault's end until everything was answered again, live. */
  readonly recoveryMs: number;
  /** From SIGTERM to the end, with requests under way. */
  readonly stopMs: number;
  /** Each makes the soak fail. */
  readonly problems: readonly string[];
}

/** What the memory at the end may be, compared with that after the quiet phase. */
export const MOST_GROWTH = 1.5;
/** Further observables, of which no load has asked, are kept for the questions after it: only the tracker can answer them. */
const KEPT_BACK = 200;
const LOADED_KEYS = KEYS - KEPT_BACK;
// The breaker tries again each ten seconds, and Redis a little after it is back.
const RECOVERS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 10_000;
const RELAY_FLAGS = [
  '--source',
  'live',
  '--metrics',
  '--cache-ttl',
  '3s',
  '--timeout',
  '1s',
  '--retries',
  '1',
  '--deadline',
  '8s',
];

/** Runs the load for so many seconds of faults, and a quarter as long before, without. */
export async function soak(seconds: number): Promise<Soaked> {
  const redis = await launchRedis();
  try {
    return await withRole('mixed-tracker', '', (apiUrl, tracker) =>
      withRelay([...RELAY_FLAGS, '--api-url', apiUrl, '--cache-url', redis.url], (relayUrl, relay) =>
        soakRelay({ redis, tracker, relayUrl, relay }, seconds),
      ),
    );
  } finally {
    await redis.close();
  }
}

interface Parts {
  readonly redis: LaunchedRedis;
  readonly tracker: ChildProcess;
  readonly relayUrl: string;
  readonly relay: ChildProcess;
}

async function soakRelay(parts: Parts, seconds: number): Promise<Soaked> {
  const { relayUrl, relay, tracker } = parts;
  const quietSeconds = Math.max(2, Math.round(seconds / 4));
  const score: Score = { wrong: [], byErrors: new Map() };
  const startBytes = await readMemory(relayUrl);
  const usual = await askMixed(relayUrl, [1, 2, 3, 4]);
  const bare = await withRole('bare', usual, (url) => load(url, { seconds: quietSeconds, keys: LOADED_KEYS, seed: 1 }));
  const quiet = await load(relayUrl, { seconds: quietSeconds, keys: LOADED_KEYS, seed: 2, score });
  const warmBytes = await readMemory(relayUrl);
  const everyMs = Math.min(4_000, (seconds * 1000) / 4);
  const [disturbed, disturbances] = await Promise.all([
    load(relayUrl, { seconds, keys: LOADED_KEYS, seed: 3, score }),
    disturb({ ...parts, keys: LOADED_KEYS }, { seconds, everyMs }),
  ]);
  const problems: string[] = [];
  const recoveryMs = await recover(relayUrl, problems);
  const endBytes = await readMemory(relayUrl);
  const mostBytes = Math.max(disturbances.mostBytes, endBytes);
  if (endBytes > warmBytes * MOST_GROWTH) problems.push(`the memory grew ${(endBytes / warmBytes).toFixed(2)} times`);
  if (relay.exitCode !== null || relay.signalCode !== null)
    problems.push(`the relay died: ${String(relay.exitCode ?? relay.signalCode)}`);
  const stopMs = await stop({ relay, relayUrl, tracker }, problems);
  if (score.wrong.length > 0) problems.push(`${score.wrong.length} wrong answers, such as ${score.wrong[0] ?? ''}`);
  const memory = { startBytes, warmBytes, mostBytes, endBytes };
  const told = { seconds, bare, quiet, disturbed, disturbances, byErrors: score.byErrors, wrong: score.wrong.length };
  return { ...told, memory, recoveryMs, stopMs, problems };
}

const ASK_EVERY_MS = 50;

/** Asks what nobody has asked before until all of it is answered. */
async function recover(relayUrl: string, problems: string[]): Promise<number> {
  const startedMs = performance.now();
  const asked = Array.from({ length: KEPT_BACK / 2 }, (_, at) => LOADED_KEYS + at);
  while (performance.now() - startedMs < RECOVERS_WITHIN_MS) {
    if (isWhole(asked, await askMixed(relayUrl, asked))) return performance.now() - startedMs;
    await delay(ASK_EVERY_MS);
  }
  problems.push(`not recovered ${RECOVERS_WITHIN_MS / 1000} s after the last fault`);
  return performance.now() - startedMs;
}

const UNDER_WAY = 5;

/** Stops it while requests are under way: each must be answered, and the exit status be 0. */
async function stop({ relay, relayUrl, tracker }: Omit<Parts, 'redis'>, problems: string[]): Promise<number> {
  await changeTracker(tracker, { latencyMs: 500 });
  const ended = new Promise<string>((resolve) => relay.once('exit', (status, signal) => resolve(String(status ?? signal))));
  const questions = Array.from({ length: UNDER_WAY }, (_, at) => [KEYS - 1 - at]);
  const answers = questions.map((keys) =>
    askMixed(relayUrl, keys).then((text) => wrongsOf(keys, readToldAnswer(text)).length === 0),
  );
  for (let looks = 0; looks < 100 && (await countUnderWay(relayUrl)) < UNDER_WAY; looks += 1) await delay(5);
  const startedMs = performance.now();
  relay.kill('SIGTERM');
  const results = await Promise.allSettled(answers);
  const lost = results.filter((result) => result.status === 'rejected' || !result.value).length;
  if (lost > 0) problems.push(`${lost} requests that were under way at SIGTERM were not answered`);
  const status = await Promise.race([ended, delay(STOPS_WITHIN_MS, 'none, since it goes on')]);
  if (status !== '0') problems.push(`the exit status after SIGTERM is ${status}`);
  return performance.now() - startedMs;
}

async function countUnderWay(relayUrl: string): Promise<number> {
  const figures = await (await fetch(`${relayUrl}/metrics`)).text();
  // Without the one that asks.
  return Number(/^cct_http_requests_in_flight (\d+)$/m.exec(figures)?.[1] ?? 1) - 1;
}
