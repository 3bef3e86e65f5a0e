import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import type { FormatOptions, Head, LineFormat, LineReader, Reading } from './format.ts';
import type { FieldPlace, FieldPlaces } from './json-fields.ts';
import { createPlaces } from './json-fields.ts';
import { FieldPicker } from './json-picker.ts';
import { findOwnIndicator, isOwnEnrichment, toArray, withoutOwnEnrichments } from './own-enrichments.ts';
import { parseEvent } from './json-line.ts';
import { LimitedNotes } from './limited-notes.ts';
import { findTime } from './record-time.ts';
import type { FieldValue } from './record-values.ts';
import { addText, createRecordReader, isEmptyOfObservables } from './record-values.ts';
import type { AddRecord } from './record-values.ts';

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
  const options = { picker, places: createPlaces(), addRecord: createRecordReader() };
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
  readonly addRecord: AddRecord;
}

/** Reads one parsed line: the known fields of an event, and all its other strings as text. */
export function readEvent(
  value: unknown,
  reading: Reading,
  line: number | undefined,
  { picker, places, addRecord }: EventOptions,
): void {
  if (picker) {
    picker.read(value, reading, line);
    return;
  }
  const own = findOwnIndicator(value);
  if (own) {
    reading.add(own);
    return;
  }
  const values: FieldValue[] = [];
  const place = places.root();
  collect(withoutOwn(value), place, place, { values, places });
  addRecord(values, reading, line);
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

interface Collected {
  readonly values: FieldValue[];
  readonly places: FieldPlaces;
}

/**
 * Collects the strings of a value, and numbers that are ports. `scope` tells the objects of an array apart. A string may be an event itself,
 * as Splunk's `_raw` is.
 */
function collect(value: unknown, place: FieldPlace, scope: unknown, collected: Collected): void {
  const { role } = place;
  if (typeof value === 'string') collectString(value, place, scope, collected);
  else if (typeof value === 'number') {
    if (role === 'port') collected.values.push({ role, value: String(value), scope });
  } else if (Array.isArray(value)) {
    for (const item of value as unknown[]) collect(item, place, isObject(item) ? item : scope, collected);
  } else if (isObject(value)) {
    // What JSON.parse returns inherits no keys.
    for (const key in value) {
      const child = collected.places.childOf(place, key);
      const isInArray = scope === value && child.parent === place;
      collect(value[key], child, isInArray ? value : child.parent, collected);
    }
  }
}

function collectString(value: string, place: FieldPlace, scope: unknown, collected: Collected): void {
  const { role } = place;
  const within = role === 'text' && value.startsWith('{') ? parseEvent(value) : undefined;
  if (within?.kind === 'event') collect(within.value, place, place, collected);
  else if (role !== 'text' || !isEmptyOfObservables(value)) collected.values.push({ role, value, scope });
}
