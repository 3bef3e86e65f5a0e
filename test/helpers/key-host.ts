import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { caPath, readCertificate } from './certificates.ts';
import type { FakeJwks, FakeJwksOptions } from './fake-jwks.ts';
import { startFakeJwks } from './fake-jwks.ts';
import { ask } from './plain-http.ts';

const ca = readFileSync(caPath, 'utf8');

/** A key host with https, by default with the certificate of `localhost`, until the test ends. */
export async function startKeyHost(options: FakeJwksOptions = {}): Promise<FakeJwks> {
  const host = await startFakeJwks({ tls: readCertificate('localhost'), ...options });
  onTestFinished(() => host.close());
  return host;
}

/** Downloads from such a host and verifies its certificate. Rejects on every status but 200. */
export async function fetchKeys(url: URL): Promise<string> {
  const { status, body } = await ask(url.origin, url.pathname, { ca });
  if (status !== 200) throw new Error(`HTTP ${status}`);
  return body;
}
