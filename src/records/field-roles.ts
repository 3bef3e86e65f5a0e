import { toPlainName } from './type-names.ts';

/** What a field holds. */
export type FieldRole =
  /** A version, even if it looks like an address: `productVersion: 8.1.2.3`. */
  | 'version'
  /** An observable: `src_ip: 192.0.2.1`. */
  | 'value'
  /** Addresses and names that a DNS query returned: `QueryResults: type: 5 a.example;192.0.2.1;`. */
  | 'results'
  /** The host of a URL: `http_host: a.example`. */
  | 'host'
  /** The host of a URL, or, beside a `host`, the machine that sent the record: `hostname: a.example`. */
  | 'sender'
  /** A URL, or its path beside a `host`: `url: http://a.example/x`, `url: /x`. */
  | 'link'
  /** The path of a URL, unused beside a `link`: `uri_path: /x`. */
  | 'path'
  /** The query of a URL: `uri_query: b=1`. */
  | 'query'
  /** The port of a URL: `http_port: 8080`. */
  | 'port'
  /** The method of a request: `http_method: GET`. */
  | 'method'
  /** The scheme of a URL: `url_scheme: https`. */
  | 'scheme'
  /** The path of a URL beside a `host` or a `method`, else of a file: `path: /x`. */
  | 'place'
  /** A file or program, with or without its path: `image: C:\x\a.exe`. */
  | 'file'
  /** Any other field. */
  | 'text';

const NAMES: readonly (readonly [FieldRole, string])[] = [
  [
    'value',
    `ip ips ipaddr ipaddress ipaddresses ipv4 ipv4address ipv6 ipv6address src srcip srcaddr srcaddress srcipv4 srcipv6 dst dstip dstaddr
     dstaddress dest destip destaddr destaddress sourceip sourceipaddress sourceaddress sourceipv4 destination destinationip destinationaddress
     destinationipaddress clientip clientaddress cip serverip serveraddress sip remoteip remoteaddr remoteaddress localip peerip callerip
     idorigh idresph origh resph xff xforwardedfor resolvedip resolvedips rrname rdata query queryname answer answers answersdata
     answersname questionname dnsquery groupeda groupedaaaa groupedcname groupedns groupedmx groupedptr sni servername domain domains
     domainname destinationdomain sourcedomain destdomain srcdomain registereddomain fqdn destinationhostname sourcehostname desthostname
     dsthost desthost srchost destinationhost sourcehost remotehost remotehostname dhost shost destinationdnsdomain sourcednsdomain
     sandns indicator indicators indicatorvalue ioc iocs iocvalue observable observables observablevalue c6a1 c6a2 c6a3
     sourcetranslatedaddress destinationtranslatedaddress dvc httpreferer httprefer httpreferrer httprequestreferrer referer referrer
     requestcontext csreferer remoteaddressip4 remoteaddressip6 localaddressip4 srcipaddr dstipaddr targetipaddr maliciousip attackerip
     targetip externalip internalip publicip senderip senderipv4 natsourceip natdestinationip fileoriginip
     dnsresponsename srchostname dsthostname targethostname dstdomain targetdomain srcfqdn dstfqdn
     targetfqdn hostnames fqdns dnsname dnshost dnshostname reversedns subjectaltname alternativenames senderdomain
     senderfromdomain sendermailfromdomain querieddomain requestdomain requesteddomain destname referrerurl refererurl`,
  ],
  ['results', 'queryresults'],
  [
    'host',
    `urldomain cshost site urlhost httphost httphostname vhost virtualhost hostheader requesthost clientrequesthost authority
     httpmessagehost`,
  ],
  ['sender', 'host hostname'],
  [
    'link',
    `url urls uri remoteurl urlfilename threaturl urlfull urloriginal fullurl requesturl requesturi requesturlfull destinationurl link httpurl
     request curl clientrequesturi csuri httprequest requestline httprequestline`,
  ],
  ['path', 'urlpath uripath urlstem csuristem httppath requestpath clientrequestpath csuripath httpmessagepath httprequesturi'],
  ['place', 'path'],
  ['query', 'urlquery uriquery csuriquery httpmessagequery httprequestargs'],
  ['port', 'idrespp httpport urlport csuriport httpmessageport'],
  ['scheme', 'scheme urlscheme urischeme csurischeme httpscheme requestscheme clientrequestscheme csprotocol'],
  ['method', 'method httpmethod requestmethod httprequestmethod csmethod'],
  [
    'file',
    `file fname filename filenames filepath originalfilename sourcefilename targetfilename oldfilename origfilenames respfilenames
     peoriginalfilename attachment attachments attachmentname image imageloaded parentimage process processname parentprocessname
     newprocessname callerprocessname processexecutable executable initiatingprocessfilename`,
  ],
];

const ROLES = new Map<string, FieldRole>(
  NAMES.flatMap(([role, names]) => names.split(/\s+/).map((name) => [name, role] as const)),
);

// `agent.version`, `productVersion`, `os.build`.
const VERSION = /(?:^ver|version|firmware|kernel|build|release)s?$/;

/** The role of a field by its name alone. */
export function roleOfName(name: string): FieldRole {
  const plain = toPlainName(name);
  return ROLES.get(plain) ?? unknownRole(plain);
}

function unknownRole(plain: string): FieldRole {
  return VERSION.test(plain) ? 'version' : 'text';
}

const MAX_NAMES = 3;

/** The role of a field by the names on the way to it, outermost first: the longest known end of them counts. */
export function roleOfPath(path: readonly string[]): FieldRole {
  for (let from = Math.max(path.length - MAX_NAMES, 0); from < path.length; from += 1) {
    const role = ROLES.get(path.slice(from).join(''));
    if (role !== undefined) return role;
  }
  return unknownRole(path.at(-1) ?? '');
}
