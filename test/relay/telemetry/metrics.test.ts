import { describe, expect, test } from 'vitest';
import { endpoints } from '../../../src/relay/docs/endpoints.ts';
import { METRICS_CONTENT_TYPE } from '../../../src/relay/telemetry/metrics.ts';
import { parseExposition } from './exposition.ts';
import { BUSY, createReadable, seen, STARTED_AT } from './read-metrics.ts';

describe('the text of the figures', () => {
  test('holds every family, each with its type and a help that ends in a full stop', () => {
    const families = parseExposition(createReadable().write(BUSY));
    expect([...families].map(([name, { type }]) => `${name} ${type}`)).toEqual([
      'cct_build_info gauge',
      'cct_http_requests_total counter',
      'cct_http_request_duration_seconds histogram',
      'cct_http_callers_left_total counter',
      'cct_http_connections_dropped_total counter',
      'cct_http_requests_in_flight gauge',
      'cct_observables_total counter',
      'cct_lookups_total counter',
      'cct_cache_requests_total counter',
      'cct_lookups_in_flight gauge',
      'cct_lookups_waiting gauge',
      'cct_breaker_state gauge',
      'process_resident_memory_bytes gauge',
      'process_start_time_seconds gauge',
    ]);
    expect([...families.values()].filter(({ help }) => !/^[A-Z].*[.]$/.test(help))).toEqual([]);
    expect([...families.values()].filter(({ samples }) => samples.size === 0)).toEqual([]);
  });

  test('is announced as version 0.0.4', () => {
    expect(METRICS_CONTENT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  test('escapes labels', () => {
    expect(createReadable({ version: '1"\\\n2' }).read('cct_build_info')).toEqual({ '{version="1\\"\\\\\\n2"}': 1 });
  });

  test('is not taken by the parser when it is broken', () => {
    const broken = ['# TYPE a counter\na 1\n', '# HELP a x\n# TYPE a counter\na 1', '# HELP a x\n# TYPE a counter\nb 1\n'];
    const more = ['a{b="c"} 1', 'a 1\na 2', 'a{b="c} 1', 'a{b="\\c"} 1', 'a  1', 'a Infinity', '', 'a{} 1'].map(
      (line) => `# HELP a x\n# TYPE a counter\n${line}\n`,
    );
    const isTaken = (text: string) => {
      try {
        return parseExposition(text).size > 0;
      } catch {
        return false;
      }
    };
    expect([...broken, ...more].filter(isTaken)).toEqual(['# HELP a x\n# TYPE a counter\na{b="c"} 1\n']);
  });
});

describe('at the start', () => {
  test('all counters are there and 0', () => {
    const metrics = createReadable();
    expect(metrics.read('cct_observables_total')).toEqual({
      '{outcome="listed"}': 0,
      '{outcome="unlisted"}': 0,
      '{outcome="skipped"}': 0,
      '{outcome="failed"}': 0,
    });
    expect(metrics.read('cct_lookups_total')).toEqual({
      '{outcome="listed"}': 0,
      '{outcome="unlisted"}': 0,
      '{outcome="failed"}': 0,
    });
    expect(metrics.read('cct_cache_requests_total')).toEqual({ '{result="hit"}': 0, '{result="miss"}': 0 });
    const requests = metrics.read('cct_http_requests_total');
    expect(seen(requests)).toEqual({});
    expect(Object.keys(requests)).toEqual(
      expect.arrayContaining([
        ...endpoints.map(({ path }) => `{route="${path}",status="200"}`),
        '{route="/observe/observables",status="413"}',
        '{route="/metrics",status="401"}',
        '{route="unknown",status="404"}',
      ]),
    );
  });

  test('every route has its histogram, all 0', () => {
    const durations = createReadable().read('cct_http_request_duration_seconds');
    expect(Object.keys(durations).filter((series) => series.startsWith('_count'))).toEqual(
      [...endpoints.map(({ path }) => path), 'unknown'].map((route) => `_count{route="${route}"}`),
    );
    expect(seen(durations)).toEqual({});
  });
});

describe('a request', () => {
  test('counts by route and status', () => {
    const metrics = createReadable();
    metrics.countRequest({ route: '/health', status: 200, durationMs: 1 });
    metrics.countRequest({ route: '/health', status: 200, durationMs: 1 });
    metrics.countRequest({ route: '/', status: 500, durationMs: 1 });
    metrics.countRequest({ route: 'unknown', status: 404, durationMs: 1 });
    expect(seen(metrics.read('cct_http_requests_total'))).toEqual({
      '{route="/health",status="200"}': 2,
      '{route="/",status="500"}': 1,
      '{route="unknown",status="404"}': 1,
    });
  });

  test('stands in every bucket that its duration fits in, its bound included', () => {
    const metrics = createReadable();
    for (const durationMs of [1, 1.001, 40, 30_000, 30_001]) metrics.countRequest({ route: '/health', status: 200, durationMs });
    const durations = Object.entries(metrics.read('cct_http_request_duration_seconds')).filter(([series]) =>
      series.includes('"/health"'),
    );
    expect(durations.map(([series, value]) => [series.replace('route="/health"', ''), value])).toEqual([
      ['_bucket{,le="0.001"}', 1],
      ['_bucket{,le="0.0025"}', 2],
      ['_bucket{,le="0.005"}', 2],
      ['_bucket{,le="0.01"}', 2],
      ['_bucket{,le="0.025"}', 2],
      ['_bucket{,le="0.05"}', 3],
      ['_bucket{,le="0.1"}', 3],
      ['_bucket{,le="0.25"}', 3],
      ['_bucket{,le="0.5"}', 3],
      ['_bucket{,le="1"}', 3],
      ['_bucket{,le="2.5"}', 3],
      ['_bucket{,le="5"}', 3],
      ['_bucket{,le="10"}', 3],
      ['_bucket{,le="20"}', 3],
      ['_bucket{,le="30"}', 4],
      ['_bucket{,le="+Inf"}', 5],
      ['_sum{}', expect.closeTo(60.043001, 9)],
      ['_count{}', 5],
    ]);
    expect(seen(metrics.read('cct_http_request_duration_seconds'))).not.toHaveProperty('_count{route="/"}');
  });

  test('is in flight until it ends', () => {
    const metrics = createReadable();
    metrics.requestStarted();
    metrics.requestStarted();
    metrics.requestEnded();
    expect(metrics.read('cct_http_requests_in_flight')).toEqual({ '': 1 });
  });
});

describe('other figures', () => {
  test('observables count by what became of them', () => {
    const metrics = createReadable();
    metrics.countObservables({ listed: 1, unlisted: 2, skipped: 3, failed: 4 });
    metrics.countObservables({ listed: 10, unlisted: 0, skipped: 0, failed: 0 });
    expect(Object.values(metrics.read('cct_observables_total'))).toEqual([11, 2, 3, 4]);
  });

  test('the cache counts hits and misses', () => {
    const metrics = createReadable();
    metrics.countCache('hit');
    metrics.countCache('hit');
    metrics.countCache('miss');
    expect(metrics.read('cct_cache_requests_total')).toEqual({ '{result="hit"}': 2, '{result="miss"}': 1 });
  });

  test('the memory is read when the figures are written', () => {
    let memoryBytes = 0;
    const metrics = createReadable({ readMemoryBytes: () => memoryBytes });
    memoryBytes = 14;
    expect(metrics.read('process_resident_memory_bytes')).toEqual({ '': 14 });
  });

  test('the tracker is as it is told', () => {
    const metrics = createReadable();
    const tracker = { inFlight: 1, waiting: 7, breaker: 'half-open' } as const;
    expect(metrics.read('cct_lookups_in_flight', tracker)).toEqual({ '': 1 });
    expect(metrics.read('cct_lookups_waiting', tracker)).toEqual({ '': 7 });
    expect(metrics.read('cct_breaker_state', tracker)).toEqual({
      '{state="closed"}': 0,
      '{state="open"}': 0,
      '{state="half-open"}': 1,
    });
  });

  test('there is no breaker where a snapshot answers', () => {
    const text = createReadable().write({ inFlight: 0, waiting: 0, breaker: undefined });
    expect(text).not.toContain('breaker');
    expect(parseExposition(text).size).toBe(13);
  });

  test('the start is in seconds since 1970', () => {
    expect(createReadable().read('process_start_time_seconds')).toEqual({ '': STARTED_AT.getTime() / 1000 });
  });
});
