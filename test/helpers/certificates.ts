import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Test certificates, valid until 2120. `localhost`: for `localhost` and 127.0.0.1. `expired`: the same, until 2020. `other-host`: for
 * `other.example`. The test CA signed these; `self-signed`, for 127.0.0.1, has its own signature.
 */
export type CertificateName = 'localhost' | 'self-signed' | 'expired' | 'other-host';

// The keys are public, and only tests trust them. From the working directory, since a bundle of this file is elsewhere.
const directory = resolve('test/helpers/certificates');

/** The CA of the certificates, for `NODE_EXTRA_CA_CERTS`. Its key was not kept. */
export const caPath = join(directory, 'ca.crt');

/** A key and its certificate, as PEM. */
export function readCertificate(name: CertificateName): { readonly key: string; readonly cert: string } {
  const read = (extension: string): string => readFileSync(join(directory, `${name}.${extension}`), 'utf8');
  return { key: read('key'), cert: read('crt') };
}
