import { createRequire } from 'node:module';
import { join } from 'node:path';
import type autocannon from 'autocannon';
import { createDice, MIXED_PATH, toMixedBody, wrongsOf } from '../bench/mixed.ts';
import { readToldAnswer } from '../helpers/relay-answers.ts';

/** The result of a load. Latencies are of whole answers. */
export interface Load {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Connections that broke, and answers later than ten seconds. */
  readonly broken: number;
}

/** The answers so far. */
export interface Score {
  readonly wrong: string[];
  /** The number of answers by the codes of their errors, joined with `+`; '' without errors. */
  readonly byErrors: Map<string, number>;
}

const CONNECTIONS = 16;
const KEYS_AT_MOST = 8;

// Not bundled: it starts workers from its own files.
const run = createRequire(join(process.cwd(), 'package.json'))('autocannon') as typeof autocannon;

/**
 * Sends generated requests for some seconds, each with one to eight of the first `keys` observables of the mixed load. With a score each
 * answer is checked; its X-Request-Id names the observables of its request.
 */
export async function load(
  url: string,
  { seconds, keys, seed, score }: { seconds: number; keys: number; seed: number; score?: Score },
): Promise<Load> {
  const roll = createDice(seed);
  const result = await run({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    timeout: 10,
    requests: [
      {
        method: 'POST',
        path: MIXED_PATH,
        setupRequest(request) {
          const asked = Array.from({ length: 1 + roll(KEYS_AT_MOST) }, () => roll(keys));
          return { ...request, body: toMixedBody(asked), headers: { 'X-Request-Id': asked.join('.') } };
        },
        ...(score && { onResponse: (status, body, _context, headers) => look(score, status, body, headers) }),
      },
    ],
  });
  const { requests, latency, errors } = result;
  return { answers: requests.total, perSecond: requests.average, p50Ms: latency.p50, p99Ms: latency.p99, broken: errors };
}

function look({ wrong, byErrors }: Score, status: number, body: string, headers: unknown): void {
  const id = Object.entries(Object(headers) as Record<string, string>).find(
    ([name]) => name.toLowerCase() === 'x-request-id',
  )?.[1];
  const told = readToldAnswer(body);
  const wrongs = id === undefined ? ['it has no X-Request-Id'] : wrongsOf(id.split('.').map(Number), told);
  if (status !== 200) wrongs.push(`status ${status}`);
  if (wrongs.length > 0) wrong.push(`${String(id)}: ${wrongs.join('; ')}: ${body}`);
  const codes = [...new Set(told.errorCodes)].sort().join(' + ');
  byErrors.set(codes, (byErrors.get(codes) ?? 0) + 1);
}
