import { groupBy } from '../core/group-by.ts';
import { parseAuthority } from '../core/observables/host.ts';
import { toSchemeless } from '../core/observables/observable.ts';
import type { FieldRole } from './field-roles.ts';

/** One value of a record. Only a host and a path of the same `scope` make a URL. */
export interface FieldValue {
  readonly role: FieldRole;
  readonly value: string;
  readonly scope?: unknown;
}

/** A URL made of several fields, or the value of one. */
export type Made = string | { readonly url: string };

/** What logs write for nothing. */
const HOLDS_NOTHING: ReadonlySet<string> = new Set(['', '-', '(empty)']);

const URL_PARTS: ReadonlySet<FieldRole> = new Set([
  'host',
  'sender',
  'link',
  'path',
  'place',
  'query',
  'port',
  'method',
  'scheme',
]);

function isPartOfUrl({ role, value }: FieldValue): boolean {
  return role !== 'text' && URL_PARTS.has(role) && !HOLDS_NOTHING.has(value);
}

/*
 * host panel.example, link /a                              http://panel.example/a
 * host panel.example, path /a, query b=1, port 8080        http://panel.example:8080/a?b=1
 * host panel.example, link https://panel.example/a         the link
 * host panel.example, link https://drop.example/a          both
 * host panel.example, link panel.example:443, CONNECT      panel.example
 * host panel.example, link GET /a HTTP/1.1                 http://panel.example/a
 */

/**
 * The URLs that the fields of a record make together: for each field that takes part, the values to add in its place, none where another
 * field stands for it. Undefined where no field can.
 */
export function makeUrls(values: readonly FieldValue[]): Map<FieldValue, readonly Made[]> | undefined {
  if (!values.some(({ role }) => role === 'link' || role === 'path' || role === 'place')) return undefined;
  const parts = values.filter(isPartOfUrl);
  const made = new Map<FieldValue, readonly Made[]>();
  const isConnect = parts.some(({ role, value }) => role === 'method' && value.toUpperCase() === 'CONNECT');
  const ofRecord = { port: valueOf('port', parts), scheme: valueOf('scheme', parts) };
  for (const inScope of groupBy(parts, ({ scope }) => scope).values()) {
    const host = inScope.find(({ role }) => role === 'host') ?? inScope.find(({ role }) => role === 'sender');
    if (host) pairHost(host, { inScope, ofRecord, isConnect }, made);
  }
  for (const field of isConnect ? parts : []) {
    if (field.role === 'link' && !made.has(field) && AUTHORITY.test(field.value)) made.set(field, [toHost(field.value)]);
  }
  return made;
}

/** '' for what is not known. */
interface Target {
  readonly port: string;
  readonly scheme: string;
}

function valueOf(wanted: FieldRole, parts: readonly FieldValue[]): string {
  return parts.find(({ role }) => role === wanted)?.value ?? '';
}

interface Surroundings {
  readonly inScope: readonly FieldValue[];
  /** The first ones of the record, in whatever scope. */
  readonly ofRecord: Target;
  readonly isConnect: boolean;
}

const AUTHORITY = /^[^/\s?#]+:\d+$/;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\//i;

/** Makes the URLs of a host, each in the place of its first field. */
function pairHost(
  host: FieldValue,
  { inScope, ofRecord, isConnect }: Surroundings,
  made: Map<FieldValue, readonly Made[]>,
): void {
  const link = chooseLink(host, inScope);
  if (!link) return;
  const query = inScope.find(({ role }) => role === 'query');
  const target = { port: valueOf('port', inScope) || ofRecord.port, scheme: valueOf('scheme', inScope) || ofRecord.scheme };
  const path = withQuery(link, query);
  const together = isConnect ? combineConnect(host.value, path) : combine(host.value, path, target);
  const isHostFirst = inScope.indexOf(host) < inScope.indexOf(link);
  made.set(isHostFirst ? host : link, together);
  made.set(isHostFirst ? link : host, []);
  for (const field of inScope) {
    const isRepeated = field.role === 'path' || field === query || (field.role === 'sender' && field.value === host.value);
    if (isRepeated && field !== host && field !== link) made.set(field, []);
    const otherPath = toTarget(field);
    if (field.role === 'link' && otherPath.startsWith('/') && !made.has(field))
      made.set(field, combine(host.value, otherPath, target));
  }
}

/** The field that makes a URL with a host: a link, if possible with a path or scheme, else a path. */
function chooseLink(host: FieldValue, inScope: readonly FieldValue[]): FieldValue | undefined {
  const first = (wanted: FieldRole) => inScope.find(({ role }) => role === wanted);
  const isRequest = host.role === 'host' || first('method') !== undefined;
  const startsWell = (field: FieldValue) => toTarget(field).startsWith('/') || ABSOLUTE.test(toTarget(field));
  const whole = inScope.find((field) => field.role === 'link' && startsWell(field));
  return whole ?? first('link') ?? first('path') ?? (isRequest ? first('place') : undefined);
}

/** What a link asks for; a path gets the query of the record. */
function withQuery(link: FieldValue, query: FieldValue | undefined): string {
  if (link.role === 'link' || !query || link.value.includes('?')) return toTarget(link);
  return `${link.value}?${query.value.replace(/^\?/, '')}`;
}

const REQUEST_LINE = /^[A-Z]{3,10} (\S+) HTTP\/\d(?:\.\d)?$/;

/** What a link asks for, which may be the first line of a request. */
function toTarget({ value }: FieldValue): string {
  return REQUEST_LINE.exec(value)?.[1] ?? value;
}

function combine(host: string, link: string, target: Target): Made[] {
  if (ABSOLUTE.test(link)) return isSameHost(host, parseAuthority(toSchemeless(link)).host) ? [link] : [host, link];
  if (link.startsWith('/')) return host.includes('.') || host.includes(':') ? [{ url: makeUrl(host, link, target) }] : [link];
  return AUTHORITY.test(link) && isSameHost(host, toHost(link)) ? [toHost(host)] : [host, link];
}

/** `CONNECT` names the host alone. */
function combineConnect(host: string, link: string): Made[] {
  if (ABSOLUTE.test(link)) return combine(host, link, { port: '', scheme: '' });
  return AUTHORITY.test(link) && !isSameHost(host, toHost(link)) ? [toHost(host), toHost(link)] : [toHost(host)];
}

function isSameHost(one: string, other: string): boolean {
  return toHost(one).toLowerCase() === toHost(other).toLowerCase();
}

/** The host of `host[:port]`, without brackets and a root dot. */
function toHost(text: string): string {
  return parseAuthority(text.trim()).host.replace(/^\[|\]$|\.$/g, '');
}

const SCHEME = /^(?:https?|ftps?|wss?)(?=$|:)/i;

/** The URL that a log of HTTP names by host, path, port and scheme, which is http where none is named. */
function makeUrl(given: string, path: string, target: Target): string {
  const { host, port } = parseAuthority(given.trim());
  const scheme = SCHEME.exec(target.scheme.trim())?.[0].toLowerCase();
  const meant = port === '' ? target.port : port;
  const isUsual = (meant === '80' && scheme !== 'https') || (meant === '443' && scheme !== 'http');
  const isShown = /^[1-9]\d{0,4}$/.test(meant) && !isUsual;
  return `${scheme ?? 'http'}://${host.replace(/\.$/, '')}${isShown ? `:${meant}` : ''}${path}`;
}
