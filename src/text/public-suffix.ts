import { parse } from 'tldts';

/**
 * Whether a name is a public suffix, private ones included, below which different owners register names: `com`, `co.uk`, `github.io`
 * (https://publicsuffix.org). A list cannot mean all of it.
 */
export function isPublicSuffix(name: string): boolean {
  const { domain } = parse(name, { allowPrivateDomains: true, extractHostname: false, validateHostname: false });
  return domain === null;
}
