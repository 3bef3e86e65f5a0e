import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Figure } from './figures.ts';
import { median, timeMs } from './figures.ts';
import { withRelay, withRole, withTracker } from './servers.ts';

const run = promisify(execFile);
const autocannon = createRequire(join(process.cwd(), 'package.json')).resolve('autocannon');

const SECONDS = 4;
// A number of requests, not of seconds: on a slow machine these would measure the compiler.
const WARMING_REQUESTS = 16_000;
const ROUNDS = 5;
const CONNECTIONS = 10;
const LATENCY_MS = 50;
const CONCURRENCY = 6;
const OBSERVE = '/observe/observables';
const PANEL = [{ type: 'ip', value: '198.51.100.250' }];

interface Load {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** The length of a load, in autocannon's terms. */
type Extent = readonly ['-d' | '-a', number];

/** Sends one body repeatedly, from another process; throws unless all answers were 200. `[<id>]` becomes another text each time. */
async function load(url: string, body: string, connections: number, [unit, count]: Extent): Promise<Load> {
  const args = ['-j', '-n', '-c', String(connections), unit, String(count), '-m', 'POST', '-I', '-b', body, url + OBSERVE];
  const { stdout } = await run(process.execPath, [autocannon, ...args], { maxBuffer: 64 * 1024 * 1024 });
  const result = JSON.parse(stdout) as {
    requests: { average: number };
    latency: { p99: number };
    non2xx: number;
    errors: number;
  };
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} wrong answers and ${result.errors} errors`);
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 };
}

/** The medians of two servers, loaded in turn. */
async function compare(
  own: (extent: Extent) => Promise<Load>,
  bare: (extent: Extent) => Promise<Load>,
): Promise<{ own: Load; bare: Load }> {
  const [owns, bares]: [Load[], Load[]] = [[], []];
  for (const warmUp of [bare, own]) await warmUp(['-a', WARMING_REQUESTS]);
  for (let round = 0; round < ROUNDS; round += 1) {
    bares.push(await bare(['-d', SECONDS]));
    owns.push(await own(['-d', SECONDS]));
  }
  return { own: toMedians(owns), bare: toMedians(bares) };
}

function toMedians(loads: readonly Load[]): Load {
  return { perSecond: median(loads.map(({ perSecond }) => perSecond)), p99Ms: median(loads.map(({ p99Ms }) => p99Ms)) };
}

/** One observable from memory, against a server that only reads the body and answers with as many bytes. */
export async function measureMemory(): Promise<Figure[]> {
  const body = JSON.stringify(PANEL);
  const { own, bare } = await withTracker(0, (apiUrl) =>
    withRelay(['--api-url', apiUrl], async (relayUrl) => {
      const answer = await (await fetch(relayUrl + OBSERVE, { method: 'POST', body })).text();
      return withRole('bare', answer, (bareUrl) =>
        compare(
          (extent) => load(relayUrl, body, CONNECTIONS, extent),
          (extent) => load(bareUrl, body, CONNECTIONS, extent),
        ),
      );
    }),
  );
  return [
    toRateFigure('relay, one observable from memory', own, bare, { than: 'bare server', least: 0.2 }),
    {
      what: 'the same, p99',
      measured: `${own.p99Ms} ms`,
      baseline: `bare server: ${bare.p99Ms} ms`,
      // Latencies are whole milliseconds; less than one counts as one.
      ratio: Math.max(own.p99Ms, 1) / Math.max(bare.p99Ms, 1),
      limit: { most: 5 },
    },
  ];
}

/** One observable, another one each time, looked up live, against the simplest proxy that does the same. */
export async function measureLive(): Promise<Figure> {
  const body = '[{"type":"url","value":"http://panel.example/[<id>]"}]';
  const { own, bare } = await withTracker(0, (apiUrl) =>
    withRelay(['--api-url', apiUrl, '--no-cache'], (relayUrl) =>
      withRole('proxy', apiUrl, (proxyUrl) =>
        compare(
          (extent) => load(relayUrl, body, CONCURRENCY, extent),
          (extent) => load(proxyUrl, body, CONCURRENCY, extent),
        ),
      ),
    ),
  );
  return toRateFigure('relay, one observable, always live', own, bare, { than: 'bare proxy', least: 0.5 });
}

function toRateFigure(what: string, own: Load, bare: Load, { than, least }: { than: string; least: number }): Figure {
  return {
    what,
    measured: `${own.perSecond.toFixed(0)} a second`,
    baseline: `${than}: ${bare.perSecond.toFixed(0)} a second`,
    ratio: own.perSecond / bare.perSecond,
    limit: { least },
  };
}

const CALLERS = 32;
const MOST_LATE = 8;

/** More callers at a slow tracker than can be answered before their deadline. */
export async function measureOverload(): Promise<Figure> {
  const toBody = (caller: number) =>
    JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ type: 'url', value: `http://c${caller}.example/${at}` })));
  const answers = await withTracker(LATENCY_MS, (apiUrl) =>
    withRelay(['--api-url', apiUrl], (relayUrl) =>
      Promise.all(
        Array.from({ length: CALLERS }, async (_, caller) =>
          (await fetch(relayUrl + OBSERVE, { method: 'POST', body: toBody(caller) })).text(),
        ),
      ),
    ),
  );
  const complete = answers.filter((answer) => answer === '{"data":{}}\n').length;
  return {
    what: `relay, ${CALLERS} callers with 100 lookups each, ${LATENCY_MS} ms of latency, 25 s: whole answers`,
    measured: `${complete}`,
    baseline: `callers: ${CALLERS}`,
    ratio: complete / CALLERS,
    limit: { least: (CALLERS - MOST_LATE) / CALLERS },
  };
}

/** One request with 100 observables at a slow tracker. */
export async function measureBatch(): Promise<Figure> {
  const times: number[] = [];
  await withTracker(LATENCY_MS, (apiUrl) =>
    withRelay(['--api-url', apiUrl, '--no-cache'], async (relayUrl) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const body = JSON.stringify(Array.from({ length: 100 }, (_, at) => ({ type: 'ip', value: `198.51.100.${at + 1}` })));
        times.push(
          await timeMs(async () => {
            const answer = await (await fetch(relayUrl + OBSERVE, { method: 'POST', body })).text();
            if (answer !== '{"data":{}}\n') throw new Error(`the relay answered ${answer}`);
          }),
        );
      }
    }),
  );
  const idealMs = Math.ceil(100 / CONCURRENCY) * LATENCY_MS;
  return {
    what: `relay, 100 observables, ${LATENCY_MS} ms of latency`,
    measured: `${median(times).toFixed(0)} ms`,
    baseline: `ideal: ${idealMs} ms`,
    ratio: median(times) / idealMs,
    limit: { most: 1.25 },
  };
}
