import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { createBreaker } from '../../../src/tracker/live/breaker.ts';
import { createDeferred } from '../../core/samples.ts';
import { patient, times } from '../../helpers/live-tracker.ts';
import { idle } from '../../helpers/idle.ts';
import { REFUSED, TRY_AGAIN_MS, fail, openTrying, succeed } from './trying-breaker.ts';

describe('a breaker that tries again', () => {
  test('tells of its opening and its closing once each, however many lookups there are', async () => {
    const { changes, run, setNow } = await openTrying();
    for (const lookup of times(3, succeed)) await run(lookup);
    setNow(TRY_AGAIN_MS);
    await run(fail('unavailable'));
    expect(changes).toEqual(['No: unavailable']);
    setNow(2 * TRY_AGAIN_MS);
    for (const lookup of times(3, succeed)) await run(lookup);
    expect(changes).toEqual(['No: unavailable', undefined]);
    for (const lookup of times(9, fail('unavailable'))) await run(lookup);
    expect(changes).toEqual(['No: unavailable', undefined, 'No: unavailable']);
  });

  test.each(['forbidden', 'not-found', 'throttled', 'unexpected-answer', 'unintelligible'] as const)(
    'closes after %s too: the tracker has answered',
    async (code) => {
      const { breaker, run, setNow } = await openTrying();
      setNow(TRY_AGAIN_MS);
      expect([await run(fail(code)), breaker.state, await run(succeed)]).toEqual([`No: ${code}`, 'closed', 'answer']);
    },
  );

  test.each(['unavailable', 'unverified-certificate', 'deadline'] as const)(
    'stays open after %s, until the next trial',
    async (code) => {
      const { breaker, run, setNow } = await openTrying();
      setNow(TRY_AGAIN_MS + 5);
      expect([await run(fail(code)), breaker.state]).toEqual([`No: ${code}`, 'open']);
      setNow(2 * TRY_AGAIN_MS + 4);
      expect(await run(succeed)).toContain('Not looked up');
      setNow(2 * TRY_AGAIN_MS + 5);
      expect([await run(succeed), breaker.state]).toEqual(['answer', 'closed']);
    },
  );

  test('says what the last trial found', async () => {
    const { run, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    await run(fail('unverified-certificate'));
    expect(await run(succeed)).toBe('Not looked up: the tracker is down. No: unverified-certificate');
  });

  test('counts anew when it has closed, and opens again', async () => {
    const { breaker, run, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    await run(succeed);
    for (const lookup of times(4, fail('unavailable'))) await run(lookup);
    expect(await run(succeed)).toBe('answer');
    for (const lookup of times(5, fail('unavailable'))) await run(lookup);
    expect([await run(succeed), breaker.state]).toEqual([REFUSED, 'open']);
    setNow(2 * TRY_AGAIN_MS);
    expect(await run(succeed)).toBe('answer');
  });

  test('closes when a lookup that began before it opened is answered', async () => {
    const { breaker, stale, run } = await openTrying();
    stale.answer();
    expect([await stale.end, breaker.state, await run(succeed)]).toEqual(['answer', 'closed', 'answer']);
  });

  test('stays as it is when such a lookup finds the tracker down', async () => {
    const { breaker, stale, run, setNow } = await openTrying();
    stale.fail('unverified-certificate');
    await stale.end;
    expect([breaker.state, await run(succeed)]).toEqual(['open', REFUSED]);
    setNow(TRY_AGAIN_MS);
    expect(await run(succeed)).toBe('answer');
  });

  test('asks for / no more because of many such lookups', async () => {
    let probes = 0;
    const breaker = createBreaker(() => Promise.reject(new CctError('unavailable', `Down (${(probes += 1)})`)));
    const lookups = times(20, 'k').map(() => createDeferred<string>());
    const ended = Promise.allSettled(lookups.map(({ promise }) => breaker.run(() => promise, patient)));
    for (const { reject } of lookups) {
      reject(new CctError('unavailable', 'Down'));
      await idle();
    }
    await ended;
    expect([probes, breaker.state]).toEqual([1, 'open']);
  });

  test('not wanted, it stays open for good, whatever comes in late', async () => {
    const breaker = createBreaker(fail('unavailable'));
    const late = createDeferred<string>();
    const stale = breaker.run(() => late.promise, patient);
    for (const lookup of times(5, fail('unavailable'))) await breaker.run(lookup, patient).catch(() => undefined);
    await expect(breaker.run(succeed, patient)).rejects.toThrow(REFUSED);
    late.resolve('answer');
    expect([await stale, breaker.state]).toEqual(['answer', 'open']);
    await expect(breaker.run(succeed, patient)).rejects.toThrow(REFUSED);
  });
});
