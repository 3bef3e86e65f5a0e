import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Throwaway test certificates, valid until 2120. `localhost`: good for `localhost` and 127.0.0.1. `expired`: the same, but
 * over since 2020. `other-host`: good for `other.example` alone. These three are signed by the test CA; `self-signed`, for
 * 127.0.0.1, is signed by itself.
 */
export type CertificateName = 'localhost' | 'self-signed' | 'expired' | 'other-host';

// Their keys lie open in the repository and are trusted by nobody but the tests. Node can read certificates but not issue them.
const folder = new URL('certificates/', import.meta.url);

/** The CA that signed the certificates, as `NODE_EXTRA_CA_CERTS` takes it. Its key was not kept. */
export const caPath = fileURLToPath(new URL('ca.crt', folder));

/** A throwaway key and its certificate, as PEM. */
export function readCertificate(name: CertificateName): { readonly key: string; readonly cert: string } {
  const read = (extension: string): string => readFileSync(new URL(`${name}.${extension}`, folder), 'utf8');
  return { key: read('key'), cert: read('crt') };
}
