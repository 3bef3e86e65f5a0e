import { describe, expect, test } from 'vitest';
import { like, startMain } from '../helpers/run-cct.ts';
import { openRaw, startServe } from '../helpers/serve.ts';
import { asking, openTracker, SAMPLE } from './live.ts';

describe('the log of cct serve', () => {
  test('logs a JSON line a request, and says where it listens', async () => {
    const relay = await startServe(SAMPLE);
    await relay.post('/observe/observables', [{ type: 'ip', value: '198.51.100.60' }], { headers: { 'X-Request-Id': 'r1' } });
    expect(relay.logged()).toEqual([
      { level: 'info', time: like(/Z$/), msg: `listening on ${relay.url} · no authentication` },
      {
        level: 'info',
        time: like(/Z$/),
        msg: 'request',
        request_id: 'r1',
        method: 'POST',
        route: '/observe/observables',
        status: 200,
        duration_ms: expect.any(Number) as number,
        address: '127.0.0.1',
        listed: 1,
        unlisted: 0,
        skipped: 0,
        failed: 0,
      },
    ]);
  });

  test('tells how long each request took, and gives it an id of its own', async () => {
    const relay = await startServe(SAMPLE);
    const replies = await Promise.all([relay.post('/version', ''), relay.post('/version', '')]);
    const ids = replies.map(({ headers }) => headers.get('x-request-id'));
    expect(ids).toEqual(ids.map(() => like(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)));
    expect(new Set(ids).size).toBe(2);
    const requests = relay.logged().filter(({ msg }) => msg === 'request');
    expect(requests.map((line) => line['request_id']).sort()).toEqual([...ids].sort());
    for (const { duration_ms: took } of requests) expect(took).toBeGreaterThan(0);
  });

  test.each(['-v', '--debug'])('logs what happens on the way to the tracker with %s, and only then', async (flag) => {
    const tracker = await openTracker();
    const asked = [{ type: 'ip', value: '192.0.2.1' }];
    const [plain, verbose] = [await startServe(asking(tracker)), await startServe([...asking(tracker), flag])];
    for (const relay of [plain, verbose]) await relay.post('/observe/observables', asked);
    expect(plain.logged().map(({ level }) => level)).toEqual(['info', 'info']);
    expect(verbose.logged()).toEqual(
      expect.arrayContaining([expect.objectContaining({ level: 'debug', msg: like(/^reply: 200/) })]),
    );
  });

  test('logs observables only with --log-observables, and never a token', async () => {
    const observables = [{ type: 'url', value: 'http://panel.example/\u202e' }];
    const token = 'Bearer secret.secret.secret';
    const plain = await startServe(SAMPLE);
    await plain.post('/observe/observables', observables, { headers: { Authorization: token } });
    const told = await startServe([...SAMPLE, '--log-observables']);
    await told.post('/observe/observables', observables, { headers: { Authorization: token } });
    const [quietRun, toldRun] = await Promise.all([plain.stop(), told.stop()]);
    expect(quietRun.stderr).not.toContain('panel.example');
    expect(toldRun.stderr).toContain(String.raw`"observables":[{"type":"url","value":"http://panel.example/\u202e"}]`);
    expect(quietRun.stderr + toldRun.stderr).not.toContain('secret');
  });

  test('logs lines for people on a terminal', async () => {
    const relay = await startServe(SAMPLE, { isTerminal: { stderr: true } });
    await relay.post('/observe/observables', [{ type: 'ip', value: '198.51.100.60' }]);
    const { stderr } = await relay.stop();
    expect(stderr.replace(/^\d\d:\d\d:\d\d/gm, '<time>').replace(/[\d.]+ ms/, '<ms>')).toBe(
      [
        `<time> listening on ${relay.url} · no authentication`,
        '<time> POST /observe/observables · 200 · <ms> · 1 listed, 0 unlisted, 0 skipped, 0 failed · 127.0.0.1',
        '<time> graceful shutdown: no new connections; open requests can finish',
        '',
      ].join('\n'),
    );
  });

  test('says nothing but problems with -q', async () => {
    const run = startMain(['serve', '--port', '0', '-q', ...SAMPLE]);
    run.stop('SIGTERM');
    expect(await run.finished).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('says whose tokens it takes', async () => {
    const relay = await startServe([...SAMPLE, '--jwks-host', 'a.example,b.example:8443', '--audience', 'x']);
    expect(relay.logged()[0]?.msg).toBe(`listening on ${relay.url} · RS256 tokens of a.example, b.example:8443`);
  });

  test('logs and counts a request that is none', async () => {
    const relay = await startServe([...SAMPLE, '--metrics']);
    const raw = openRaw(relay.port);
    raw.send('nonsense\r\n\r\n');
    await raw.received();
    expect(relay.logged().at(-1)).toEqual({
      level: 'info',
      time: like(/Z$/),
      msg: 'request',
      route: 'unknown',
      status: 400,
      address: '127.0.0.1',
      refused: 'The request is not valid HTTP',
    });
    const metrics = await (await fetch(`${relay.url}/metrics`)).text();
    expect(metrics).toContain('cct_http_requests_total{route="unknown",status="400"} 1\n');
  });

  test('shows a request that is none on a terminal', async () => {
    const relay = await startServe(SAMPLE, { isTerminal: { stderr: true } });
    const raw = openRaw(relay.port);
    raw.send('GET / HTTP/1.1\r\n\r\n');
    await raw.received();
    const { stderr } = await relay.stop();
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d GET unknown · 400 · The request has no Host header · 127\.0\.0\.1$/m);
  });
});
