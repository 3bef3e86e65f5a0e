import { csvFormat } from './csv.ts';
import { dnsmasqFormat } from './dnsmasq.ts';
import { domainFormat } from './domain.ts';
import { ecsFormat } from './ecs.ts';
import type { ExportFormat } from './export-format.ts';
import { hostsFormat } from './hosts.ts';
import { ipFormat } from './ip.ts';
import { mispFormat } from './misp.ts';
import { nftablesFormat } from './nftables.ts';
import { rpzFormat } from './rpz.ts';
import { stixFormat } from './stix.ts';
import { suricataFormat } from './suricata.ts';
import { unboundFormat } from './unbound.ts';
import { urlFormat } from './url.ts';
import { zeekFormat } from './zeek.ts';

/** The formats of the list, by their names. */
export const exportFormats = {
  ip: ipFormat,
  domain: domainFormat,
  url: urlFormat,
  zeek: zeekFormat,
  suricata: suricataFormat,
  rpz: rpzFormat,
  unbound: unboundFormat,
  dnsmasq: dnsmasqFormat,
  hosts: hostsFormat,
  nftables: nftablesFormat,
  csv: csvFormat,
  ecs: ecsFormat,
  stix: stixFormat,
  misp: mispFormat,
} as const satisfies Readonly<Record<string, ExportFormat>>;
