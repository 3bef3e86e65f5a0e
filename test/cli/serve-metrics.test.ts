import { describe, expect, test } from 'vitest';
import { startServe, waitUntil } from '../helpers/serve.ts';
import { HS256_SECRET, signHs256 } from '../helpers/tokens.ts';
import { asking, openTracker, SAMPLE } from './live.ts';

describe('the metrics of cct serve', () => {
  test('gives metrics with --metrics', async () => {
    const tracker = await openTracker({ listings: { '198.51.100.60': 'Malicious: Pony' } });
    const relay = await startServe([...asking(tracker), '--metrics']);
    const observables = [{ type: 'ip', value: '198.51.100.60' }];
    for (let asked = 0; asked < 3; asked += 1) await relay.post('/observe/observables', observables);
    await relay.post('/health', '');
    const figures = await (await fetch(`${relay.url}/metrics`)).text();
    expect(figures.split('\n')).toEqual(
      expect.arrayContaining([
        'cct_http_requests_total{route="/observe/observables",status="200"} 3',
        'cct_observables_total{outcome="listed"} 3',
        'cct_lookups_total{outcome="listed"} 1',
        // That of health.
        'cct_lookups_total{outcome="unlisted"} 1',
        'cct_cache_requests_total{result="hit"} 2',
        'cct_cache_requests_total{result="miss"} 1',
        'cct_lookups_in_flight 0',
        'cct_breaker_state{state="closed"} 1',
      ]),
    );
    expect(Number(/^process_resident_memory_bytes (\d+)$/m.exec(figures)?.[1])).toBeGreaterThan(10 * 1024 ** 2);
    const startedAt = Number(/^process_start_time_seconds (.*)$/m.exec(figures)?.[1]);
    // The relay runs in the process of this test.
    expect(Math.abs(startedAt - (Date.now() / 1000 - process.uptime()))).toBeLessThan(5);
  });

  test('gives figures about a snapshot too, where nothing is in flight and no breaker is', async () => {
    const relay = await startServe([...SAMPLE, '--metrics']);
    await relay.post('/observe/observables', [{ type: 'ip', value: '198.51.100.60' }]);
    const figures = await (await fetch(`${relay.url}/metrics`)).text();
    expect(figures.split('\n')).toEqual(
      expect.arrayContaining(['cct_lookups_total{outcome="listed"} 1', 'cct_lookups_in_flight 0', 'cct_lookups_waiting 0']),
    );
    expect(figures).not.toContain('cct_breaker_state{');
    expect(figures).not.toContain('cct_shared_cache_up');
  });

  test('counts refused tokens apart from the requests that were answered', async () => {
    const relay = await startServe([...SAMPLE, '--metrics'], { env: { CCT_JWT_SECRET: HS256_SECRET } });
    const headers = { Authorization: `Bearer ${signHs256({}, HS256_SECRET)}` };
    await relay.post('/observe/observables', '[]');
    await relay.post('/observe/observables', '[]', { headers });
    await fetch(`${relay.url}/metrics`);
    const figures = await (await fetch(`${relay.url}/metrics`, { headers })).text();
    expect(figures.split('\n')).toEqual(
      expect.arrayContaining([
        'cct_http_requests_total{route="/observe/observables",status="200"} 2',
        'cct_authorization_failures_total 2',
      ]),
    );
  });

  test('tells in its figures what is in flight and what waits', async () => {
    const tracker = await openTracker({ faultEverywhere: 'stalled-headers' });
    const relay = await startServe([...asking(tracker), '--metrics', '--concurrency', '1']);
    const leaving = new AbortController();
    const asked = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((value) => ({ type: 'ip', value }));
    const answer = relay.post('/observe/observables', asked, { signal: leaving.signal }).catch(() => undefined);
    await waitUntil(() => tracker.lookups().length === 1);
    const figures = await (await fetch(`${relay.url}/metrics`)).text();
    expect(figures.split('\n')).toEqual(expect.arrayContaining(['cct_lookups_in_flight 1', 'cct_lookups_waiting 2']));
    leaving.abort();
    await answer;
  });
});
