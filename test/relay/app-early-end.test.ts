import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError, toCctError } from '../../src/core/errors.ts';
import { createDeferred, createTracker, unlisted } from '../core/samples.ts';
import { createRelay, ADDRESS } from '../helpers/relay.ts';
import { readAnswer } from '../helpers/run-cct.ts';
import { idle } from '../helpers/idle.ts';

describe('a request that ends early', () => {
  /** A tracker that never answers, and a promise of its first lookup. */
  function createEndless() {
    const asked = createDeferred<undefined>();
    const tracker = createTracker(
      (_question, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(toCctError(signal.reason)));
          asked.resolve(undefined);
        }),
    );
    return { tracker, asked: asked.promise };
  }

  const toRequest = (signal: AbortSignal) =>
    new Request('http://relay.example/observe/observables', { method: 'POST', body: JSON.stringify([ADDRESS]), signal });

  test('because its caller disconnects is logged as such', async () => {
    const { tracker, asked } = createEndless();
    const relay = createRelay({ tracker });
    const leaving = new AbortController();
    const reply = relay.send(toRequest(leaving.signal));
    await asked;
    leaving.abort();
    expect(readAnswer((await reply).text).errors).toMatchObject([{ message: `The caller disconnected: ${ADDRESS.value}` }]);
    await relay.send(toRequest(AbortSignal.abort()));
    expect(relay.log.requests.map(({ hasLeft }) => hasLeft)).toEqual([true, true]);
  });

  test('because the relay stops is answered with what is ready', async () => {
    const { tracker, asked } = createEndless();
    const stopping = new AbortController();
    const relay = createRelay({ tracker, stopping: stopping.signal });
    const reply = relay.ask('POST', '/observe/observables', [ADDRESS, { type: 'ip', value: '10.0.0.8' }]);
    await asked;
    stopping.abort(new CctError('interrupted', 'Interrupted before it was answered'));
    expect(readAnswer((await reply).text).errors).toMatchObject([
      { message: `Interrupted before it was answered: ${ADDRESS.value}` },
    ]);
    expect(relay.log.requests).toMatchObject([{ hasLeft: false, outcomes: { failed: 1, skipped: 1 } }]);
  });

  test('is one of many, without a warning of Node about listeners', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const { tracker, asked } = createEndless();
    const stopping = new AbortController();
    const relay = createRelay({ tracker, stopping: stopping.signal });
    const replies = Array.from({ length: 20 }, () => relay.ask('POST', '/observe/observables', [ADDRESS]));
    await asked;
    // Node warns in the next turn of the event loop.
    await idle();
    expect(tracker.asked).toHaveLength(20);
    stopping.abort();
    await Promise.all(replies);
    expect(warnings).toEqual([]);
  });

  test('leaves no listener on the signal of the relay', async () => {
    const stopping = new AbortController();
    const listening: number[] = [];
    const tracker = createTracker(() => {
      listening.push(getEventListeners(stopping.signal, 'abort').length);
      return Promise.resolve(unlisted);
    });
    await createRelay({ tracker, stopping: stopping.signal }).ask('POST', '/observe/observables', [ADDRESS]);
    expect([listening, getEventListeners(stopping.signal, 'abort')]).toEqual([[1], []]);
  });
});
