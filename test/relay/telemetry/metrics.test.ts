import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { endpoints } from '../../../src/relay/endpoints.ts';
import type { Metrics, RelayState } from '../../../src/relay/telemetry/metrics.ts';
import { countLookups, countRefusals, createMetrics } from '../../../src/relay/telemetry/metrics.ts';
import { createTracker, patient, toListed, toQuestion, unlisted } from '../../core/samples.ts';
import { like } from '../../helpers/run-cct.ts';

const BUSY: RelayState = { inFlight: 2, waiting: 3, breaker: 'closed' };

/** The series of a family whose value is not 0, without the family's name. */
async function read(metrics: Metrics, family: string, tracker = BUSY): Promise<string[]> {
  return (await readAll(metrics, family, tracker)).filter((line) => !line.endsWith(' 0'));
}

async function readAll(metrics: Metrics, family: string, tracker = BUSY): Promise<string[]> {
  const lines = (await metrics.write(tracker)).split('\n');
  return lines.filter((line) => line.startsWith(family)).map((line) => line.slice(family.length));
}

describe('the metrics at the start', () => {
  test('have every family, with its type, and of the process too', async () => {
    const text = await createMetrics({ version: '1.2.3' }).write(BUSY);
    const families = [...text.matchAll(/^# TYPE (.*)$/gm)].map(([, family]) => family);
    expect(families.filter((family) => family?.startsWith('cct_'))).toEqual([
      'cct_build_info gauge',
      'cct_http_requests_total counter',
      'cct_http_request_duration_seconds histogram',
      'cct_http_callers_left_total counter',
      'cct_http_connections_dropped_total counter',
      'cct_authorization_failures_total counter',
      'cct_http_requests_in_flight gauge',
      'cct_observables_total counter',
      'cct_lookups_total counter',
      'cct_cache_requests_total counter',
      'cct_lookups_in_flight gauge',
      'cct_lookups_waiting gauge',
      'cct_breaker_state gauge',
    ]);
    expect(families).toEqual(expect.arrayContaining(['process_resident_memory_bytes gauge', 'process_start_time_seconds gauge']));
    expect(text).toContain('cct_build_info{version="1.2.3"} 1\n');
  });

  test('have every counter and histogram, at 0', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    const routes = [...endpoints.map(({ path }) => path), 'unknown'].map((route) => `{route="${route}"} 0`);
    expect(await readAll(metrics, 'cct_http_request_duration_seconds_count')).toEqual(routes);
    expect(await readAll(metrics, 'cct_http_callers_left_total')).toEqual(routes);
    expect(await readAll(metrics, 'cct_http_connections_dropped_total')).toEqual([' 0']);
    expect(await readAll(metrics, 'cct_authorization_failures_total')).toEqual([' 0']);
    expect(await readAll(metrics, 'cct_observables_total')).toEqual(
      ['listed', 'unlisted', 'failed', 'skipped'].map((outcome) => `{outcome="${outcome}"} 0`),
    );
    expect(await readAll(metrics, 'cct_lookups_total')).toEqual(
      ['listed', 'unlisted', 'failed'].map((outcome) => `{outcome="${outcome}"} 0`),
    );
    expect(await readAll(metrics, 'cct_cache_requests_total')).toEqual(['{result="hit"} 0', '{result="miss"} 0']);
    expect(await read(metrics, 'cct_http_requests_total')).toEqual([]);
    expect(await readAll(metrics, 'cct_http_requests_total')).toEqual(
      expect.arrayContaining([
        ...endpoints.map(({ path }) => `{route="${path}",status="200"} 0`),
        '{route="/observe/observables",status="413"} 0',
        '{route="/observe/observables",status="408"} 0',
        '{route="/metrics",status="401"} 0',
        '{route="unknown",status="404"} 0',
      ]),
    );
  });

  test('belong to one relay', async () => {
    const [one, other] = [createMetrics({ version: '1.2.3' }), createMetrics({ version: '1.2.3' })];
    one.countCache('hit');
    expect(await read(other, 'cct_cache_requests_total')).toEqual([]);
  });
});

describe('the metrics count', () => {
  test('requests by route and status', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    metrics.countRequest({ route: '/health', status: 200, durationMs: 1 });
    metrics.countRequest({ route: '/health', status: 200, durationMs: 1 });
    metrics.countRequest({ route: '/', status: 499, durationMs: 1, hasLeft: true });
    metrics.countRefused(404);
    metrics.countRefused(undefined);
    expect(await read(metrics, 'cct_http_requests_total')).toEqual([
      '{route="/health",status="200"} 2',
      '{route="unknown",status="404"} 1',
      '{route="/",status="499"} 1',
    ]);
    expect(await read(metrics, 'cct_http_callers_left_total')).toEqual(['{route="/"} 1']);
    expect(await read(metrics, 'cct_http_connections_dropped_total')).toEqual([' 1']);
  });

  test('the durations of requests in seconds, in every bucket that they fit in, its bound included', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    for (const durationMs of [1, 1.001, 40, 30_000, 30_001]) metrics.countRequest({ route: '/health', status: 200, durationMs });
    const lines = await read(metrics, 'cct_http_request_duration_seconds');
    expect(lines.map((line) => line.replace('_bucket{le=', '').replace(',route="/health"}', ''))).toEqual([
      ...['"0.001" 1', '"0.0025" 2', '"0.005" 2', '"0.01" 2', '"0.025" 2', '"0.05" 3', '"0.1" 3', '"0.25" 3'],
      ...['"0.5" 3', '"1" 3', '"2.5" 3', '"5" 3', '"10" 3', '"20" 3', '"30" 4', '"+Inf" 5'],
      ...[like(/^_sum\{route="\/health"\} 60\.043001/), '_count{route="/health"} 5'],
    ]);
  });

  test('requests in flight', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    metrics.requestStarted();
    metrics.requestStarted();
    metrics.requestEnded();
    expect(await readAll(metrics, 'cct_http_requests_in_flight')).toEqual([' 1']);
  });

  test('observables, lookups and uses of the cache', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    metrics.countObservables({ listed: 1, unlisted: 2, skipped: 3, failed: 4 });
    metrics.countObservables({ listed: 10, unlisted: 0, skipped: 0, failed: 0 });
    metrics.countCache('hit');
    metrics.countCache('hit');
    metrics.countCache('miss');
    expect(await read(metrics, 'cct_observables_total')).toEqual([
      '{outcome="listed"} 11',
      '{outcome="unlisted"} 2',
      '{outcome="failed"} 4',
      '{outcome="skipped"} 3',
    ]);
    expect(await read(metrics, 'cct_cache_requests_total')).toEqual(['{result="hit"} 2', '{result="miss"} 1']);
  });
});

describe('the metrics of the tracker', () => {
  test('are those of the moment', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    await metrics.write(BUSY);
    const tracker = { inFlight: 1, waiting: 7, breaker: 'half-open' } as const;
    expect(await readAll(metrics, 'cct_lookups_in_flight', tracker)).toEqual([' 1']);
    expect(await readAll(metrics, 'cct_lookups_waiting', tracker)).toEqual([' 7']);
    expect(await readAll(metrics, 'cct_breaker_state', tracker)).toEqual([
      '{state="closed"} 0',
      '{state="open"} 0',
      '{state="half-open"} 1',
    ]);
  });

  test('have no breaker where a snapshot answers', async () => {
    const text = await createMetrics({ version: '1.2.3' }).write({ inFlight: 0, waiting: 0, breaker: undefined });
    expect(text).not.toContain('breaker');
  });
});

describe('the metrics of what the relay depends on', () => {
  test('have the shared cache as 1 or 0, and not at all without one', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    expect(await readAll(metrics, 'cct_shared_cache_up')).toEqual([]);
    expect(await readAll(metrics, 'cct_shared_cache_up', { ...BUSY, isCacheReachable: true })).toEqual([' 1']);
    expect(await readAll(metrics, 'cct_shared_cache_up', { ...BUSY, isCacheReachable: false })).toEqual([' 0']);
  });

  test('have the keys of each key host that was fetched', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    expect(await readAll(metrics, 'cct_key_set_keys')).toEqual([]);
    const keysByHost = new Map([
      ['one.example', 2],
      ['two.example', 0],
    ]);
    expect(await readAll(metrics, 'cct_key_set_keys', { ...BUSY, keysByHost })).toEqual([
      '{host="one.example"} 2',
      '{host="two.example"} 0',
    ]);
  });
});

describe('an authenticator whose refusals are counted', () => {
  test('answers as before, and counts refused tokens only', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    const failures = { missing: new CctError('unauthorized', 'missing'), bug: new CctError('internal', 'bug') };
    const authenticate = countRefusals((given) => {
      if (given === 'missing' || given === 'bug') return Promise.reject(failures[given]);
      return Promise.resolve();
    }, metrics);
    await authenticate('good');
    await expect(authenticate('missing')).rejects.toBe(failures.missing);
    await expect(authenticate('bug')).rejects.toBe(failures.bug);
    expect(await readAll(metrics, 'cct_authorization_failures_total')).toEqual([' 1']);
  });
});

describe('a tracker whose lookups are counted', () => {
  const down = new CctError('unavailable', 'down');

  test('answers as before, and counts each outcome', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    const inner = createTracker(({ key }) => {
      if (key.endsWith('down')) return Promise.reject(down);
      return Promise.resolve(key.endsWith('bad') ? toListed() : unlisted);
    });
    const tracker = countLookups(inner, metrics);
    expect(await tracker.lookup(toQuestion('bad'), patient)).toEqual(toListed());
    expect(await tracker.lookup(toQuestion('good'), patient)).toBe(unlisted);
    expect(await tracker.lookup(toQuestion('fine'), patient)).toBe(unlisted);
    await expect(tracker.lookup(toQuestion('down'), patient)).rejects.toBe(down);
    expect(inner.asked).toEqual(['bad', 'good', 'fine', 'down'].map((path) => `panel.example/${path}`));
    expect(await read(metrics, 'cct_lookups_total')).toEqual([
      '{outcome="listed"} 1',
      '{outcome="unlisted"} 2',
      '{outcome="failed"} 1',
    ]);
  });

  test('passes all else on', async () => {
    const called: string[] = [];
    const tracker = countLookups(
      {
        ...createTracker(() => Promise.resolve(unlisted)),
        identify: ({ type, key }) => `${type} ${key}`,
        ping: () => Promise.reject(down),
        close: () => void called.push('close'),
      },
      { countLookup: () => undefined },
    );
    expect(tracker.identify({ type: 'ip', key: '192.0.2.1' })).toBe('ip 192.0.2.1');
    await expect(tracker.ping(patient)).rejects.toBe(down);
    await tracker.close();
    expect(called).toEqual(['close']);
  });
});
