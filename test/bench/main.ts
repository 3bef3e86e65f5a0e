import { fork, spawnSync } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { Agent } from 'node:http';
import fetch from 'node-fetch';
import type { Plan } from '../../src/core/enrich.ts';
import { enrich, plan } from '../../src/core/enrich.ts';
import { openLiveTracker } from '../../src/tracker/client.ts';
import { systemClock } from '../../src/tracker/clock.ts';
import { startFakeTracker } from '../helpers/fake-tracker.ts';

/*
 * Speed, as ratios against baselines of the same run: machines differ, and are noisy. It judges nothing by its exit status, except
 * that a wrong answer or too many requests in flight end it with 1. The fake tracker runs in a process of its own.
 */

/** One line of the table. `isBetterHigh` says on which side of the limit the ratio should be. */
interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly baseline: string;
  readonly ratio: number;
  readonly limit: number;
  readonly isBetterHigh: boolean;
}

const START_RUNS = 15;
const LATENCY_MS = 50;
const CONCURRENCY = 6;
const WIDE = 32;
const LOOKUPS = 2000;
const ROUNDS = 7;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function timeMs(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function runNode(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}: ${stderr.toString()}`);
}

async function measureStart(what: string, limit: number, args: readonly string[]): Promise<Figure> {
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < START_RUNS; round += 1) {
    bare.push(await timeMs(() => runNode('-e', '0')));
    own.push(await timeMs(() => runNode('bin/cct.js', ...args)));
  }
  const [ownMs, bareMs] = [median(own), median(bare)];
  return {
    what,
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `node -e 0: ${bareMs.toFixed(0)} ms`,
    ratio: ownMs / bareMs,
    limit,
    isBetterHigh: false,
  };
}

function toPlans(count: number): Plan[] {
  const observables = Array.from({ length: count }, (_, index) => ({
    type: 'ip',
    value: `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`,
  }));
  return [...plan(observables, { includePrivate: false })];
}

/** Asks all through the client as the program does; throws unless every one was answered. */
async function askAll(apiUrl: string, plans: readonly Plan[], concurrency: number): Promise<void> {
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
  for await (const outcome of enrich(plans, { tracker, context: { signal } })) answered += outcome.status === 'unlisted' ? 1 : 0;
  tracker.close();
  if (answered !== plans.length) throw new Error(`${answered} of ${plans.length} were answered rightly`);
}

/** What any client over node-fetch needs: ask, read, look at the status. */
async function askBarely(apiUrl: string, plans: readonly Plan[], width: number): Promise<void> {
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

async function measurePoliteness(): Promise<Figure> {
  const plans = toPlans(100);
  const idealMs = Math.ceil(plans.length / CONCURRENCY) * LATENCY_MS;
  const rounds: number[] = [];
  await withTracker(LATENCY_MS, async (apiUrl, maxInFlight) => {
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await timeMs(() => askAll(apiUrl, plans, CONCURRENCY)));
    const seen = await maxInFlight();
    if (seen > CONCURRENCY) throw new Error(`${seen} requests were in flight at once, ${CONCURRENCY} are allowed`);
  });
  const ownMs = median(rounds);
  const what = `100 IPs, ${LATENCY_MS} ms of latency, ${CONCURRENCY} at once (asking only)`;
  return {
    what,
    measured: `${ownMs.toFixed(0)} ms`,
    baseline: `ideal: ${idealMs} ms`,
    ratio: ownMs / idealMs,
    limit: 1.25,
    isBetterHigh: false,
  };
}

async function measureRate(): Promise<Figure> {
  const plans = toPlans(LOOKUPS);
  const own: number[] = [];
  const bare: number[] = [];
  await withTracker(0, async (apiUrl) => {
    await askBarely(apiUrl, plans, WIDE);
    await askAll(apiUrl, plans, WIDE);
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await timeMs(() => askBarely(apiUrl, plans, WIDE)));
      own.push(await timeMs(() => askAll(apiUrl, plans, WIDE)));
    }
  });
  const [ownRate, bareRate] = [own, bare].map((times) => LOOKUPS / (median(times) / 1000));
  return {
    what: `${LOOKUPS} lookups without latency, ${WIDE} at once`,
    measured: `${(ownRate ?? 0).toFixed(0)} a second`,
    baseline: `bare node-fetch: ${(bareRate ?? 0).toFixed(0)} a second`,
    ratio: (ownRate ?? 0) / (bareRate ?? 0),
    limit: 0.7,
    isBetterHigh: true,
  };
}

/** Runs this file once more as the tracker, so that client and server do not share a thread. */
async function withTracker(
  latencyMs: number,
  work: (apiUrl: string, maxInFlight: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const child = fork(process.argv[1] ?? '', ['tracker', String(latencyMs)]);
  const receive = () => new Promise<unknown>((resolve) => child.once('message', resolve));
  try {
    const apiUrl = String(await receive());
    await work(apiUrl, async () => {
      const answer = receive();
      child.send('max');
      return Number(await answer);
    });
  } finally {
    child.kill();
  }
}

async function serveTracker(latencyMs: number): Promise<void> {
  const tracker = await startFakeTracker({ latencyMs });
  process.on('message', () => process.send?.(tracker.maxInFlight));
  process.send?.(tracker.url);
}

function print(figures: readonly Figure[]): void {
  const rows = figures.map(({ what, measured, baseline, ratio, limit, isBetterHigh }) => {
    const isWithin = isBetterHigh ? ratio >= limit : ratio <= limit;
    return [
      what,
      measured,
      baseline,
      ratio.toFixed(2),
      `${isBetterHigh ? '>=' : '<='} ${limit.toFixed(2)}`,
      isWithin ? 'ok' : 'over',
    ];
  });
  const table = [['what', 'measured', 'baseline', 'ratio', 'limit', ''], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  for (const row of table)
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
}

async function main(): Promise<void> {
  const [role, latency = '0'] = process.argv.slice(2);
  if (role === 'tracker') return serveTracker(Number(latency));
  print([
    await measureStart('cct --version', 1.25, ['--version']),
    await measureStart('cct observe observables.json --snapshot sample', 2, [
      'observe',
      'observables.json',
      '--snapshot',
      'sample',
    ]),
    await measurePoliteness(),
    await measureRate(),
  ]);
}

main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exitCode = 1;
});
