import type { JsonObject } from '../core/json-text.ts';
import { isObject } from '../core/json-text.ts';
import { refang } from '../text/refang.ts';
import type { JsonFormat, Reading } from './format.ts';
import { itemsOf, toName } from './json-values.ts';
import { addStixValue, readComparison, toValueType } from './stix-comparison.ts';
import type { Comparison } from './stix-pattern.ts';
import { PatternError, parsePattern } from './stix-pattern.ts';
import { passingOver } from './wrap-reading.ts';

/** STIX 2.0 and 2.1: a bundle, an object, or a list of objects. Literal. */
export const stixJson: JsonFormat = {
  unit: 'object',
  isPrivate: false,
  recognise: (document) => (isStix(document) ? 'STIX' : undefined),
  read(document, reading) {
    const objects = toObjects(document);
    for (const [index, object] of objects.entries()) readStixObject(object, `objects[${index}]`, reading);
    reading.count(objects.length);
  },
};

function isStix(document: unknown): boolean {
  if (Array.isArray(document)) return isStixList(document);
  if (!isObject(document)) return false;
  const { type, objects } = document;
  // CTIM has bundles too.
  if (type === 'bundle') return Array.isArray(objects) || isEmptyBundle(document);
  // An answer of TAXII.
  if (type === undefined && isStixList(itemsOf(objects))) return true;
  return isStixObject(document);
}

/** STIX has no empty lists: a bundle of nothing has no `objects`. */
function isEmptyBundle(bundle: JsonObject): boolean {
  const { id } = bundle;
  return typeof id === 'string' && id.startsWith('bundle--') && Object.keys(bundle).length === 2;
}

/** Whether an array is a list of STIX objects: the first item with a type decides. */
export function isStixList(items: readonly unknown[]): boolean {
  return isStixObject(items.find((item) => isObject(item) && typeof item['type'] === 'string'));
}

function toObjects(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const objects = isObject(document) ? document['objects'] : undefined;
  return Array.isArray(objects) ? objects : [document];
}

/** Whether a value is a STIX object: its id begins with its type, it says its version, or it is an indicator with a pattern. */
export function isStixObject(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type, id, pattern, spec_version: version } = value;
  if (typeof type !== 'string') return false;
  if (typeof id === 'string' && id.startsWith(`${type}--`)) return true;
  if (typeof version === 'string' && /^2\.\d$/.test(version)) return true;
  return type === 'indicator' && typeof pattern === 'string';
}

/** Reads one STIX object. Notes what cannot be read, by the object's id or place. */
function readStixObject(object: unknown, place: string, reading: Reading): void {
  readObject(object, place, reading, 0);
}

// STIX has no bundles in bundles; some tools write one level.
const MAX_NESTED_BUNDLES = 10;

function readObject(object: unknown, place: string, reading: Reading, level: number): void {
  if (!isObject(object) || typeof object['type'] !== 'string') {
    reading.note(`${place}: expected a STIX object`);
    return;
  }
  const target = object['revoked'] === true ? passingOver(reading, 'revoked') : reading;
  const name = toName(object['id'], place);
  if (object['type'] === 'indicator') readIndicator(object, name, target);
  else if (object['type'] === 'observed-data' && isObject(object['objects'])) {
    for (const [key, observed] of Object.entries(object['objects'])) {
      if (isObject(observed)) readObserved(observed, `${name}: objects.${key}`, target);
    }
  } else if (object['type'] === 'bundle') readNested(object, place, target, level + 1);
  else readObserved(object, name, target);
}

function readNested(bundle: JsonObject, place: string, reading: Reading, level: number): void {
  if (level > MAX_NESTED_BUNDLES) {
    reading.note(`${place}: bundles are nested too deeply`);
    return;
  }
  for (const [index, object] of itemsOf(bundle['objects']).entries()) {
    readObject(object, `${place}.objects[${index}]`, reading, level);
  }
}

function readIndicator(indicator: JsonObject, name: string, reading: Reading): void {
  const { pattern, pattern_type: language } = indicator;
  if (typeof pattern !== 'string') {
    reading.note(`${name}: expected a pattern`);
    return;
  }
  if (language !== undefined && !(typeof language === 'string' && language.toLowerCase() === 'stix')) {
    reading.passOver('other type', pattern);
    return;
  }
  let comparisons: Comparison[];
  try {
    comparisons = parsePattern(pattern);
  } catch (thrown) {
    if (!(thrown instanceof PatternError)) throw thrown;
    reading.note(`${name}: invalid pattern: ${thrown.message}`);
    return;
  }
  for (const comparison of comparisons) readComparison(comparison, reading);
}

/** An observed object: its value, or the hashes of a file. */
function readObserved(object: JsonObject, name: string, reading: Reading): void {
  const { type, value, hashes, defanged } = object;
  if (typeof type !== 'string') return;
  if (typeof value === 'string' && value !== '') {
    if (!addStixValue(type, defanged === true ? refang(value) : value, reading)) reading.passOver('other type', value);
  } else if (toValueType(type) !== undefined) reading.note(`${name}: expected a value`);
  else if (isObject(hashes)) {
    for (const hash of Object.values(hashes)) if (typeof hash === 'string') reading.passOver('other type', hash);
  }
}
