import { parse } from 'tldts';
import { AMBIGUOUS_ENDINGS, FILE_ENDINGS } from './file-endings.ts';
import type { PassedOverReason } from './passed-over.ts';

/* Whether a name with dots is a domain, by public suffix data (https://publicsuffix.org) without private suffixes. */

// RFC 2606 and RFC 7686: not public suffixes, but used in documents and in practice.
const MORE_SUFFIXES = new Set(['example', 'onion']);

// Packages of Java and Android: `com.example.Main`. Phishing names begin like them too: `com.secure.panel.example`.
const REVERSED = /^(?:com|org|net|edu|gov|io)\.[^.]+\./i;
// Last words of packages that are also top-level domains.
const PACKAGES = new Set(
  'app dev foo tools games game chat media video camera services security social news weather google android chrome docs drive play run call'.split(
    ' ',
  ),
);
const PACKAGE_ROOT =
  /^(?:org\.(?:apache|eclipse|springframework|w3c|xml|junit|gnome|freedesktop)|com\.(?:sun|fasterxml)|net\.sf|io\.netty)\./i;
// Fields of ECS, Wireshark and Suricata's rules, and properties in code: `process.parent.name`, `dns.qry.name`, `http.host`, `self.id`, `t.name`.
const FIELDS = new Set(
  (
    'process parent group_leader session_leader entry_leader thread user effective target changes host os event dns question rule ruleset ' +
    'agent observer registry file pe winlog threat tactic technique subtechnique software enrichments indicator cloud account instance ' +
    'project region container image pod node namespace kubernetes orchestrator cluster organization as source destination client server ' +
    'http tls x509 issuer subject service package log network email attachments self this qry resp'
  ).split(' '),
);
// Other endings, capitalised, are words and methods even before a path or number: `Add.Link/Remove`, `Main.Open:42`.
const PLAIN_ENDINGS = new Set(['com', 'org', 'info', 'biz', 'example']);

/** Whether a name ends in a top-level domain that is not a word of code. */
export function hasPlainEnding(name: string): boolean {
  return PLAIN_ENDINGS.has(name.slice(name.lastIndexOf('.') + 1)) && !REVERSED.test(`${name}.`);
}

/** What the text around a name is evidence for. */
export interface NameContext {
  readonly isDefanged: boolean;
  /** Whether a port or a path follows. */
  readonly isAddressed: boolean;
  /** Whether a bracket follows, as after a function, or a comparison. */
  readonly isCalled: boolean;
  /** Whether a name server logged it. */
  readonly isLogged: boolean;
}

/** Why a name of two or more labels is not a domain; undefined if it is one. `silent` if it does not look like one, as `e.g`. */
export function whyNoDomain(name: string, context: NameContext): PassedOverReason | 'silent' | undefined {
  const { isDefanged, isAddressed, isCalled, isLogged } = context;
  const ending = name.slice(name.lastIndexOf('.') + 1);
  const lower = ending.toLowerCase();
  if (lower.length < 2 || /^\d+$/.test(lower)) return 'silent';
  if (/(?:^|\.)(?:in-addr|ip6)\.arpa$/i.test(name)) return 'reverse name';
  const registered = BRANDS.has(lower) ? undefined : registeredLabel(name.toLowerCase(), lower);
  const hasSuffix = registered !== undefined;
  if (!hasSuffix && FILE_ENDINGS.has(lower)) return 'file name';
  if (isDefanged) return undefined;
  if (isCalled) return 'code';
  if (!hasSuffix) return whyNoSuffix(name, lower);
  if (isLogged) return undefined;
  if (AMBIGUOUS_ENDINGS.has(lower)) return isAddressed || /^www\./i.test(name) ? undefined : 'file name';
  if (isAddressed && PLAIN_ENDINGS.has(lower)) return undefined;
  const isCapitalised = /^\p{Lu}/u.test(ending) && name !== name.toUpperCase();
  const isCode = isPackage(name, lower) || (!isAddressed && (NEVER_REGISTERED.test(registered) || isTerm(name, lower)));
  return isCapitalised || isCode ? 'code' : undefined;
}

// File extensions that are top-level domains of one company, without names of others: `Main.java:42`, `app.js.map`.
const BRANDS = new Set(['java', 'map', 'dot']);

// No registry accepts such a label: `my_object.id`, `id_rsa.pub`.
const NEVER_REGISTERED = /_/;

// .NET's products, and syslog's facilities: `ASP.NET`, `daemon.info`, `<local0.info>`.
const PRODUCT_OR_LEVEL = /^(?:(?:ASP|ADO|VB|ML)\.NET|(?:kern|user|daemon|auth|authpriv|syslog|cron|local[0-7])\.info)$/;

function isTerm(name: string, ending: string): boolean {
  return PRODUCT_OR_LEVEL.test(name) || isField(name, ending);
}

function isField(name: string, ending: string): boolean {
  if (ending !== 'name' && ending !== 'id') return name === 'http.host';
  return name
    .split('.')
    .slice(0, -1)
    .every((label) => label.length === 1 || FIELDS.has(label));
}

function isPackage(name: string, ending: string): boolean {
  return REVERSED.test(name) && (PACKAGES.has(ending) || PACKAGE_ROOT.test(name));
}

function whyNoSuffix(name: string, lower: string): PassedOverReason | 'silent' {
  if (REVERSED.test(name)) return 'code';
  return /^[a-z]/.test(lower) || /[^\x00-\x7f]/.test(lower) ? 'no such top-level domain' : 'silent';
}

/** Whether a label, in lower case, is a top-level domain. */
export function isTopLevelDomain(label: string): boolean {
  return registeredLabel(`a.${label}`, label) !== undefined;
}

/** The label directly below the public suffix of a lower-case name; undefined if there is none. */
function registeredLabel(name: string, ending: string): string | undefined {
  if (MORE_SUFFIXES.has(ending)) return labelBefore(name, name.length - ending.length - 1);
  const options = { allowPrivateDomains: false, extractHostname: false, validateHostname: false };
  const { domainWithoutSuffix, isIcann } = parse(name, options);
  return isIcann === true ? (domainWithoutSuffix ?? undefined) : undefined;
}

function labelBefore(name: string, dot: number): string {
  return name.slice(name.lastIndexOf('.', dot - 1) + 1, dot);
}
