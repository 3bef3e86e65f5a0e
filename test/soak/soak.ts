import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { askMixed, isWhole, KEYS, readMemory, toMib, wrongsOf } from '../bench/mixed.ts';
import { changeTracker, withRelay, withRole } from '../bench/servers.ts';
import { readToldAnswer } from '../helpers/relay-answers.ts';
import type { LaunchedRedis } from '../helpers/redis-process.ts';
import { launchRedis } from '../helpers/redis-process.ts';
import { toMarkdownTable } from '../helpers/report.ts';
import { disturb } from './disturb.ts';
import type { Load, Score } from './load.ts';
import { load } from './load.ts';

/** The report of a soak, and what made it fail. */
export interface Soaked {
  readonly markdown: string;
  readonly problems: readonly string[];
}

/** The most growth of the memory from the quiet phase to the end. */
const MOST_GROWTH = 1.5;
/** Observables without lookups during the load: only the tracker can answer for them after it. */
const KEPT_BACK = 200;
const LOADED_KEYS = KEYS - KEPT_BACK;
// The breaker probes every ten seconds, and Redis is back a little later.
const RECOVERS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 10_000;
const RELAY_FLAGS = '--source live --metrics --cache-ttl 3s --timeout 1s --retries 1 --deadline 8s'.split(' ');

/** Loads a relay for seconds of faults, after a quarter of that without. */
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
  const { relayUrl, relay } = parts;
  const quietSeconds = Math.max(2, Math.round(seconds / 4));
  const score: Score = { wrong: [], byErrors: new Map() };
  const startBytes = await readMemory(relayUrl);
  const usual = await askMixed(relayUrl, [1, 2, 3, 4]);
  const bare = await withRole('bare', usual, (url) => load(url, { seconds: quietSeconds, keys: LOADED_KEYS, seed: 1 }));
  const quiet = await load(relayUrl, { seconds: quietSeconds, keys: LOADED_KEYS, seed: 2, score });
  const warmBytes = await readMemory(relayUrl);
  const everyMs = Math.min(4_000, (seconds * 1000) / 4);
  const [disturbed, { faults, redisKills, hangUps, mostBytes }] = await Promise.all([
    load(relayUrl, { seconds, keys: LOADED_KEYS, seed: 3, score }),
    disturb({ ...parts, keys: LOADED_KEYS }, { seconds, everyMs }),
  ]);
  const problems: string[] = [];
  const recoveryMs = await recover(relayUrl, problems);
  const endBytes = await readMemory(relayUrl);
  const toGrowth = (bytes: number) => `${toMib(bytes)}, ${(bytes / warmBytes).toFixed(2)} of that`;
  if (endBytes > warmBytes * MOST_GROWTH) problems.push(`the memory grew to ${toGrowth(endBytes)}`);
  const died = relay.exitCode ?? relay.signalCode;
  if (died !== null) problems.push(`the relay died: ${died}`);
  const stopMs = await stop(parts, problems);
  if (score.wrong.length > 0) problems.push(`${score.wrong.length} wrong answers, such as ${score.wrong[0] ?? ''}`);
  const markdown = [
    problems.length === 0 ? 'Nothing was lost or wrong.' : `Failed: ${problems.join('; ')}`,
    toMarkdownTable([
      ['phase', 'rate', 'ratio', 'p50', 'p99', 'answers', 'broken or late'],
      toPhase('bare server of the same answers', bare, 'itself', bare),
      toPhase('relay, nothing goes wrong', quiet, 'the bare server', bare),
      toPhase(`relay, ${seconds} s of faults`, disturbed, 'the quiet phase', quiet),
    ]),
    toMarkdownTable([
      ['what', 'measured', 'bound'],
      ['wrong answers', String(score.wrong.length), '0'],
      ['faults of the tracker', `${faults.length}: ${[...new Set(faults)].join(', ')}`, ''],
      ['Redis killed and started again', String(redisKills), ''],
      ['callers that hung up', String(hangUps), ''],
      ['memory at the start', toMib(startBytes), ''],
      ['after the quiet phase', toMib(warmBytes), ''],
      ['at most', toGrowth(Math.max(mostBytes, endBytes)), ''],
      ['at the end', toGrowth(endBytes), String(MOST_GROWTH)],
      ['all answered live after the last fault', `${(recoveryMs / 1000).toFixed(1)} s`, `${RECOVERS_WITHIN_MS / 1000} s`],
      ['SIGTERM to the end, lookups of 0.5 s under way', `${(stopMs / 1000).toFixed(1)} s`, `${STOPS_WITHIN_MS / 1000} s`],
    ]),
    toMarkdownTable([
      ['errors of an answer', 'answers'],
      ...[...score.byErrors].sort(([, a], [, b]) => b - a).map(([codes, count]) => [codes || 'none', String(count)]),
    ]),
  ];
  return { markdown: markdown.join('\n\n'), problems };
}

function toPhase(what: string, { perSecond, p50Ms, p99Ms, answers, broken }: Load, than: string, baseline: Load): string[] {
  const ratio = `${(perSecond / baseline.perSecond).toFixed(2)} of ${than}`;
  return [what, `${perSecond.toFixed(0)} a second`, ratio, `${p50Ms} ms`, `${p99Ms} ms`, String(answers), String(broken)];
}

const ASK_EVERY_MS = 50;

/** Looks up new observables until all are answered; returns the time. */
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

/** Stops the relay with requests in flight: each must be answered, and the exit status be 0. Returns the time. */
async function stop({ relay, relayUrl, tracker }: Parts, problems: string[]): Promise<number> {
  await changeTracker(tracker, { latencyMs: 500 });
  const ended = new Promise<string>((resolve) => relay.once('exit', (status, signal) => resolve(String(status ?? signal))));
  const answers = Array.from({ length: UNDER_WAY }, async (_, at) => {
    const keys = [KEYS - 1 - at];
    return wrongsOf(keys, readToldAnswer(await askMixed(relayUrl, keys))).length === 0;
  });
  for (let looks = 0; looks < 100 && (await countUnderWay(relayUrl)) < UNDER_WAY; looks += 1) await delay(5);
  const startedMs = performance.now();
  relay.kill('SIGTERM');
  const results = await Promise.allSettled(answers);
  const lost = results.filter((result) => result.status === 'rejected' || !result.value).length;
  if (lost > 0) problems.push(`${lost} requests in flight at SIGTERM were not answered`);
  const status = await Promise.race([ended, delay(STOPS_WITHIN_MS, 'none, since it runs')]);
  if (status !== '0') problems.push(`the exit status after SIGTERM is ${status}`);
  return performance.now() - startedMs;
}

async function countUnderWay(relayUrl: string): Promise<number> {
  const figures = await (await fetch(`${relayUrl}/metrics`)).text();
  // Without this request.
  return Number(/^cct_http_requests_in_flight (\d+)$/m.exec(figures)?.[1] ?? 1) - 1;
}
