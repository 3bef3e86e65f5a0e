import { describe, expect, test } from 'vitest';
import type { CertificateName } from '../../helpers/certificates.ts';
import { readCertificate } from '../../helpers/certificates.ts';
import type { FakeTracker } from '../../helpers/fake-tracker.ts';
import { failed, openLive, startFake } from '../../helpers/live-tracker.ts';

const LISTINGS = { '192.0.2.1': 'Malicious: Pony', 'panel.example/a': 'Malicious: ZeuS' };
const UNVERIFIED = 'Unable to verify SSL certificate';

function startSecure(certificate: CertificateName): Promise<FakeTracker> {
  return startFake({ listings: LISTINGS }, readCertificate(certificate));
}

describe('a certificate that cannot be verified', () => {
  test.each([
    ['self-signed', 'self-signed certificate'],
    ['expired', 'certificate has expired'],
    ['localhost', 'unable to verify the first certificate'],
  ] as const)('fails the question before it is sent: %s', async (certificate, reason) => {
    const fake = await startSecure(certificate);
    const live = await openLive(fake.url, { retries: 2 });
    expect(await live.ask('panel.example/a')).toEqual(failed('unverified-certificate', 'unknown', `${UNVERIFIED}: ${reason}`));
    expect([fake.requests, fake.connections]).toEqual([[], 1]);
  });
});

describe('a server that speaks no TLS', () => {
  test('fails the handshake', async () => {
    const fake = await startFake({ listings: LISTINGS });
    const live = await openLive(fake.url.replace('http:', 'https:'));
    const { code, message, isTransient } = await live.failureOf('panel.example/a');
    expect([code, isTransient]).toEqual(['unavailable', false]);
    // OpenSSL adds where in its source that was.
    expect(message).toMatch(/^The TLS handshake with the tracker failed \(.*wrong version number.*\)$/);
    expect(fake.requests).toEqual([]);
  });

  test('is not what a server is that speaks TLS where none is wanted', async () => {
    const fake = await startSecure('localhost');
    const live = await openLive(fake.url.replace('https:', 'http:'));
    const message = 'The tracker closed the connection unexpectedly (socket hang up)';
    expect(await live.ask('panel.example/a')).toEqual(failed('unavailable', 'service unavailable', message));
  });
});
