import { describe, expect, test } from 'vitest';
import { checkHealth } from '../../../src/core/lookups/health.ts';
import type { FakeTrackerOptions } from '../../helpers/fake-tracker.ts';
import { openLive, patient, startLive, takeDeadUrl } from '../../helpers/live-tracker.ts';

const TROUBLE = 'The tracker answered 503 Service Unavailable';
const status503 = { kind: 'status', status: 503 } as const;

async function check(options: Partial<FakeTrackerOptions>) {
  const { tracker, fake } = await startLive(options);
  const error = await checkHealth(tracker, patient);
  return { trouble: error && [error.code, error.message], paths: fake.requests.map(({ path }) => path) };
}

describe('the live tracker', () => {
  test('is well when / and a lookup are answered', async () => {
    expect(await check({})).toEqual({ trouble: null, paths: ['/', '/query.php?url=192.0.2.1'] });
  });

  test('is well when the address that is asked about is listed', async () => {
    expect(await check({ listings: { '192.0.2.1': 'Malicious: x' } })).toMatchObject({ trouble: null });
  });

  test('is well behind a challenge', async () => {
    expect(await check({ challenge: 'on' })).toMatchObject({ trouble: null });
  });

  test('is not well when / is not answered', async () => {
    expect(await check({ rootFault: status503 })).toEqual({ trouble: ['unavailable', TROUBLE], paths: ['/'] });
  });

  test('is not well when it is up and its lookups are broken', async () => {
    expect(await check({ faultEverywhere: status503 })).toMatchObject({ trouble: ['unavailable', TROUBLE] });
    expect(await check({ faultEverywhere: 'html' })).toMatchObject({
      trouble: ['unintelligible', "The tracker's answer is not JSON"],
    });
  });

  test('is not well behind a challenge that never ends', async () => {
    const message = 'The tracker rejected the answer to its cookie challenge';
    expect(await check({ challenge: 'never-ends' })).toMatchObject({ trouble: ['forbidden', message] });
  });

  test('is not well when it is not there', async () => {
    const url = await takeDeadUrl();
    const { tracker } = await openLive(url);
    const message = `The tracker refused the connection (connect ECONNREFUSED ${new URL(url).host})`;
    expect(await checkHealth(tracker, patient)).toMatchObject({ code: 'unavailable', message });
  });
});
