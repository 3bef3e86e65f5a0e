import { toObservable } from '../text/detect-type.ts';
import { refang } from '../text/refang.ts';
import { isIpv6 } from '../core/observables/host.ts';
import type { Observable } from '../core/observables/observable.ts';
import { toObservableType, toPlainName } from './type-names.ts';
import { parseOrAdvise } from './typed.ts';
import { CORRECT_ROW } from './way-out.ts';

const IPV6_NAMES = new Set(['ipv6', 'ipv6addr', 'ipv6address']);
// ThreatFox and MISP join an address and its port.
const WITH_PORT = new Set(['ip:port', 'ip|port', 'ipport', 'ipdst|port', 'ipsrc|port', 'ipv4:port', 'ipv4|port', 'ipv4port']);

const NAMES_WITH_PORT = new Set(['host:port', 'hostname:port', 'domain:port', 'fqdn:port']);

// A column of types has these too; their rows are skipped.
const OTHERS = new Set(
  `md5 sha1 sha224 sha256 sha384 sha512 md5hash sha1hash sha256hash sha512hash sha3384hash filehash filehashmd5 filehashsha1 filehashsha256
   hash ssdeep tlsh imphash pehash filehashpehash filehashimphash authentihash file filename filepath filesize path mutex mutexname regkey registry
   registrykey windowsregistrykey email emailaddr emailaddress emailsrc emaildst emailsubject emailbody cve vulnerability asn as
   autonomoussystem mac macaddr macaddress ja3 ja3fingerprintmd5 ja3s jarm yara yararule snort sigma useragent process processname service
   cidr cidrv4 netblock iprange ipv4range cidripv4 btc bitcoinaddress bitcoin wallet cryptocurrencywallet uripath ssl sslcertfingerprint
   x509certificate x509fingerprintsha1 certificate certificatefingerprint useraccount user username filenamemd5 filenamesha256
   version softwareversion productversion fileversion osversion build
   domain|ip hostname|port url|ip text comment other unknown pattern artifact directory software networktraffic attachment malwaresample
   payloaddeliveryurl deviceid device amptcomputerguid odnsidentity pgpkey phone phonenumber payment banknumber iban bic port`
    .split(/\s+/)
    .map(toPlainName),
);

/** Whether a cell is a type of observables, by any of its names. */
export function isTypeName(cell: string): boolean {
  const name = toPlainName(cell);
  return (
    toObservableType(name) !== undefined ||
    IPV6_NAMES.has(name) ||
    WITH_PORT.has(name) ||
    NAMES_WITH_PORT.has(name) ||
    OTHERS.has(name)
  );
}

// MISP joins two values; the second of these is a port.
const JOINED = new Map<string, readonly string[]>([
  ['domain|ip', ['domain', 'ip']],
  ['hostname|port', ['domain']],
]);

/** The observables of a row, refanged, with cct's name of the type. An unknown type keeps its name. Throws `input` for an empty cell. */
export function toTyped(givenType: string, givenValue: string, place: string): Observable[] {
  const { type: named, value: given } = parseOrAdvise({ type: givenType, value: givenValue }, place, CORRECT_ROW);
  const name = toPlainName(named);
  const joined = JOINED.get(name);
  if (joined && given.includes('|')) {
    const values = given.split('|');
    return joined.map((type, at) => toAliased(type, refang((values[at] ?? '').trim()), type)).filter(({ value }) => value !== '');
  }
  return [toAliased(name, refang(given), named)];
}

function toAliased(name: string, value: string, named: string): Observable {
  const isWithPort = WITH_PORT.has(name);
  // What has a port is no valid domain, so it is searched.
  const type = NAMES_WITH_PORT.has(name) ? 'domain' : toObservableType(name);
  if (isWithPort || type === 'ip' || IPV6_NAMES.has(name)) {
    const address = isWithPort && !isIpv6(value) ? (/^\[?(.*?)\]?[:|]\d+$/.exec(value)?.[1] ?? value) : value;
    const detected = address.includes(':') ? toObservable(address) : undefined;
    return detected?.type === 'ip' || detected?.type === 'ipv6' ? detected : { type: 'ip', value: address };
  }
  return { type: type ?? named, value };
}
