import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Throwaway test certificates, valid until 2120. `localhost`: good for `localhost` and 127.0.0.1. `expired`: the same, but
 * over since 2020. `other-host`: good for `other.example` alone. These three are signed by the test CA; `self-signed`, for
 * 127.0.0.1, is signed by itself.
 */
export type CertificateName = 'localhost' | 'self-signed' | 'expired' | 'other-host';

// Their keys lie open in the repository and are trusted by nobody but the tests. Node can read certificates but not issue them.
// From the top of the project, where npm starts its scripts and vitest its tests: a bundle of this file lies elsewhere.
const folder = resolve('test/helpers/certificates');

/** The CA that signed the certificates, as `NODE_EXTRA_CA_CERTS` takes it. Its key was not kept. */
export const caPath = join(folder, 'ca.crt');

/** A throwaway key and its certificate, as PEM. */
export function readCertificate(name: CertificateName): { readonly key: string; readonly cert: string } {
  const read = (extension: string): string => readFileSync(join(folder, `${name}.${extension}`), 'utf8');
  return { key: read('key'), cert: read('crt') };
}
