import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import type { Observable } from '../core/observables/observable.ts';
import type { FormatOptions, Head, LineFormat, LineReader, Reading } from './format.ts';
import type { FieldPlace, FieldPlaces } from './json-fields.ts';
import { createPlaces } from './json-fields.ts';
import { toNamedField } from './json-pairs.ts';
import { FieldPicker } from './json-picker.ts';
import { findOwnIndicator, isOwnEnrichment, toArray, withoutOwnEnrichments } from './own-enrichments.ts';
import { parseEvent } from './json-line.ts';
import { LimitedNotes } from './limited-notes.ts';
import { roleOfPath } from './field-roles.ts';
import { toPlainName } from './type-names.ts';
import { findTime } from './record-time.ts';
import type { FieldValue } from './url-fields.ts';
import { addRecord, addText, isEmptyOfObservables } from './record-values.ts';

/** JSON, one object a line: Suricata EVE, Zeek, ECS, Splunk, Sysmon and others. */
export const jsonEvents: LineFormat = {
  unit: 'event',
  isPrivate: true,
  readsFields: true,
  recognise: recogniseEvents,
  open: (reading, { fields }) => openEvents(reading, fields),
};

// The first line of a rotated log may be cut.
const LOOKED_AT = 20;

function recogniseEvents({ lines }: Head): string | undefined {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, LOOKED_AT);
  if (filled[0]?.trim() === '[') return undefined;
  const events = filled.map((line) => parseEvent(line)).filter((parsed) => parsed.kind === 'event' && isObject(parsed.value));
  if (events.length === 0 || events.length * 2 < filled.length) return undefined;
  for (const event of events) {
    const title = event.kind === 'event' && isObject(event.value) ? titleOf(event.value) : undefined;
    if (title !== undefined) return title;
  }
  return 'JSON events';
}

function titleOf(given: JsonObject): string | undefined {
  const event = new Map(Object.entries(isObject(given['result']) ? given['result'] : given));
  if (typeof event.get('event_type') === 'string' && event.has('timestamp')) return 'Suricata EVE';
  const id = event.get('id');
  const hasConnection = event.has('id.orig_h') || (isObject(id) && Object.hasOwn(id, 'orig_h'));
  if (hasConnection || (event.has('ts') && (event.has('uid') || event.has('_path')))) return 'Zeek JSON';
  return event.has('@timestamp') || event.has('ecs') || event.has('ecs.version') ? 'ECS events' : undefined;
}

function openEvents(reading: Reading, fields: FormatOptions['fields']): LineReader {
  const picker = fields.length > 0 ? new FieldPicker(fields) : undefined;
  const options = { picker, places: createPlaces() };
  const notes = new LimitedNotes(reading, 'line that is no readable JSON', 'lines that are no readable JSON');
  return {
    read(lines, firstLine) {
      for (const [at, text] of lines.entries()) {
        if (text.trim() === '') continue;
        const line = firstLine + at;
        const parsed = parseEvent(text);
        reading.at(line, () => (parsed.kind === 'event' ? findTime(parsed.value) : undefined));
        if (parsed.kind === 'unreadable') {
          const isSearched = parsed.isText && !picker;
          notes.add(`${parsed.reason}: the line is ${isSearched ? 'read as text' : 'left out'}`, line);
          if (isSearched) addText(text, reading, line);
          continue;
        }
        reading.count(1);
        if (!picker && parsed.head !== '') addText(parsed.head, reading, line);
        readEvent(parsed.value, reading, line, options);
      }
    },
    end() {
      notes.end();
      picker?.noteMissing(reading);
    },
  };
}

/** How an event is read. */
export interface EventOptions {
  /** Of `--field`; undefined for all fields. */
  readonly picker: FieldPicker | undefined;
  readonly places: FieldPlaces;
}

/** Reads one parsed line: the known fields of an event, and all its other strings as text. */
export function readEvent(value: unknown, reading: Reading, line: number | undefined, { picker, places }: EventOptions): void {
  if (picker) {
    picker.read(value, reading, line);
    return;
  }
  const own = findOwnIndicator(value);
  if (own) {
    reading.add(own);
    return;
  }
  const collected: Collected = { names: [], values: [], separateRecords: [], portsAndMethods: 0, places };
  collect(withoutOwn(value), places.root(), undefined, collected);
  for (const { type, value } of collected.names) reading.add({ type, value });
  addRecord(collected.values, reading, line);
  for (const values of collected.separateRecords) addRecord(values, reading, line);
}

/** The event without what `--join` added to it. */
function withoutOwn(event: unknown): unknown {
  if (!isObject(event)) return event;
  const { cct, threat, 'threat.enrichments': dotted } = event;
  const hasOwnMember = Array.isArray(cct) && cct.every((item) => isObject(item) && 'observable' in item && 'status' in item);
  const nested = isObject(threat) ? threat['enrichments'] : undefined;
  if (!hasOwnMember && !hasOwnEnrichment(nested) && !hasOwnEnrichment(dotted)) return event;
  return {
    ...event,
    ...(hasOwnMember && { cct: undefined }),
    ...(isObject(threat) && { threat: { ...threat, enrichments: withoutOwnEnrichments(toArray(nested)) } }),
    'threat.enrichments': withoutOwnEnrichments(toArray(dotted)),
  };
}

function hasOwnEnrichment(enrichments: unknown): boolean {
  return toArray(enrichments).some(isOwnEnrichment);
}

/*
 * {"host": "a.example",                          URL scope 1, of the event
 *  "http": {"url": "/x"},                        URL scope 2: no URL with a.example
 *  "requests": [{"host": "b.example", "url": "/y"},                  scope 3: http://b.example/y
 *               {"host": "c.example", "url": "/z", "http_port": 8080}]}   a separate record, for its port: http://c.example:8080/z
 */

interface Collected {
  readonly names: Observable[];
  readonly values: FieldValue[];
  /** Items of arrays with a port or method of their own. */
  readonly separateRecords: FieldValue[][];
  /** How many of `values` are ports or methods: these apply to hosts of all URL scopes. */
  portsAndMethods: number;
  readonly places: FieldPlaces;
}

/** The URL scopes of one item of an array, by place: other items have the same places. */
type ItemScopes = Map<FieldPlace, object>;

/** The scope of an object whose host and path make a URL. Outside arrays it is the place, which `{"a.b": 1}` and `{"a": {"b": 1}}` share. */
function urlScopeAt(place: FieldPlace, itemScopes: ItemScopes | undefined): object {
  const known = itemScopes ? itemScopes.get(place) : place;
  if (known) return known;
  const urlScope = {};
  itemScopes?.set(place, urlScope);
  return urlScope;
}

/** Collects the strings of a value, and numbers that are ports. A string may be an event itself, as Splunk's `_raw` is. */
function collect(
  value: unknown,
  place: FieldPlace,
  itemScopes: ItemScopes | undefined,
  collected: Collected,
  urlScope: object = place,
): void {
  if (typeof value === 'string') collectString(value, place, collected, urlScope);
  else if (typeof value === 'number') {
    if (place.role === 'port') addValue(String(value), place, collected, urlScope);
  } else if (Array.isArray(value)) {
    for (const each of value as unknown[]) {
      if (!isObject(each)) collect(each, place, itemScopes, collected, urlScope);
      else if (!collectNamed(each, place, itemScopes, collected)) collectItem(each, place, collected);
    }
  } else if (isObject(value)) collectObject(value, place, itemScopes, collected);
}

function collectObject(object: JsonObject, place: FieldPlace, itemScopes: ItemScopes | undefined, collected: Collected): void {
  const own = urlScopeAt(place, itemScopes);
  let hasOtherKeys = false;
  let uncertain: Observable[] | undefined;
  // What JSON.parse returns inherits no keys.
  for (const key in object) {
    const child = collected.places.childOf(place, key);
    const { parent = place, named } = child;
    if (!named) hasOtherKeys = true;
    else if (named.isCertain) collected.names.push(named);
    else (uncertain ??= []).push(named);
    collect(object[key], child, itemScopes, collected, parent === place ? own : urlScopeAt(parent, itemScopes));
  }
  // Next to ordinary field names, an uncertain key is a field name too.
  if (uncertain && !hasOtherKeys) for (const name of uncertain) collected.names.push(name);
}

/** Collects a known field that an object of an array names; false for any other object. */
function collectNamed(object: JsonObject, place: FieldPlace, itemScopes: ItemScopes | undefined, collected: Collected): boolean {
  const field = toNamedField(object);
  if (!field || roleOfPath([...place.path, toPlainName(field.name)]) === 'text') return false;
  const child = collected.places.childOf(place, field.name);
  collect(field.value, child, itemScopes, collected, urlScopeAt(child.parent ?? place, itemScopes));
  return true;
}

function collectString(value: string, place: FieldPlace, collected: Collected, urlScope: object): void {
  const { role } = place;
  const within = role === 'text' && value.startsWith('{') ? parseEvent(value) : undefined;
  if (within?.kind === 'event') collectItem(within.value, place, collected);
  else if (role !== 'text' || !isEmptyOfObservables(value)) addValue(value, place, collected, urlScope);
}

function addValue(value: string, { role }: FieldPlace, collected: Collected, urlScope: object): void {
  if (role === 'port' || role === 'method') collected.portsAndMethods += 1;
  collected.values.push({ role, value, scope: urlScope });
}

/** Collects an object of an array, or an event in a string. With a port or method, which apply to no other, it is a separate record. */
function collectItem(item: unknown, place: FieldPlace, collected: Collected): void {
  const { values, separateRecords, portsAndMethods } = collected;
  const start = values.length;
  collect(item, place, new Map(), collected);
  const hasOwnPortOrMethod = collected.portsAndMethods !== portsAndMethods;
  if (!hasOwnPortOrMethod) return;
  separateRecords.push(values.splice(start));
  collected.portsAndMethods = portsAndMethods;
}
