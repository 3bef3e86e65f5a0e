import type { ListEntry } from '../core/lookups/list-entry.ts';
import type { Reading } from './entry-values.ts';
import { readName } from './entry-values.ts';
import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import type { Hosts } from './values.ts';
import { collectHosts, toLines } from './values.ts';

/** A response policy zone (draft-vixie-dnsop-dns-rpz): NXDOMAIN for listed names, their subdomains, and answers with a listed address. */
export const rpzFormat: ExportFormat = {
  ...{ nouns: ['host', 'hosts'], isDirectory: false, isBlocking: true, isPublicOnly: true, resolved: 'asked' },
  hasComments: true,
  write(selection, leftOut) {
    const hosts = collectHosts(selection, leftOut, readTrigger);
    return {
      count: hosts.names.length + hosts.addresses.length,
      remarks: hosts.remarks,
      render: (header, now) => toComments(header, ';') + toZone(hosts, now),
    };
  },
};

// 253 minus room for `*.` and for the zone's name, which is appended.
const MAX_NAME_LENGTH = 200;
// These suffixes mark other triggers, one of which could block all addresses.
const RESERVED = /\.rpz-[a-z-]+$/;

function readTrigger(entry: ListEntry): Reading {
  const name = readName(entry);
  const isRefused = 'value' in name && (name.value.length > MAX_NAME_LENGTH || RESERVED.test(name.value));
  return isRefused ? { reason: 'a name that a policy zone cannot contain' } : name;
}

/** The serial number is the time in seconds since 1970: secondaries accept only a greater one (RFC 1996). */
function toZone({ names, addresses }: Hosts, now: Date): string {
  const serial = Math.floor(now.getTime() / 1000);
  return toLines([
    '$TTL 300',
    `@ IN SOA localhost. hostmaster.localhost. ${serial} 3600 600 604800 300`,
    '@ IN NS localhost.',
    ...names.flatMap((name) => [`${name} CNAME .`, `*.${name} CNAME .`]),
    ...addresses.map((address) => `32.${address.split('.').toReversed().join('.')}.rpz-ip CNAME .`),
  ]);
}
