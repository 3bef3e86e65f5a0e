import { parseAuthority, isIpv6 } from '../core/observables/host.ts';
import type { Observable } from '../core/observables/observable.ts';
import { detectType } from './detect-type.ts';
import { judgeRun } from './dotted.ts';
import type { PassedOver } from './passed-over.ts';
import { toPlainText } from './plain-text.ts';
import { refang } from './refang.ts';
import { nextRun } from './runs.ts';
import { nextUrl } from './urls.ts';

/** The observables of a text, in its order. */
export interface Extraction {
  readonly found: readonly Observable[];
  /** Text that looks like an observable but is not one. */
  readonly passedOver: readonly PassedOver[];
}

/**
 * The observables in one line of text, refanged, repeated ones too: IPv4 addresses, URLs, domains, and an IPv6 address where it stands
 * alone. Takes linear time.
 */
export function extractObservables(line: string): Extraction {
  if (!MAY_HOLD_ANY.test(line)) return NOTHING;
  const plain = toPlainText(line);
  const text = LONE_BROKEN_URL.test(plain) ? refang(plain) : plain;
  const lone = text.length <= MAX_LONE_LENGTH ? toLoneIpv6(text) : undefined;
  return lone ? { found: [lone], passedOver: [] } : findAll(text);
}

const MAX_KNOWN = 4_096;
const MAX_KNOWN_LENGTH = 256;

/** The same, remembered in `known`, because logs repeat texts, as they do a User-Agent. */
export function extractRepeated(line: string, known: Map<string, Extraction>): Extraction {
  const before = known.get(line);
  if (before) return before;
  const extraction = extractObservables(line);
  if (known.size >= MAX_KNOWN) known.clear();
  if (line.length <= MAX_KNOWN_LENGTH) known.set(line, extraction);
  return extraction;
}

const NOTHING: Extraction = { found: [], passedOver: [] };
// Cisco's mail gateways put a blank after the scheme.
const LONE_BROKEN_URL = /^\s*[a-z*]{3,7}:\/\/ [^\s.]+\.\S+\s*$/i;
const MAY_HOLD_ANY =
  /\.[^\s.]|[[({]\s{0,2}(?:\.|dot)|[:/_][:/\\[_({]|[[({]\s?:|%(?:25)?3a|\(0\)|&(?:#|period|colon)|\\[ux]|%2e|:(?:[0-9a-f]{1,4}:){6}/i;

function findAll(text: string): Extraction {
  const found: Observable[] = [];
  const passedOver: PassedOver[] = [];
  let url = nextUrl(text, 0);
  let run = nextRun(text, 0);
  let ipv6 = text.includes('::') || WITHOUT_GAP.test(text) ? nextIpv6(text, 0) : undefined;
  const passOverIpv6 = (before: number) => {
    for (; ipv6 && ipv6.start < before; ipv6 = nextIpv6(text, ipv6.end))
      passedOver.push({ reason: 'other type', text: ipv6.value });
  };
  let isVersion = false;
  let schemaEnd = 0;
  let from = 0;
  while (url ?? run) {
    let at: number;
    if (url && (!run || run.end > url.start)) {
      passOverIpv6(url.start);
      schemaEnd = endOfSchema(text, url.end) ?? schemaEnd;
      if (url.start < schemaEnd || isNamespace(text, url.start)) passedOver.push({ reason: 'code', text: url.value });
      else found.push({ type: 'url', value: url.value });
      at = url.end;
      isVersion = false;
    } else if (run) {
      passOverIpv6(run.start);
      const { type, reason, value = '', end } = judgeRun(text, run, { from, isVersion });
      if (type !== undefined) found.push({ type, value });
      else if (reason !== undefined) passedOver.push({ reason, text: value });
      isVersion = reason === 'version';
      at = end;
    } else break;
    from = at;
    if (run && run.start < at) run = nextRun(text, at);
    if (url && url.start < at) url = nextUrl(text, at);
    if (ipv6 && ipv6.start < at) ipv6 = nextIpv6(text, at);
  }
  passOverIpv6(text.length);
  return { found, passedOver };
}

// `xmlns:x="http://panel.example/ns"`, as JSON too.
const NAMESPACE = /\bxmlns(?::[\w.-]{1,64})?["']?\s{0,2}[=:]\s{0,2}\\?["']$/i;
const NAMESPACE_LENGTH = 80;

/** Whether the URL that begins here is the name of an XML namespace. */
function isNamespace(text: string, start: number): boolean {
  return /["']/.test(text.slice(start - 1, start)) && NAMESPACE.test(text.slice(Math.max(0, start - NAMESPACE_LENGTH), start));
}

// `xsi:schemaLocation="http://panel.example/ns http://panel.example/ns.xsd"`, often with each pair on a line of its own.
const SCHEMA = /\s{1,4}https?:\/\/[^\s"'<>]{1,200}\.xsd(?![^\s"'<>])/iy;

/** Where the schema ends that follows the name of its namespace; undefined if none does. */
function endOfSchema(text: string, namespaceEnd: number): number | undefined {
  SCHEMA.lastIndex = namespaceEnd;
  return SCHEMA.test(text) ? SCHEMA.lastIndex : undefined;
}

// Of an IPv6 address without `::`.
const WITHOUT_GAP = /:(?:[0-9a-f]{1,4}:){6}/i;
const IPV6 = /(?<![\w:.[/@])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:]|\.\w)/gi;

/** The first IPv6 address among other words from an index on. It is passed over: the tracker lists none. */
function nextIpv6(text: string, from: number): { value: string; start: number; end: number } | undefined {
  IPV6.lastIndex = from;
  for (let match = IPV6.exec(text); match; match = IPV6.exec(text)) {
    const { 0: value, index: start } = match;
    if (isIpv6(value)) return { value, start, end: start + value.length };
  }
  return undefined;
}

const MAX_LONE_LENGTH = 160;
const LONE = /^\s*(?:[-*•–]\s+)?([[\]0-9a-f:.()]{2,120}(?:(?<=\]|\]:\d{1,5})\/\S*)?)\s*$/i;

/** The IPv6 address without its port, or the URL on one, if a line contains nothing else; undefined for an IPv4-mapped address. */
function toLoneIpv6(text: string): Observable | undefined {
  const written = LONE.exec(text)?.[1];
  if (written?.includes(':') !== true) return undefined;
  const live = refang(written);
  if (live.includes('/')) return detectType(live) === 'url' ? { type: 'url', value: live } : undefined;
  const bare = live.replace(/^\[([^[\]]*)\]$/, '$1');
  const value = isIpv6(bare) ? bare : parseAuthority(bare).host.replace(/^\[|\]$/g, '');
  return isIpv6(value) && !/^::ffff:[\d.]+$/i.test(value) ? { type: 'ipv6', value } : undefined;
}
