import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { patient, times } from '../../helpers/live-tracker.ts';
import { idle } from '../../helpers/idle.ts';
import { REFUSED, TRY_AGAIN_MS, openTrying, succeed } from './trying-breaker.ts';

describe('a trial', () => {
  test('lets nothing through until it is time', async () => {
    const { breaker, run, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS - 1);
    expect([await run(succeed), breaker.state]).toEqual([REFUSED, 'open']);
  });

  test('then lets one lookup through; the others wait for its word, and are asked when it is good', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    await idle();
    expect([breaker.state, asked]).toEqual(['half-open', []]);
    trial.answer();
    expect([await trial.end, breaker.state, await Promise.all(others)]).toEqual([
      'answer',
      'closed',
      ['other 1', 'other 2', 'other 3'],
    ]);
  });

  test('makes one of those who wait the next to try when the caller of a trial leaves', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    trial.fail('interrupted');
    expect(await trial.end).toBe('No: interrupted');
    expect([await Promise.all(others), breaker.state]).toEqual([['other 1', 'other 2', 'other 3'], 'closed']);
  });

  test('has those who wait fail when the one among them who tries next finds it down', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const next = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    trial.fail('interrupted');
    await trial.end;
    next.fail('unavailable');
    expect([await next.end, await Promise.all(others), asked, breaker.state]).toEqual([
      'No: unavailable',
      times(3, REFUSED),
      [],
      'open',
    ]);
  });

  test('fails at once those who waited for a bad word', async () => {
    const { breaker, run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const asked: string[] = [];
    const others = times(3, 'other').map((name) => run(() => Promise.resolve(`${name} ${asked.push(name)}`)));
    trial.fail('unverified-certificate');
    await trial.end;
    const refused = 'Not looked up: the tracker is down. No: unverified-certificate';
    expect([await Promise.all(others), asked, breaker.state]).toEqual([times(3, refused), [], 'open']);
  });

  test('fails those who wait for a word after 3 s from the beginning of the trial, and then all others at once', async () => {
    const { breaker, run, start, waits, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const other = run(succeed);
    await idle();
    expect(waits.map(({ waitMs }) => waitMs)).toEqual([3_000]);
    waits[0]?.end();
    expect([await other, await run(succeed), breaker.state]).toEqual([REFUSED, REFUSED, 'half-open']);
    setNow(9 * TRY_AGAIN_MS);
    expect([await run(succeed), waits.length]).toEqual([REFUSED, 1]);
    trial.answer();
    expect([await trial.end, await run(succeed)]).toEqual(['answer', 'answer']);
  });

  test('lets go one that waits for a word and is given up, and asks it nothing', async () => {
    const { breaker, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const stop = new AbortController();
    const other = breaker.run(succeed, stop);
    stop.abort(new CctError('deadline', 'Too late'));
    await expect(other).rejects.toMatchObject({ code: 'deadline', message: 'Too late' });
    trial.answer();
    await trial.end;
  });

  test('ends the wait also when a lookup that began before is answered', async () => {
    const { breaker, run, start, stale, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    const other = run(succeed);
    stale.answer();
    expect([await other, breaker.state]).toEqual(['answer', 'closed']);
    trial.fail('unavailable');
    await trial.end;
    expect(await run(succeed)).toBe('answer');
  });

  test('tells a lookup whether it is the trial', async () => {
    const { breaker, run, setNow } = await openTrying();
    const tell = (isTrial: boolean) => Promise.resolve(isTrial);
    setNow(TRY_AGAIN_MS);
    const told = [await breaker.run(tell, patient), await breaker.run(tell, patient)];
    expect([told, await run(succeed)]).toEqual([[true, false], 'answer']);
  });

  test('counts from the beginning of a trial, however long it took', async () => {
    const { run, start, setNow } = await openTrying();
    setNow(TRY_AGAIN_MS);
    const trial = start();
    setNow(2 * TRY_AGAIN_MS);
    trial.fail('unavailable');
    await trial.end;
    expect(await run(succeed)).toBe('answer');
  });

  test('wastes no trial on a lookup that was given up before', async () => {
    const { breaker, run, setNow } = await openTrying();
    const stop = new AbortController();
    stop.abort(new CctError('deadline', 'Too late'));
    setNow(TRY_AGAIN_MS);
    await expect(breaker.run(succeed, stop)).rejects.toMatchObject({ code: 'deadline' });
    expect(await run(succeed)).toBe('answer');
  });
});
