import { splitAttributes, splitExtension, splitHeader } from './cef-parts.ts';
import type { FieldRole } from './field-roles.ts';
import { roleOfName } from './field-roles.ts';
import type { Head, LineFormat, LineReader, Reading } from './format.ts';
import type { FieldValue } from './record-values.ts';
import { createRecordReader } from './record-values.ts';
import { createTimeReader } from './record-time.ts';
import { searchText } from './search.ts';

/** CEF and LEEF, behind a syslog head or not. */
export const cef: LineFormat = {
  unit: 'event',
  isPrivate: true,
  recognise: recogniseCef,
  open: openCef,
};

// Logs mix them with lines of other kinds.
const LOOKED_AT = 40;
const WANTED_SHARE = 1 / 4;

function recogniseCef({ lines }: Head): string | undefined {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, LOOKED_AT);
  const kinds = filled.map((line) => parseEvent(line)?.kind).filter((kind) => kind !== undefined);
  if (kinds.length === 0 || kinds.length < filled.length * WANTED_SHARE) return undefined;
  return new Set(kinds).size === 2 ? 'CEF and LEEF' : kinds[0];
}

function openCef(reading: Reading): LineReader {
  const addRecord = createRecordReader();
  return {
    read(lines, firstLine) {
      for (const [at, text] of lines.entries()) {
        const line = firstLine + at;
        const event = parseEvent(text);
        reading.at(line, () => event && readTimeOf(event.fields));
        if (event) {
          reading.count(1);
          addRecord(toValues(event), reading, line);
        } else if (text.trim() !== '') searchText(text, reading, line);
      }
    },
  };
}

function readTimeOf(fields: CefEvent['fields']): string | undefined {
  return createTimeReader(fields.map(([key]) => key))(fields.map(([, value]) => value));
}

interface CefEvent {
  readonly kind: 'CEF' | 'LEEF';
  /** What stands before it, as syslog does. */
  readonly head: string;
  /** The name of the event; '' for LEEF, which has none. */
  readonly name: string;
  readonly fields: readonly (readonly [key: string, value: string])[];
}

const START = /(?:^|[\s:"])(CEF:\s?\d+(?:\.\d+)?|LEEF:\s?(\d)\.\d+)(?=\|)/;
const CEF_FIELDS = 7;
const CEF_NAME = 5;
const LEEF_FIELDS = 5;

function parseEvent(line: string): CefEvent | undefined {
  const start = START.exec(line);
  if (!start?.[1]) return undefined;
  const from = start.index + start[0].length - start[1].length;
  const head = line.slice(0, from);
  const body = line.slice(from).replace(/\r$/, '');
  if (start[2] === undefined) {
    const parts = splitHeader(body, CEF_FIELDS);
    return parts && { kind: 'CEF', head, name: parts.header[CEF_NAME] ?? '', fields: splitExtension(parts.rest) };
  }
  const parts = splitHeader(body, LEEF_FIELDS);
  return parts && { kind: 'LEEF', head, name: '', fields: splitAttributes(parts.rest, start[2] === '2') };
}

function toValues({ head, name, fields }: CefEvent): FieldValue[] {
  const values: FieldValue[] = [head, name].filter((text) => text.trim() !== '').map((value) => ({ role: 'text', value }));
  for (const [key, value] of fields) values.push({ role: toRole(key), value });
  return values;
}

const ROLES = new Map<string, FieldRole>([
  ['dhost', 'host'],
  ['dsthost', 'host'],
  ['dpt', 'port'],
  ['dstport', 'port'],
]);

function toRole(key: string): FieldRole {
  return ROLES.get(key.toLowerCase()) ?? roleOfName(key);
}
