import { describe, expect, test } from 'vitest';
import type { KeySets } from '../../../src/relay/auth/key-sets.ts';
import { createKeySets } from '../../../src/relay/auth/key-sets.ts';
import type { CertificateName } from '../../helpers/certificates.ts';
import { readCertificate } from '../../helpers/certificates.ts';
import type { FakeJwks } from '../../helpers/fake-jwks.ts';
import { findAll, messagesOf, red } from './open-key-sets.ts';
import { startKeyHost, fetchKeys } from '../../helpers/key-host.ts';

describe('a key set of a real host', () => {
  const start = async (certificate: CertificateName): Promise<{ readonly host: FakeJwks; readonly keySets: KeySets }> => {
    const host = await startKeyHost({ keys: [red.jwk], tls: readCertificate(certificate) });
    return { host, keySets: createKeySets({ hosts: [host.host], fetchText: fetchKeys, monotonicMs: () => 0 }) };
  };

  test('is read over TLS', async () => {
    const { host, keySets } = await start('localhost');
    const found = await Promise.all([findAll(keySets, 'red'), findAll(keySets, 'blue'), findAll(keySets, 'red')]);
    expect([found, host.requests]).toEqual([[['red'], [], ['red']], ['GET /.well-known/jwks']]);
  });

  test('is not read when its certificate cannot be verified', async () => {
    const { host, keySets } = await start('self-signed');
    expect([await findAll(keySets, 'red'), host.requests]).toEqual([[], []]);
    expect(messagesOf(keySets.problems())).toEqual([
      `unavailable: Cannot fetch the keys of ${host.host} (self-signed certificate)`,
    ]);
  });
});
