import { parse } from 'tldts';

/**
 * Whether a name is one under which anybody registers names, by public suffix data (https://publicsuffix.org) with private suffixes: `com`,
 * `co.uk`, `github.io`. It belongs to nobody whom a list could mean.
 */
export function isPublicSuffix(name: string): boolean {
  const { domain } = parse(name, { allowPrivateDomains: true, extractHostname: false, validateHostname: false });
  return domain === null;
}
