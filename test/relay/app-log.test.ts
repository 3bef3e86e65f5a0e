import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { createTracker, toListed, unlisted } from '../core/samples.ts';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { createRelay, createTestMetrics, PANEL, ADDRESS } from '../helpers/relay.ts';
import { readAnswer } from '../helpers/run-cct.ts';

describe('the duration of a request', () => {
  test('is in the log and the metrics', async () => {
    let nowMs = 1000;
    const relay = createRelay({ metrics: createTestMetrics(), monotonicMs: () => (nowMs += 250) });
    await relay.ask('POST', '/version');
    expect(relay.log.requests).toMatchObject([{ durationMs: 250 }]);
    const { text } = await relay.ask('GET', '/metrics');
    expect(text).toContain('cct_http_request_duration_seconds_sum{route="/version"} 0.25\n');
  });

  test('counts from its first byte, also for the deadline', async () => {
    const deadlines: unknown[] = [];
    const tracker = createTracker((_question, { deadlineAtMs }) => {
      deadlines.push(deadlineAtMs);
      return Promise.resolve(unlisted);
    });
    let nowMs = 0;
    const relay = createRelay({ tracker, deadlineMs: 25_000, monotonicMs: () => (nowMs += 20_000) });
    await relay.ask('POST', '/observe/observables', [ADDRESS]);
    expect(deadlines).toEqual([65_000]);
  });
});

describe('a bug', () => {
  test('is answered with an internal error, logged once with its stack, and does not end the relay', async () => {
    const bug = new TypeError('x is not a function');
    const relay = createRelay({
      checkHealth: () => {
        throw bug;
      },
    });
    const { status, json } = await relay.ask('POST', '/health', '', { 'X-Request-Id': 'r1' });
    expect([status, json]).toEqual([
      200,
      {
        errors: [
          { type: 'fatal', code: 'internal error', message: 'This is a bug in cct; see the log of the relay for request r1' },
        ],
      },
    ]);
    expect(validateAnswer(json)).toEqual([]);
    expect(relay.log.problems).toEqual([{ text: 'A request failed because of a bug', requestId: 'r1', cause: bug }]);
    expect((await relay.ask('POST', '/version')).status).toBe(200);
  });

  test('in lookups does not affect other observables, and is logged once', async () => {
    const bug = new TypeError('x is not a function');
    const tracker = createTracker(({ key }) => (key === ADDRESS.value ? Promise.resolve(toListed()) : Promise.reject(bug)));
    const relay = createRelay({ tracker });
    const asked = [ADDRESS, { type: 'ip', value: '192.0.2.1' }, { type: 'ip', value: '192.0.2.2' }];
    const { text } = await relay.ask('POST', '/deliberate/observables', asked);
    expect(readAnswer(text)).toMatchObject({ verdicts: [ADDRESS.value], errors: [{ code: 'internal error' }] });
    expect(relay.log.problems).toEqual([{ text: 'A lookup failed because of a bug', requestId: 'made-1', cause: bug }]);
  });
});

describe('the log', () => {
  test('has each request once, without observables', async () => {
    const relay = createRelay();
    await relay.ask('POST', '/observe/observables', [PANEL, { type: 'ip', value: '10.0.0.8' }]);
    await relay.ask('GET', '/observe/observables/http://panel.example/');
    await relay.ask('POST', '/observe/observables', '{');
    await relay.ask('PUT', '/observe/observables', '{');
    expect(relay.log.requests).toMatchObject([
      {
        requestId: 'made-1',
        method: 'POST',
        route: '/observe/observables',
        status: 200,
        address: '127.0.0.1',
        outcomes: { listed: 1, unlisted: 0, skipped: 1, failed: 0 },
        errorCodes: [],
        observables: undefined,
      },
      { method: 'GET', route: 'unknown', status: 404, outcomes: undefined },
      { route: '/observe/observables', status: 200, errorCodes: ['invalid argument'], outcomes: undefined },
      { method: 'PUT', route: '/observe/observables', status: 405, errorCodes: [] },
    ]);
    expect(JSON.stringify(relay.log)).not.toContain('panel.example');
  });

  test('has observables with logObservables', async () => {
    const relay = createRelay({ logObservables: true });
    await relay.ask('POST', '/observe/observables', [PANEL]);
    expect(relay.log.requests).toMatchObject([{ observables: [PANEL] }]);
  });

  test('has an unintelligible answer as a detail', async () => {
    const error = new CctError('unintelligible', "The tracker's answer is not JSON", { rawExtract: '<html>' });
    const tracker = createTracker(() => Promise.reject(error));
    const relay = createRelay({ tracker, logObservables: true });
    await relay.ask('POST', '/observe/observables', [PANEL]);
    expect(relay.log.details).toEqual(['unexpected answer from the tracker: <html>']);
    expect(relay.log.requests).toMatchObject([{ outcomes: { failed: 1 }, errorCodes: ['key error'] }]);
  });

  test('omits the text of such an answer without logObservables, since it may contain an observable', async () => {
    const rawExtract = `no idea about ${PANEL.value}`;
    const error = new CctError('unintelligible', "The tracker's answer is not JSON", { rawExtract });
    const relay = createRelay({ tracker: createTracker(() => Promise.reject(error)) });
    await relay.ask('POST', '/observe/observables', [PANEL]);
    expect(relay.log.details).toEqual(['unexpected answer from the tracker; use --log-observables to log it']);
  });
});
