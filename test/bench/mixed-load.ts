import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from './figures.ts';
import { KEYS, kindOf, toValue } from './mixed-keys.ts';
import { withRelay, withRole } from './servers.ts';

const TOTAL_MS = 60_000;
const WARM_UP_MS = 10_000;
const CALLERS = 16;

/** The right answers so far, and those that were wrong. */
interface Score {
  answered: number;
  hungUp: number;
  readonly wrong: string[];
}

/**
 * Hits, misses, faults and callers that hang up, for a minute: throws when an answer was lost or wrong, and tells how the memory at the
 * end compares to that after the first ten seconds.
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
  if (score.wrong.length > 0)
    throw new Error(`${score.wrong.length} answers were lost or wrong, such as ${score.wrong[0] ?? ''}`);
  return {
    what: `relay, 60 s of mixed load (${score.answered} right answers, ${score.hungUp} hang-ups): memory`,
    measured: toMib(lateBytes),
    baseline: `after 10 s: ${toMib(earlyBytes)}`,
    ratio: lateBytes / earlyBytes,
    limit: 1.2,
    isBetterHigh: false,
  };
}

async function callUntil(endAtMs: number, relayUrl: string, seed: number, score: Score): Promise<void> {
  let state = seed + 1;
  // A small generator of its own for each caller: the same load in each run.
  const next = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  while (performance.now() < endAtMs) {
    const keys = Array.from({ length: 1 + next(20) }, () => next(KEYS));
    if (next(10) === 0) await hangUp(relayUrl, keys, score);
    else await ask(relayUrl, keys, score);
  }
}

function post(relayUrl: string, keys: readonly number[], signal?: AbortSignal): Promise<Response> {
  const body = JSON.stringify(keys.map((at) => ({ type: 'url', value: toValue(at) })));
  return fetch(`${relayUrl}/deliberate/observables`, { method: 'POST', body, signal: signal ?? null });
}

async function hangUp(relayUrl: string, keys: readonly number[], score: Score): Promise<void> {
  const controller = new AbortController();
  const answer = post(relayUrl, keys, controller.signal).catch(() => undefined);
  await delay(1);
  controller.abort();
  await answer;
  score.hungUp += 1;
}

async function ask(relayUrl: string, keys: readonly number[], score: Score): Promise<void> {
  const distinct = [...new Set(keys)];
  const expected = distinct.filter((at) => kindOf(at) === 'listed').map(toValue);
  const faulty = distinct.filter((at) => kindOf(at) === 'faulty').length;
  const text = await (await post(relayUrl, keys)).text();
  const { data, errors = [] } = JSON.parse(text) as {
    data?: { verdicts?: { docs: { observable: { value: string } }[] } };
    errors?: { code: string; message: string }[];
  };
  const listed = data?.verdicts?.docs.map(({ observable }) => observable.value) ?? [];
  const failed = errors.filter(({ code }) => code === 'key error').reduce((sum, { message }) => sum + countNamed(message), 0);
  const isRight = listed.join(' ') === expected.join(' ') && failed === faulty && errors.length <= 1;
  if (isRight) score.answered += 1;
  else score.wrong.push(`${JSON.stringify(keys)}: ${text}`);
}

/** How many observables an error stands for: those it names, and those it only counts. */
function countNamed(message: string): number {
  return (message.match(/http:\/\//g)?.length ?? 0) + Number(/ and (\d+) more$/.exec(message)?.[1] ?? 0);
}

async function readMemory(relayUrl: string): Promise<number> {
  const figures = await (await fetch(`${relayUrl}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(figures)?.[1]);
}

function toMib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(0)} MiB`;
}
