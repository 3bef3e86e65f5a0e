import type { IncomingMessage } from 'node:http';
import type { AddressRanges } from '../../core/observables/address-ranges.ts';
import { parseAddress } from '../../core/observables/address-ranges.ts';
import { readHeader } from './request-checks.ts';

/**
 * Returns the address of a request's caller, for the log but never for authorization: the address of the connection or, if that is a
 * trusted proxy, the last one in `X-Forwarded-For` that is not. An entry that is not an address ends the search at the entry after it.
 */
export function findCallerAddress(address: string, { rawHeaders }: IncomingMessage, proxies: AddressRanges): string {
  if (!proxies.has(address)) return address;
  const entries = readHeader(rawHeaders, 'x-forwarded-for').join().split(',');
  let found = address;
  while (proxies.has(found)) {
    const next = parseForwarded(entries.pop() ?? '');
    if (next === undefined) break;
    found = next;
  }
  return found;
}

// `192.0.2.1:567`, `[2001:db8::1]:567` or `[2001:db8::1]`, as some proxies write them.
const WITH_PORT = /^(?:([\d.]+):\d{1,5}|\[([^\]%]+)\](?::\d{1,5})?)$/;

function parseForwarded(entry: string): string | undefined {
  const text = entry.trim();
  const [, ipv4, ipv6] = WITH_PORT.exec(text) ?? [];
  // A zone has meaning only on the proxy's machine.
  return text.includes('%') ? undefined : parseAddress(ipv4 ?? ipv6 ?? text)?.toString();
}
