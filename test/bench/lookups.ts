import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import fetch from 'node-fetch';
import { enrich } from '../../src/core/lookups/enrich.ts';
import type { Plan } from '../../src/core/lookups/plan.ts';
import { plan } from '../../src/core/lookups/plan.ts';
import { openLiveTracker } from '../../src/tracker/live/client.ts';
import { systemClock } from '../../src/tracker/clock.ts';
import type { Figure } from './figures.ts';
import { compareMs, median, timeMs } from './figures.ts';
import { withTracker } from './servers.ts';

const LATENCY_MS = 50;
const CONCURRENCY = 6;
const WIDE = 32;
const LOOKUPS = 2000;
const ROUNDS = 7;

function toPlans(count: number): Plan[] {
  const observables = Array.from({ length: count }, (_, index) => ({
    type: 'ip',
    value: `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  }));
  return plan(observables, { includePrivate: false });
}

/** Looks all up with the client, as the program does; throws unless each was answered. */
async function lookUpAll(apiUrl: string, plans: readonly Plan[], concurrency: number): Promise<void> {
  const tracker = await openLiveTracker({
    apiUrl,
    timeoutMs: 10_000,
    retries: 2,
    concurrency,
    userAgent: 'cct-bench',
    unlistedMessage: 'Unknown url',
    proxyFor: () => '',
    clock: systemClock,
    random: Math.random,
    trace: () => undefined,
  });
  let answered = 0;
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  for await (const outcomes of enrich([plans], { tracker, context: { signal } }))
    answered += outcomes.filter(({ status }) => status === 'unlisted').length;
  await tracker.close();
  if (answered !== plans.length) throw new Error(`${answered} of ${plans.length} answers were right`);
}

/** The least that a client over node-fetch does: request, read, check the status. */
async function lookUpBarely(apiUrl: string, plans: readonly Plan[], width: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  const keys = plans.flatMap((planned) => ('question' in planned ? [planned.question.key] : []));
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      const response = await fetch(`${apiUrl}query.php?url=${encodeURIComponent(key)}`, { agent });
      const answer = JSON.parse(await response.text()) as { message: string };
      if (response.status !== 200 || answer.message !== 'Unknown url') throw new Error('the bare loop got a wrong answer');
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  agent.destroy();
}

/** The client's time against the ideal within its limit of lookups in flight; throws when it exceeds that. */
export async function measurePoliteness(): Promise<Figure> {
  const plans = toPlans(100);
  const idealMs = Math.ceil(plans.length / CONCURRENCY) * LATENCY_MS;
  const rounds: number[] = [];
  await withTracker(LATENCY_MS, async (apiUrl, maxInFlight) => {
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await timeMs(() => lookUpAll(apiUrl, plans, CONCURRENCY)));
    const seen = await maxInFlight();
    if (seen > CONCURRENCY) throw new Error(`${seen} requests were in flight at once, ${CONCURRENCY} are allowed`);
  });
  const ownMs = median(rounds);
  return {
    what: `100 IPs, ${LATENCY_MS} ms of latency, ${CONCURRENCY} at once (client only)`,
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `ideal: ${idealMs} ms`,
    ratio: ownMs / idealMs,
    limit: { most: 1.25 },
  };
}

/** The client's rate against that of a bare loop. */
export async function measureRate(): Promise<Figure> {
  const plans = toPlans(LOOKUPS);
  const { ownMs, bareMs } = await withTracker(0, async (apiUrl) => {
    const [own, bare] = [() => lookUpAll(apiUrl, plans, WIDE), () => lookUpBarely(apiUrl, plans, WIDE)];
    for (const warmUp of [bare, own]) await warmUp();
    return compareMs(ROUNDS, own, bare);
  });
  return {
    what: `${LOOKUPS} lookups without latency, ${WIDE} at once`,
    measured: `${((LOOKUPS / ownMs) * 1000).toFixed(0)} a second`,
    baseline: `bare node-fetch: ${((LOOKUPS / bareMs) * 1000).toFixed(0)} a second`,
    ratio: bareMs / ownMs,
    limit: { least: 0.7 },
  };
}
