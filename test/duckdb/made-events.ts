import type { SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import { createRandom } from '../helpers/random.ts';

const EVERY_KIND = ['url', 'host', 'cover', 'port', 'address', 'idn'] as const;

/** A list with entries of each kind, on reserved names and addresses. */
export function makeEntries(count: number): SnapshotEntry[] {
  return Array.from({ length: count }, (_, at) => {
    const kind = EVERY_KIND[at % EVERY_KIND.length] ?? 'url';
    const ip = `198.51.100.${at % 250}`;
    const entry = { date: '2018-01-14', covers: kind === 'cover' ? 'host' : 'url', ip, family: `family ${at % 7}` } as const;
    const url = {
      url: `www${at}.panel.example/d${at}/cp.php?m=login`,
      host: `h${at}.host.example/`,
      cover: `c${at}.cover.example`,
      port: `p${at}.port.example:8443/gate/`,
      address: `203.0.113.${at % 250}/gate${at}`,
      idn: `bücher${at}.example/inc/backup.php`,
    }[kind];
    return { ...entry, url };
  });
}

const PATHS = ['', '/', '/d#a', '/index.php?', '/other.php', '/gate', '/gate/', '/gate/?', '/inc/backup.php#top'];
const PORTS = [80, 443, 8080, 8443];

/** Lines of Suricata's EVE, of which about a tenth names something listed. */
export function* makeEvents(entries: readonly SnapshotEntry[], count: number): Generator<string> {
  const random = createRandom(20_180_131);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  for (let at = 0; at < count; at += 1) {
    const entry = random() < 0.15 ? pick(entries) : undefined;
    yield JSON.stringify({
      timestamp: '2026-11-01T10:00:00.000000+0000',
      flow_id: at + 1,
      ...toEvent(at, entry, { random, pick }),
    });
  }
}

interface Chance {
  readonly random: () => number;
  readonly pick: <Item>(items: readonly Item[]) => Item | undefined;
}

function toEvent(at: number, entry: SnapshotEntry | undefined, { random, pick }: Chance): object {
  const given = entry?.url ?? `site${at % 5000}.example/`;
  const [, listedHost = '', , path = ''] = /^([^:/]*)(:\d+)?(.*)$/.exec(given) ?? [];
  const host = random() < 0.2 ? toWireHost(listedHost).toUpperCase() : toWireHost(listedHost);
  const base = { src_ip: '10.0.0.8', dest_ip: random() < 0.02 && entry ? entry.ip : `192.0.2.${at % 250}` };
  const isAddress = /^\d+(?:\.\d+){3}$/.test(host);
  switch (isAddress ? 3 : at % 4) {
    case 0:
      return { ...base, event_type: 'dns', dns: { type: 'query', rrname: host } };
    case 1:
      return { ...base, event_type: 'tls', tls: { sni: host, version: 'TLS 1.3' } };
    case 2:
      return { ...base, event_type: 'flow', proto: 'TCP' };
    default: {
      const url = random() < 0.5 ? path || '/' : (pick(PATHS) ?? '/');
      return { ...base, event_type: 'http', http: { hostname: host, url: url || '/', http_port: pick(PORTS), status: 200 } };
    }
  }
}

function toWireHost(host: string): string {
  return new URL(`http://${host}`).hostname;
}
