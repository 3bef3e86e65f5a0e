import { detectType } from '../text/detect-type.ts';
import { extractRepeated } from '../text/extract.ts';
import { parseCef } from './cef-event.ts';
import type { Reading } from './format.ts';
import { joinPairs } from './joined-pairs.ts';
import { addCell, addExtraction, searchText } from './search.ts';
import { joinRequests } from './request-lines.ts';
import type { FieldValue, Made } from './url-fields.ts';
import { makeUrls } from './url-fields.ts';

const ONE_WORD = /^[\w-]*$/;
// Words, numbers and times.
const WITHOUT_DOTS = /^[\w:+ -]*(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?$/;
const REVERSE_NAME = /(?:in-addr|\.ip6)\.arpa\.?$/i;

/** Adds the value of a field that names an observable; ignores a name without a dot. */
export function addKnown(given: string, reading: Reading, line?: number): void {
  if (given.includes('\n') && given.trim().includes('\n')) addText(given, reading, line);
  else if (!addEvents(given, reading, line)) addName(given, reading, line);
}

function addName(given: string, reading: Reading, line?: number): void {
  const value = given.trim();
  if (ONE_WORD.test(value)) return;
  if (REVERSE_NAME.test(value)) reading.passOver('reverse name', value, line);
  else addCell(value.endsWith('.') && /^[^\s/]*\w\.$/.test(value) ? value.slice(0, -1) : value, reading, line);
}

/** Searches the text of any other field. */
export function addText(text: string, reading: Reading, line?: number): void {
  if (isEmptyOfObservables(text) || addEvents(text, reading, line)) return;
  addExtraction(extractRepeated(joinPairs(joinRequests(text)), reading.extractions), reading, line);
}

/** Searches a line of text; where it holds an event of CEF or LEEF, adds what the fields of that hold. */
export function addLine(text: string, reading: Reading, line?: number): void {
  if (!addEvents(text, reading, line)) searchText(joinPairs(text), reading, line);
}

// An event within an event is text; otherwise hostile nesting would take more than linear time.
const IN_EVENT: FieldReaders = {
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

const IN_RECORD: FieldReaders = {
  known: addKnown,
  text: addText,
  version: (value, reading, line) => {
    if (API_VERSION.test(value)) reading.passOver('version', value, line);
    else addText(`version ${value}`, reading, line);
  },
};

// Of Kubernetes: `rbac.authorization.k8s.io/v1beta1`.
const API_VERSION = /^[\w-]+(?:\.[\w-]+)+\/v\d\w*$/;

/** Adds the observables of one record, in the order of its fields. */
export function addRecord(values: readonly FieldValue[], reading: Reading, line?: number): void {
  addFields(values, IN_RECORD, reading, line);
}

/** Reads values by the role of their field. */
interface FieldReaders {
  readonly known: ReadValue;
  readonly text: ReadValue;
  readonly version: ReadValue;
}

type ReadValue = (value: string, reading: Reading, line: number | undefined) => void;

function addFields(values: readonly FieldValue[], readers: FieldReaders, reading: Reading, line: number | undefined): void {
  const urls = makeUrls(values);
  const add = (read: ReadValue, value: string) => read(value, reading, line);
  for (const field of values) {
    const made = urls?.get(field);
    if (made) for (const piece of made) addMade(piece, reading, line);
    else addField(field, readers, add);
  }
}

/** Whether a text needs no search: words without a dot, numbers or times. */
export function isEmptyOfObservables(text: string): boolean {
  return WITHOUT_DOTS.test(text) && !text.includes('::');
}

// Fast path for most URLs; checking the host would double the time.
const PLAIN_URL = /^https?:\/\/[a-z0-9_][a-z0-9_.-]*(?::\d{1,5})?\//i;

function addMade(made: Made, reading: Reading, line: number | undefined): void {
  const value = typeof made === 'string' ? made : made.url;
  const isUrl = made !== value && (PLAIN_URL.test(value) || detectType(value) === 'url');
  if (isUrl) reading.add({ type: 'url', value });
  else addKnown(value, reading, line);
}

// Of an ending that may be a top-level domain too, as of `chcp.com`.
const FILE_NAME = /^[\p{L}\p{N}_.()-]*\.[a-z]\w{0,9}$/iu;

const passOverFile: ReadValue = (value, reading, line) => {
  reading.passOver('file name', value, line);
};

function addField(
  { role, value }: FieldValue,
  { known, text, version }: FieldReaders,
  add: (read: ReadValue, value: string) => void,
): void {
  switch (role) {
    case 'text':
    case 'path':
    case 'place':
    case 'query':
    case 'scheme':
      add(text, value);
      return;
    case 'version':
      add(version, value);
      return;
    case 'file':
      add(FILE_NAME.test(value) ? passOverFile : text, value);
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
