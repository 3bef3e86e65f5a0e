import type { SupportedType } from '../core/observables/observable.ts';

// Attribute types of MISP 2.5, apart from those that are addresses, URLs or names.
const OTHERS = `
  AS aba-rtn anonymised attachment authentihash azure-application-id bank-account-nr bic bin boolean bro btc campaign-id campaign-name
  cc-number cdhash chrome-extension-id comment community-id cookie cortex counter country-of-residence cpe dash date-of-birth datetime
  dkim dkim-signature dns-soa-email dom-hash email email-attachment email-body email-dst email-dst-display-name email-header
  email-message-id email-mime-boundary email-reply-to email-src email-src-display-name email-subject email-thread-index email-x-mailer
  eppn favicon-mmh3 filename filename-pattern first-name float frequent-flyer-number full-name gender gene git-commit-id
  github-organisation github-repository github-username hassh-md5 hasshserver-md5 hex http-method iban identity-card-number impfuzzy
  imphash integer issue-date-of-the-visa ja3-fingerprint-md5 ja4-plus jabber-id jarm-fingerprint kusto-query last-name mac-address
  mac-eui-64 malware-sample malware-type md5 middle-name mime-type mobile-application-id mutex named-pipe nationality onion-address other
  passenger-name-record-locator-number passport-country passport-expiration passport-number pattern-filename pattern-in-file
  pattern-in-memory pattern-in-traffic payment-details pdb pehash pgp-private-key pgp-public-key phone-number place-of-birth
  place-port-of-clearance place-port-of-onward-foreign-destination place-port-of-original-embarkation port primary-residence
  process-state prtn redress-number regkey regkey|value sha1 sha224 sha256 sha3-224 sha3-256 sha3-384 sha3-512 sha384 sha512
  sha512/224 sha512/256 sigma size-in-bytes snort special-service-request ssdeep ssh-fingerprint stix2-pattern target-email
  target-external target-location target-machine target-org target-user telfhash text threat-actor tlsh travel-details twitter-id
  user-agent vhash visa-number vulnerability weakness whois-creation-date whois-registrant-email whois-registrant-name
  whois-registrant-org whois-registrant-phone whois-registrar windows-scheduled-task windows-service-displayname windows-service-name
  x509-fingerprint-md5 x509-fingerprint-sha1 x509-fingerprint-sha256 xmr yara zeek`;

// `filename|md5` and the like.
const FILE_HASHES = `authentihash impfuzzy imphash md5 pehash sha1 sha224 sha256 sha3-224 sha3-256 sha3-384 sha3-512 sha384 sha512
  sha512/224 sha512/256 ssdeep tlsh vhash`;

const otherTypes = new Set([
  ...toWords(OTHERS),
  ...toWords(FILE_HASHES).map((hash) => `filename|${hash}`),
  // The one type with a blank.
  'named pipe',
]);

/** The types of the parts of a composite value; undefined for a part that is no observable. */
export const compositeTypes: ReadonlyMap<string, readonly (SupportedType | undefined)[]> = new Map([
  ['domain|ip', ['domain', 'ip']],
  ['hostname|port', ['domain', undefined]],
  ['ip-dst|port', ['ip', undefined]],
  ['ip-src|port', ['ip', undefined]],
] as const);

function toWords(text: string): string[] {
  return text.trim().toLowerCase().split(/\s+/);
}

/** Whether MISP has this attribute type, in lower case, and it is no address, URL or name. */
export function isOtherMispType(type: string): boolean {
  return otherTypes.has(type);
}

/** Whether a type, in lower case, is one that only MISP has: a name in parts. CTIM's names have underscores. */
export function isOnlyMispType(type: string): boolean {
  if (type === 'ip-dst' || type === 'ip-src' || compositeTypes.has(type)) return true;
  return /[|-]/.test(type) && otherTypes.has(type);
}
