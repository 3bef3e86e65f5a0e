import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sampleSnapshotText } from '../../src/tracker/sample-snapshot.ts';
import { listenOnLoopback } from '../helpers/loopback-server.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { at } from '../helpers/openapi.ts';
import { withoutTimes } from '../helpers/readme.ts';
import { like, readAnswer, runMain, spawnCct, startMain } from '../helpers/run-cct.ts';
import { openRaw, startServe, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker, writeTempFile } from './live.ts';

const SAMPLE = ['--snapshot', 'sample'];
// Not every container has one.
const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
const SECRET = 'a secret of thirty-two bytes, or so';

describe('the relay and the command line', () => {
  test.each(['observe', 'deliberate'])('give the same bytes but for times: %s', async (mode) => {
    const everything = sampleSnapshotText
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split('\t'))
      .flatMap(([, , url = '', ip = '']) => [
        { type: 'url', value: `https://${url}` },
        ...(ip === '' ? [] : [{ type: 'ip', value: ip }]),
      ]);
    const asked = JSON.stringify([...(JSON.parse(readFileSync('observables.json', 'utf8')) as unknown[]), ...everything]);
    const relay = await startServe(SAMPLE);
    const [response, run] = await Promise.all([
      relay.post(`/${mode}/observables`, asked),
      runMain([mode, '-q', ...SAMPLE], { stdin: asked, now: () => new Date() }),
    ]);
    const text = await response.text();
    expect(withoutTimes(text)).toBe(withoutTimes(run.stdout));
    expect(validateAnswer(JSON.parse(text))).toEqual([]);
    expect(readAnswer(text).verdicts?.length).toBeGreaterThan(8);
  });

  test('tell the same failures', async () => {
    const tracker = await openTracker({
      listings: { '198.51.100.60': 'Malicious: Pony' },
      faults: {
        '192.0.2.1': { kind: 'status', status: 500 },
        'a.example/x': 'html',
        '192.0.2.2': { kind: 'status', status: 500 },
      },
    });
    const asked = JSON.stringify(
      ['198.51.100.60', '192.0.2.1', '192.0.2.2', '10.0.0.8']
        .map((value) => ({ type: 'ip', value }))
        .concat({ type: 'url', value: 'http://a.example/x' }),
    );
    const relay = await startServe(asking(tracker));
    const [response, run] = await Promise.all([
      relay.post('/observe/observables', asked),
      runMain(['observe', '-q', ...asking(tracker)], { stdin: asked, now: () => new Date() }),
    ]);
    const text = await response.text();
    expect(withoutTimes(text)).toBe(withoutTimes(run.stdout));
    expect(readAnswer(text).errors.map(({ code }) => code)).toEqual(['service unavailable', 'key error']);
  });
});

describe('cct serve', () => {
  test('answers from the live tracker, and asks it exactly what was meant', async () => {
    const value = 'http://panel.example/r?u=http://good.example/x&b=2#frag';
    const tracker = await openTracker({ listings: { [value.slice(7)]: 'Malicious: Pony' } });
    const relay = await startServe(asking(tracker));
    const text = await (await relay.post('/observe/observables', [{ type: 'url', value }])).text();
    expect(readAnswer(text)).toEqual({ verdicts: [value], judgements: [value], errors: [] });
    expect(tracker.lookups().map(({ key }) => key)).toEqual([value.slice(7)]);
  });

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

  test('asks a snapshot about what is private, and the tracker only when it is told to', async () => {
    const tracker = await openTracker();
    const relays = [
      await startServe(SAMPLE),
      await startServe(asking(tracker)),
      await startServe([...asking(tracker), '--include-private']),
    ];
    for (const relay of relays) await relay.post('/observe/observables', [{ type: 'ip', value: '10.0.0.8' }]);
    expect(relays.map((relay) => relay.logged().at(-1))).toMatchObject([{ unlisted: 1 }, { skipped: 1 }, { unlisted: 1 }]);
    expect(tracker.lookups().map(({ key }) => key)).toEqual(['10.0.0.8']);
  });

  test('gives a request 25 seconds', async () => {
    const wait = (seconds: number) => ({ kind: 'status', status: 503, retryAfter: seconds }) as const;
    const tracker = await openTracker({ faults: { '192.0.2.1': wait(24), '192.0.2.2': wait(26) } });
    const nowMs = Date.UTC(2026, 0, 2);
    const relay = await startServe(['--api-url', tracker.url, '--retries', '1', '-v'], { now: () => new Date(nowMs) });
    // A wait that would end after the deadline is not begun.
    const late = await relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.2' }]);
    expect(readAnswer(await late.text()).errors).toMatchObject([{ message: like(/503/) }]);
    const leaving = new AbortController();
    const early = relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.1' }], { signal: leaving.signal });
    await relay.said(/asking again in 24000 ms/);
    leaving.abort();
    await early.catch(() => undefined);
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
        '<time> stopping: no new connections, requests under way may finish',
        '',
      ].join('\n'),
    );
  });

  test('says nothing but problems with -q', async () => {
    const run = startMain(['serve', '--port', '0', '-q', ...SAMPLE]);
    run.stop('SIGTERM');
    expect(await run.finished).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('ends with 0 when it is stopped, by either signal, and prints nothing on stdout', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const relay = await startServe(SAMPLE);
      expect(await relay.stop(signal)).toMatchObject({ status: 0, stdout: '' });
    }
  });

  test('ends with 0 when it is stopped before it listens', async () => {
    const run = startMain(['serve', '--port', '0', ...SAMPLE]);
    run.stop('SIGTERM');
    const { status, stderr } = await run.finished;
    expect([status, stderr]).toEqual([0, like(/listening on[^]*stopping: no new connections[^]*\n$/)]);
  });

  test('leaves no connection to the tracker behind when it is stopped', async () => {
    const sockets: Socket[] = [];
    const http = createServer((_request, response) => response.end('{}'));
    http.on('connection', (socket) => sockets.push(socket));
    const tracker = await listenOnLoopback(http);
    onTestFinished(() => tracker.close());
    const relay = await startServe(['--api-url', `http://127.0.0.1:${tracker.port}/`, '--retries', '0']);
    await relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.1' }]);
    const [socket] = sockets;
    expect([sockets.length, socket?.closed]).toEqual([1, false]);
    await relay.stop();
    if (socket && !socket.closed) await once(socket, 'close');
  });

  test('ends what is under way 9 seconds after a stop, with what is ready, and cuts off the rest a second later', async () => {
    const tracker = await openTracker({
      faultEverywhere: 'stalled-headers',
      rootFault: 'stalled-headers',
      faults: { '192.0.2.2': { kind: 'slow', delayMs: 0 } },
    });
    const relay = await startServe([...asking(tracker), '--timeout', '1m', '--deadline', '1m']);
    const raw = openRaw(relay.port);
    raw.send('POST /observe/observables HTTP/1.1\r\nHost: relay.example\r\nContent-Length: 10\r\n\r\n12345');
    const answer = relay.post(
      '/observe/observables',
      ['192.0.2.1', '192.0.2.2'].map((value) => ({ type: 'ip', value })),
    );
    const health = relay.post('/health', '');
    await waitUntil(() => tracker.requests.length === 3);
    const stopped = relay.stop();
    expect(readAnswer(await (await answer).text()).errors).toMatchObject([
      { message: 'Interrupted before it was answered: 192.0.2.1' },
    ]);
    expect(await (await health).json()).toMatchObject({ errors: [{ message: 'Interrupted before it was answered' }] });
    expect([await raw.received(), (await stopped).status]).toEqual(['', 0]);
  });

  test('lets a request under way finish when it is stopped', async () => {
    const tracker = await openTracker({ latencyMs: 300 });
    const relay = await startServe(asking(tracker));
    const answer = relay.post('/observe/observables', [{ type: 'ip', value: '192.0.2.1' }]);
    await waitUntil(() => tracker.lookups().length === 1);
    const [response, run] = await Promise.all([answer, relay.stop()]);
    expect([await response.text(), run.status]).toEqual(['{"data":{}}\n', 0]);
  });

  test('serves from a snapshot that is old, and says so once', async () => {
    const file = writeTempFile('list.tsv', sampleSnapshotText);
    const relay = await startServe(['--snapshot', file]);
    expect(relay.logged()[0]).toMatchObject({ level: 'info', msg: like(/^the snapshot is of 2018-01-31, \d+ days old/) });
  });

  test('warns when everybody can call it, and only then', async () => {
    const open = await startServe([...SAMPLE, '--host', '0.0.0.0', '--allow-anonymous']);
    expect(open.logged()).toMatchObject([
      { level: 'warn', msg: '0.0.0.0 can be reached by others, and everybody may call: there is no authentication' },
      { level: 'info', msg: `listening on ${open.url} · no authentication` },
    ]);
    const local = await startServe([...SAMPLE, '--allow-anonymous']);
    expect(local.logged().map(({ level }) => level)).toEqual(['info']);
    const closed = await startServe([...SAMPLE, '--host', '0.0.0.0', '--allow-anonymous'], { env: { CCT_JWT_SECRET: SECRET } });
    expect(closed.logged()).toMatchObject([{ level: 'info', msg: `listening on ${closed.url} · HS256 tokens` }]);
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
      refused: 'This is not HTTP, or broken',
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
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d GET · unknown · 400 · The request has no Host header · 127\.0\.0\.1$/m);
  });

  test('says what its OpenAPI document gives as examples', async () => {
    const tracker = await openTracker({
      faultEverywhere: { kind: 'status', status: 503 },
      rootFault: { kind: 'status', status: 503 },
    });
    const relay = await startServe([...asking(tracker), '--retries', '0']);
    const document: unknown = await (await fetch(`${relay.url}/openapi.json`)).json();
    const exampleOf = (path: string, method: string, name: string) =>
      at(document, ['paths', path, method, 'responses', '200', 'content', 'application/json', 'examples', name, 'value']);
    const asked = at(document, [
      'paths',
      '/deliberate/observables',
      'post',
      'requestBody',
      'content',
      'application/json',
      'examples',
      'observables',
      'value',
    ]);
    const said = async (answer: Promise<Response>): Promise<unknown> => (await answer).json();
    expect(await said(relay.post('/deliberate/observables', asked))).toEqual(
      exampleOf('/deliberate/observables', 'post', 'none'),
    );
    expect(await said(relay.post('/health', ''))).toEqual(exampleOf('/health', 'post', 'failed'));
    expect(await said(relay.post('/refer/observables', '{'))).toEqual(exampleOf('/refer/observables', 'post', 'refused'));
    expect(await said(fetch(`${relay.url}/watchdog`))).toEqual(exampleOf('/watchdog', 'get', 'missing'));
  });

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
        `process_resident_memory_bytes ${64 * 1024 * 1024}`,
      ]),
    );
    const startedAt = Number(/^process_start_time_seconds (.*)$/m.exec(figures)?.[1]);
    expect(Math.abs(startedAt - Date.now() / 1000)).toBeLessThan(60);
  });

  test('gives figures about a snapshot too, where nothing is in flight and no breaker is', async () => {
    const relay = await startServe([...SAMPLE, '--metrics']);
    await relay.post('/observe/observables', [{ type: 'ip', value: '198.51.100.60' }]);
    const figures = await (await fetch(`${relay.url}/metrics`)).text();
    expect(figures.split('\n')).toEqual(
      expect.arrayContaining(['cct_lookups_total{outcome="listed"} 1', 'cct_lookups_in_flight 0', 'cct_lookups_waiting 0']),
    );
    expect(figures).not.toContain('cct_breaker_state{');
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

  test.each(['localhost', 'LOCALHOST', '127.0.0.1'])('asks for no authentication on %s', async (host) => {
    const relay = await startServe([...SAMPLE, '--host', host]);
    expect((await relay.post('/version', '')).status).toBe(200);
  });

  test.skipIf(!hasIpv6)('asks for no authentication on ::1', async () => {
    const relay = await startServe([...SAMPLE, '--host', '::1']);
    expect((await relay.post('/version', '')).status).toBe(200);
  });

  test('listens anywhere with --allow-anonymous', async () => {
    const relay = await startServe([...SAMPLE, '--host', '0.0.0.0', '--allow-anonymous']);
    expect((await fetch(`http://127.0.0.1:${relay.port}/watchdog`)).status).toBe(200);
  });
});

describe('cct serve does not start', () => {
  const fail = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runMain(['serve', '--port', '0', ...SAMPLE, ...args], { env });
  const refused = (message: string) => ({ status: 2, stdout: '', stderr: `cct: ${message}\n` });

  test('on an address that others reach, without authentication', async () => {
    const openDoor = (host: string) =>
      refused(
        `${host} can be reached by others, and no authentication is set: give --jwt-secret-file or --jwks-host, or allow everybody with --allow-anonymous`,
      );
    const hosts = ['0.0.0.0', '::', '192.0.2.1', 'relay.example', '127.0.0.1.example', '128.0.0.1'];
    expect(await Promise.all(hosts.map((host) => fail(['--host', host])))).toEqual(hosts.map(openDoor));
    expect(await fail([], { CCT_HOST: '0.0.0.0' })).toEqual(openDoor('0.0.0.0'));
    expect(await fail([], { CCT_HOST: '0.0.0.0', CCT_ALLOW_ANONYMOUS: '0' })).toEqual(openDoor('0.0.0.0'));
  });

  test('on a port in use', async () => {
    const relay = await startServe(SAMPLE);
    expect(await runMain(['serve', ...SAMPLE, '--port', String(relay.port)])).toEqual(
      refused(`cannot listen on 127.0.0.1, port ${relay.port}: it is in use. Choose another with --port`),
    );
  });

  test('with settings that are none', async () => {
    expect(await runMain(['serve', ...SAMPLE], { env: { PORT: 'tcp://10.0.0.1:80' } })).toEqual(
      refused('PORT: expected a whole number from 0 to 65535, got "tcp://10.0.0.1:80"'),
    );
    expect(await fail(['--jwks-host', 'https://keys.example/', '--audience', 'x'])).toEqual(
      refused(
        '--jwks-host: expected host names, each with or without a port, and commas between them, got "https://keys.example/"',
      ),
    );
  });

  test('with authentication that is none or two', async () => {
    const file = writeTempFile('secret', `${SECRET}\n`);
    const short = writeTempFile('short', 'short\n');
    expect(await fail(['--audience', 'https://relay.example'])).toEqual(
      refused('--audience has no effect without a secret (--jwt-secret-file) or --jwks-host'),
    );
    expect(await fail(['--jwks-host', 'keys.example'])).toEqual(
      refused('--jwks-host needs --audience: the origin of this relay as callers know it'),
    );
    expect(await fail(['--jwks-host', 'keys.example', '--audience', 'x', '--jwt-secret-file', file])).toEqual(
      refused('a secret and --jwks-host contradict each other: give one of them'),
    );
    expect(await fail([], { CCT_JWT_SECRET: SECRET, CCT_JWT_SECRET_FILE: file })).toEqual(
      refused('CCT_JWT_SECRET and CCT_JWT_SECRET_FILE contradict each other: set one of them'),
    );
    expect(await fail(['--jwt-secret-file', short])).toEqual(
      refused('The secret for HS256 tokens has 5 bytes; RFC 7518, section 3.2, asks for 32 or more'),
    );
    const long = writeTempFile('long', 'x'.repeat(64 * 1024 + 1));
    expect(await fail(['--jwt-secret-file', long])).toEqual(refused(`cannot read ${long}: it is larger than 65536 bytes`));
    expect(await fail(['--jwt-secret-file', '/no/such/file'])).toEqual(refused('cannot read /no/such/file: no such file'));
  });

  test.each(['CCT_JWT_SECRET', 'CCT_JWT_SECRET_FILE', 'CCT_JWKS_HOST'])('with an empty %s', async (name) => {
    expect(await fail([], { [name]: '' })).toEqual(refused(`${name} is set, but empty: give it a value, or unset it`));
    expect(await runMain(['observe', '-q', ...SAMPLE, '--ip', '192.0.2.1'], { env: { [name]: '' } })).toMatchObject({
      status: 0,
    });
  });

  test('without a snapshot to ask', async () => {
    expect(await runMain(['serve', '--port', '0', '--offline'])).toMatchObject({ status: 4, stdout: '' });
  });

  test('with arguments', async () => {
    expect(await runMain(['serve', 'x'])).toMatchObject({ status: 2, stdout: '' });
  });
});

/** A relay as a process of its own, with a request under way that its tracker lets wait. */
async function spawnBusyServe() {
  const tracker = await openTracker({ faultEverywhere: 'stalled-headers' });
  const run = spawnCct(['serve', '--port', '0', ...asking(tracker)]);
  const [url] = await run.said(/http:\/\/[\d.:]+/);
  const raw = openRaw(Number(new URL(url).port));
  const body = '[{"type":"ip","value":"192.0.2.1"}]';
  raw.send(`POST /observe/observables HTTP/1.1\r\nHost: relay.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await waitUntil(() => tracker.lookups().length === 1);
  return run;
}

describe('cct serve as a process', () => {
  test('is told by PORT where to listen, and stops at a signal', async () => {
    const run = spawnCct(['serve', ...SAMPLE], { env: { PORT: '0' } });
    const url = await run.said(/http:\/\/[\d.:]+/);
    const response = await fetch(`${url[0]}/version`, { method: 'POST' });
    expect(await response.json()).toEqual({ version: like(/^\d+\.\d+\.\d+$/) });
    run.kill('SIGTERM');
    expect(await run.finished).toMatchObject({ status: 0, signal: null, stdout: '' });
  });

  test('has nothing left to wait for when it has stopped', async () => {
    const tracker = await openTracker();
    const run = spawnCct(['serve', '--port', '0', ...asking(tracker)]);
    const [url] = await run.said(/http:\/\/[\d.:]+/);
    const bodies = { '/observe/observables': '[{"type":"ip","value":"192.0.2.1"}]', '/health': '' };
    for (const [path, body] of Object.entries(bodies)) await (await fetch(url + path, { method: 'POST', body })).text();
    run.kill('SIGTERM');
    await run.said(/stopping/);
    const stoppedMs = performance.now();
    expect((await run.finished).status).toBe(0);
    // Its deadline and the time for a stop are longer.
    expect(performance.now() - stoppedMs).toBeLessThan(5000);
  });

  test('lives when nobody reads its log any more', async () => {
    const run = spawnCct(['serve', '--port', '0', ...SAMPLE]);
    const [url] = await run.said(/http:\/\/[\d.:]+/);
    run.stderr.destroy();
    for (let asked = 0; asked < 3; asked += 1) expect((await fetch(`${url}/watchdog`)).status).toBe(200);
    run.kill('SIGTERM');
    expect((await run.finished).status).toBe(0);
  });

  test('ends in time although the reader of its log has stalled', { timeout: 20_000 }, async () => {
    const run = spawnCct(['serve', '--port', '0', ...SAMPLE]);
    const [url] = await run.said(/http:\/\/[\d.:]+/);
    run.stderr.pause();
    const raw = openRaw(Number(new URL(url).port));
    // Some lines more than the pipe and both of its ends hold.
    const request = `GET /watchdog HTTP/1.1\r\nHost: relay.example\r\nX-Request-Id: ${'x'.repeat(128)}\r\n\r\n`;
    raw.send(`${request.repeat(2_000)}GET /version HTTP/1.1\r\nHost: relay.example\r\n\r\n`);
    await raw.received(/ 405 /);
    const startedMs = performance.now();
    run.kill('SIGTERM');
    await new Promise<void>((resolve) => run.onExit(() => resolve()));
    expect(performance.now() - startedMs).toBeLessThan(11_000);
    run.stderr.resume();
  });

  test.each([
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('ends at once at %s followed by %s', async (first, second) => {
    const run = await spawnBusyServe();
    run.kill(first);
    await run.said(/stopping/);
    run.kill(second);
    expect((await run.finished).signal).toBe(second);
  });

  test('ends at once at a second signal', async () => {
    const run = await spawnBusyServe();
    run.kill('SIGTERM');
    await run.said(/stopping/);
    const again = setInterval(() => run.kill('SIGTERM'), 100);
    const { signal } = await run.finished;
    clearInterval(again);
    expect(signal).toBe('SIGTERM');
  });
});
