import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, like, openTempDir, spawnCct } from '../helpers/run-cct.ts';
import { openRaw, waitUntil } from '../helpers/serve.ts';
import { asking, openTracker, SAMPLE } from './live.ts';

/** A relay as a process of its own, and where it listens. */
async function spawnServe(args: readonly string[]) {
  const run = spawnCct(['serve', '--port', '0', ...args]);
  const [url] = await run.said(/http:\/\/[\d.:]+/);
  return { run, url };
}

/** Such a relay with a request under way that its tracker lets wait. */
async function spawnBusyServe() {
  const tracker = await openTracker({ faultEverywhere: 'stalled-headers' });
  const { run, url } = await spawnServe(asking(tracker));
  const raw = openRaw(Number(new URL(url).port));
  const body = '[{"type":"ip","value":"192.0.2.1"}]';
  raw.send(`POST /observe/observables HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
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

  test('finishes what is under way when its terminal is closed', async () => {
    const tracker = await openTracker({ latencyMs: 300 });
    const { run, url } = await spawnServe(asking(tracker));
    const body = '[{"type":"ip","value":"192.0.2.1"}]';
    const answer = fetch(`${url}/observe/observables`, { method: 'POST', body });
    await waitUntil(() => tracker.lookups().length === 1);
    run.kill('SIGHUP');
    expect(await (await answer).json()).toEqual({ data: {} });
    expect(await run.finished).toMatchObject({ status: 0, signal: null, stderr: like(/graceful shutdown/) });
  });

  test('ends by SIGHUP, and does not crash, when its terminal is gone', async () => {
    const file = join(openTempDir(), 'status');
    const serve = [...cctCommand, 'serve', '--port', '0', ...SAMPLE].map((word) => `'${word}'`).join(' ');
    // As a shell does, it passes the signal on.
    const shell = `trap 'kill -HUP $!' HUP; ${serve} & wait $!; wait $!; echo $? > '${file}'`;
    const terminal = spawnCct([shell, '/dev/null'], { command: ['script', '-qc'] });
    await terminal.printed(/listening on/);
    terminal.kill('SIGKILL');
    await waitUntil(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    expect(readFileSync(file, 'utf8')).toBe('129\n');
  });

  test('has nothing left to wait for when it has stopped', async () => {
    const tracker = await openTracker();
    const { run, url } = await spawnServe(asking(tracker));
    const bodies = { '/observe/observables': '[{"type":"ip","value":"192.0.2.1"}]', '/health': '' };
    for (const [path, body] of Object.entries(bodies)) await (await fetch(url + path, { method: 'POST', body })).text();
    run.kill('SIGTERM');
    await run.said(/graceful shutdown/);
    const stoppedMs = performance.now();
    expect((await run.finished).status).toBe(0);
    // Its deadline and the time for a stop are longer.
    expect(performance.now() - stoppedMs).toBeLessThan(5000);
  });

  test('lives when nobody reads its log any more', async () => {
    const { run, url } = await spawnServe(SAMPLE);
    run.stderr.destroy();
    for (let asked = 0; asked < 3; asked += 1) expect((await fetch(`${url}/watchdog`)).status).toBe(200);
    run.kill('SIGTERM');
    expect((await run.finished).status).toBe(0);
  });

  test('ends in time although the reader of its log has stalled', { timeout: 20_000 }, async () => {
    const { run, url } = await spawnServe(SAMPLE);
    run.stderr.pause();
    const raw = openRaw(Number(new URL(url).port));
    // Some lines more than the pipe and both of its ends hold.
    const request = `GET /watchdog HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: ${'x'.repeat(128)}\r\n\r\n`;
    raw.send(`${request.repeat(2_000)}GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
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
    await run.said(/graceful shutdown/);
    run.kill(second);
    expect((await run.finished).signal).toBe(second);
  });

  test('ends at once at a second signal', async () => {
    const run = await spawnBusyServe();
    run.kill('SIGTERM');
    await run.said(/graceful shutdown/);
    const again = setInterval(() => run.kill('SIGTERM'), 100);
    const { signal } = await run.finished;
    clearInterval(again);
    expect(signal).toBe('SIGTERM');
  });
});
