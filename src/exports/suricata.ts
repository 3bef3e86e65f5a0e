import type { ExportFormat } from './export-format.ts';
import { toComments } from './header.ts';
import { collectHosts, toLines } from './values.ts';

const DOMAINS_FILE = 'cct-domains.lst';
const IPS_FILE = 'cct-ips.lst';
const DOMAINS = `dataset:isset,cct-domains,type string,load ${DOMAINS_FILE};`;
const IPS = `dataset:isset,cct-ips,type ipv4,load ${IPS_FILE};`;

/** The rules, with local sids. Name buffers are lower-cased, which requires Suricata 7, and compared as a whole. */
const RULES = [
  ['dns any any -> any any', 'DNS query for a listed host', `dns.query; to_lowercase; ${DOMAINS}`],
  ['tls any any -> any any', 'TLS to a listed host', `tls.sni; to_lowercase; ${DOMAINS}`],
  ['http any any -> any any', 'HTTP to a listed host', `http.host; to_lowercase; ${DOMAINS}`],
  // Limited to once an hour per pair of hosts: otherwise each packet would raise an alert.
  [
    'ip any any -> any any',
    'packet to a listed address',
    `ip.dst; ${IPS} threshold:type limit,track by_both,count 1,seconds 3600;`,
  ],
] as const;
const FIRST_SID = 1_471_001;

/** Datasets and rules for Suricata. Only hosts, because no buffer contains both host and path. */
export const suricataFormat: ExportFormat = {
  ...{ nouns: ['host', 'hosts'], isDirectory: true, isBlocking: false, isPublicOnly: true, resolved: 'asked' },
  hasComments: true,
  write(selection, leftOut) {
    const { names, addresses, remarks } = collectHosts(selection, leftOut);
    return {
      count: names.length + addresses.length,
      remarks,
      render: (header) => ({
        [DOMAINS_FILE]: toLines(names.map((name) => Buffer.from(name).toString('base64'))),
        [IPS_FILE]: toLines(addresses),
        'cct.rules': toComments(header) + toLines(RULES.map(toRule)),
      }),
    };
  },
};

function toRule([traffic, what, match]: (typeof RULES)[number], at: number): string {
  const meta = `reference:url,cybercrime-tracker.net; classtype:trojan-activity; sid:${FIRST_SID + at}; rev:1;`;
  return `alert ${traffic} (msg:"CCT ${what}"; ${match} ${meta})`;
}
