import { parseAuthority } from '../core/host.ts';
import { toSchemeless } from '../core/observable.ts';
import { detectType } from '../text/detect-type.ts';
import { parseCef } from './cef-event.ts';
import type { FieldRole } from './field-roles.ts';
import type { Reading } from './format.ts';
import { rememberValues } from './repeated-values.ts';
import type { ReadValue } from './repeated-values.ts';
import { addCell, searchText } from './search.ts';

/** One value of a record. Only a host and a path of the same `scope` make a URL. */
export interface FieldValue {
  readonly role: FieldRole;
  readonly value: string;
  readonly scope?: unknown;
}

const NOTHING = new Set(['', '-', '(empty)']);
const ONE_WORD = /^[\w-]*$/;
// Words, numbers and times.
const WITHOUT_DOTS = /^[\w:+ -]*(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$/;
const REVERSE_NAME = /(?:in-addr|\.ip6)\.arpa\.?$/i;

/** Adds what a field holds that is known to name an observable; a name without a dot is none. */
export function addKnown(given: string, reading: Reading, line?: number): void {
  if (!addEvents(given, reading, line)) addName(given, reading, line);
}

function addName(given: string, reading: Reading, line?: number): void {
  const value = given.trim();
  if (NOTHING.has(value) || ONE_WORD.test(value)) return;
  if (REVERSE_NAME.test(value)) reading.passOver('reverse name', value, line);
  else addCell(value.endsWith('.') && /^[^\s/]*\w\.$/.test(value) ? value.slice(0, -1) : value, reading, line);
}

/** Searches the text of any other field. */
export function addText(text: string, reading: Reading, line?: number): void {
  if (!isEmptyOfObservables(text)) addLine(text, reading, line);
}

/** Searches a line of text; where it holds an event of CEF or LEEF, adds what the fields of that hold. */
export function addLine(text: string, reading: Reading, line?: number): void {
  if (!addEvents(text, reading, line)) searchText(text, reading, line);
}

// An event within a field of an event is text: else a hostile line of many would take more than linear time.
const IN_EVENT: ValueReaders = {
  known: addName,
  text: searchText,
  version: (value, reading, line) => searchText(`version ${value}`, reading, line),
};

/** Adds the events of CEF and LEEF in a text, and what else its lines hold; false for a text without any. */
function addEvents(text: string, reading: Reading, line: number | undefined): boolean {
  if (!parseCef(text)) return false;
  for (const part of text.split(/\r?\n/)) {
    const event = parseCef(part);
    if (event) addFields(event.values, IN_EVENT, reading, line);
    else searchText(part, reading, line);
  }
  return true;
}

const URL_PARTS: ReadonlySet<FieldRole> = new Set(['host', 'sender', 'link', 'path', 'query', 'port', 'method', 'scheme']);

function isPartOfUrl({ role, value }: FieldValue): boolean {
  return role !== 'text' && URL_PARTS.has(role) && !NOTHING.has(value);
}

/** Adds the observables of one record, in the order of its fields. */
export type AddRecord = (values: readonly FieldValue[], reading: Reading, line?: number) => void;

/** For the records of one input. */
export function createRecordReader(): AddRecord {
  const readers = {
    known: rememberValues(addKnown),
    text: rememberValues(addText),
    version: rememberValues((value, reading, line) => addText(`version ${value}`, reading, line)),
  };
  return (values, reading, line) => addFields(values, readers, reading, line);
}

function addFields(values: readonly FieldValue[], readers: ValueReaders, reading: Reading, line: number | undefined): void {
  const mayMakeUrl = values.some(({ role }) => role === 'link' || role === 'path');
  const urls = mayMakeUrl ? pairHosts(values.filter(isPartOfUrl)) : undefined;
  const add = (read: ReadValue, value: string) => read(value, reading, line);
  for (const field of values) {
    const made = urls?.get(field);
    if (made) for (const piece of made) addMade(piece, reading, line);
    else addField(field, readers, add);
  }
}

interface ValueReaders {
  readonly known: ReadValue;
  readonly text: ReadValue;
  readonly version: ReadValue;
}

/** Whether a text needs no search: words without a dot, numbers or times. */
export function isEmptyOfObservables(text: string): boolean {
  return WITHOUT_DOTS.test(text) && !text.includes('::');
}

// What most are: to look at the host more closely takes as long as all else.
const PLAIN_URL = /^https?:\/\/[a-z0-9_][a-z0-9_.-]*(?::\d{1,5})?\//i;

/** A URL that was made of two fields, or the value of one. */
type Made = string | { readonly url: string };

function addMade(made: Made, reading: Reading, line: number | undefined): void {
  const value = typeof made === 'string' ? made : made.url;
  const isUrl = made !== value && (PLAIN_URL.test(value) || detectType(value) === 'url');
  if (isUrl) reading.add({ type: 'url', value });
  else addKnown(value, reading, line);
}

function addField(
  { role, value }: FieldValue,
  { known, text, version }: ValueReaders,
  add: (read: ReadValue, value: string) => void,
): void {
  switch (role) {
    case 'text':
    case 'path':
    case 'query':
    case 'scheme':
      add(text, value);
      return;
    case 'version':
      add(version, value);
      return;
    case 'value':
    case 'host':
    case 'sender':
    case 'link':
      add(known, value);
      return;
    case 'results':
      // Sysmon: `type:  5 name;::ffff:192.0.2.1;`.
      for (const result of value.split(';')) add(known, result.replace(/^\s*type:\s*\d+\s+/, ''));
  }
}

/** For each field that takes part in a URL: the values to add in its place. */
function pairHosts(parts: readonly FieldValue[]): Map<FieldValue, readonly Made[]> {
  const made = new Map<FieldValue, readonly Made[]>();
  const isConnect = parts.some(({ role, value }) => role === 'method' && value.toUpperCase() === 'CONNECT');
  const ofRecord = { port: valueOf('port', parts), scheme: valueOf('scheme', parts) };
  for (const inScope of groupByScope(parts).values()) {
    const host = inScope.find(({ role }) => role === 'host') ?? inScope.find(({ role }) => role === 'sender');
    if (host) pairHost(host, { inScope, ofRecord, isConnect }, made);
  }
  for (const field of isConnect ? parts : []) {
    if (field.role === 'link' && !made.has(field) && AUTHORITY.test(field.value)) made.set(field, [toHost(field.value)]);
  }
  return made;
}

function groupByScope(parts: readonly FieldValue[]): Map<unknown, FieldValue[]> {
  const groups = new Map<unknown, FieldValue[]>();
  for (const part of parts) {
    const group = groups.get(part.scope);
    if (group) group.push(part);
    else groups.set(part.scope, [part]);
  }
  return groups;
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

function pairHost(
  host: FieldValue,
  { inScope, ofRecord, isConnect }: Surroundings,
  made: Map<FieldValue, readonly Made[]>,
): void {
  const links = inScope.filter(({ role }) => role === 'link');
  const paths = inScope.filter(({ role }) => role === 'path');
  const link = links.find(({ value }) => value.startsWith('/') || ABSOLUTE.test(value)) ?? links[0] ?? paths[0];
  if (!link) return;
  const query = inScope.find(({ role }) => role === 'query');
  const target = { port: valueOf('port', inScope) || ofRecord.port, scheme: valueOf('scheme', inScope) || ofRecord.scheme };
  const path =
    link.role === 'path' && query && !link.value.includes('?') ? `${link.value}?${query.value.replace(/^\?/, '')}` : link.value;
  const together = isConnect ? combineConnect(host.value, path) : combine(host.value, path, target);
  const isHostFirst = inScope.indexOf(host) < inScope.indexOf(link);
  made.set(isHostFirst ? host : link, together);
  made.set(isHostFirst ? link : host, []);
  // The same URL in pieces.
  for (const piece of [...paths, ...(query ? [query] : [])]) if (!made.has(piece) && piece !== link) made.set(piece, []);
  for (const other of links) {
    if (other.value.startsWith('/')) made.set(other, made.get(other) ?? combine(host.value, other.value, target));
  }
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
