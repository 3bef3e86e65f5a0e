import { SOURCE } from '../core/ctim/mapper.ts';
import { toSafeJson } from '../core/safe-text.ts';
import type { MergedIndicator } from './merged-indicator.ts';
import { describeListing } from './merged-indicator.ts';
import type { RowFormat } from './row-format.ts';
import { createIndicatorFormat } from './row-format.ts';
import { toStixId } from './stix-id.ts';

interface StixObject {
  readonly type: string;
  readonly id: string;
}

/** A STIX 2.1 bundle of everything listed, written at the end. */
export function createStixFormat(): RowFormat {
  return createIndicatorFormat(writeStixBundle);
}

/**
 * Writes a STIX 2.1 bundle, one object per line: for each value an indicator, its observable and the malware families that it indicates. Ids
 * are computed as in OpenCTI: equal indicators give equal bytes, and a second import adds nothing. Without indicators it has no `objects`.
 */
export function* writeStixBundle(indicators: readonly MergedIndicator[]): Generator<string> {
  const objects = toObjects(indicators);
  const id = toStixId('bundle', objects.map((object) => object.id).sort());
  const head = `{"type":"bundle","id":"${id}"`;
  yield objects.length === 0 ? head : `${head},"objects":[`;
  let separator = '\n';
  for (const object of objects) {
    yield separator + toSafeJson(object);
    separator = ',\n';
  }
  yield objects.length === 0 ? '}\n' : '\n]}\n';
}

const VERSION = '2.1';
// TLP:CLEAR as in the extension definition of TLP 2.0.
const CLEAR = {
  type: 'marking-definition',
  spec_version: VERSION,
  id: 'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487',
  created: '2022-10-01T00:00:00.000Z',
  name: 'TLP:CLEAR',
  extensions: {
    'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': { extension_type: 'property-extension', tlp_2_0: 'clear' },
  },
} as const;
const MARKED = { object_marking_refs: [CLEAR.id] };
// For objects that never change: another time would mean another version.
const UNCHANGED = toTimes('2026-01-01');
const IDENTITY = {
  type: 'identity',
  spec_version: VERSION,
  id: toStixId('identity', { identity_class: 'organization', name: SOURCE.toLowerCase() }),
  ...UNCHANGED,
  name: SOURCE,
  identity_class: 'organization',
  ...MARKED,
} as const;
const OWN = { created_by_ref: IDENTITY.id, ...MARKED };
// STIX 2.1, appendix A: the middle of "Low", as in CTIM.
const CONFIDENCE = 15;

function toTimes(day: string) {
  return { created: `${day}T00:00:00.000Z`, modified: `${day}T00:00:00.000Z` };
}

/** The distinct objects of a bundle; empty without indicators. */
function toObjects(indicators: readonly MergedIndicator[]): StixObject[] {
  const malware = new Map<string, StixObject>();
  const objects = indicators.flatMap((merged) => {
    const indicator = toStixIndicator(merged);
    const observable = toObservable(merged);
    const families = new Map(merged.families.map(toMalware).map((family) => [family.id, family]));
    const added = [...families.values()].filter(({ id }) => !malware.has(id));
    for (const family of added) malware.set(family.id, family);
    return [
      indicator,
      ...(observable ? [observable, toRelationship('based-on', { from: indicator, to: observable, day: merged.day })] : []),
      ...added,
      ...[...families.values()].map((to) => toRelationship('indicates', { from: indicator, to, day: merged.day })),
    ];
  });
  return objects.length === 0 ? [] : [IDENTITY, CLEAR, ...objects];
}

const TYPES = { ip: 'ipv4-addr', domain: 'domain-name', url: 'url' } as const;

function toStixIndicator(merged: MergedIndicator) {
  const { type, value, day, sourceUri } = merged;
  const pattern = `[${TYPES[type]}:value = '${value.replace(/[\\']/g, String.raw`\$&`)}']`;
  const description = describeListing(merged);
  return {
    type: 'indicator',
    spec_version: VERSION,
    id: toStixId('indicator', { pattern }),
    ...OWN,
    ...toTimes(day),
    name: value,
    ...(description === '' ? {} : { description }),
    indicator_types: ['malicious-activity'],
    pattern,
    pattern_type: 'stix',
    valid_from: `${day}T00:00:00.000Z`,
    confidence: CONFIDENCE,
    ...(sourceUri === undefined ? {} : { external_references: [{ source_name: SOURCE, url: sourceUri }] }),
  };
}

// RFC 3986, for URLs with a name or an IPv4 address.
const URI =
  /^[a-z][a-z0-9+.-]*:\/\/(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})+(?::\d*)?(?:\/(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})*)?(?:\?(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*)?(?:#(?:[\w.~!$&'()*+,;=:@/?-]|%[0-9a-f]{2})*)?$/i;

/** Undefined for a URL that is not a URI (no scheme, or invalid characters): STIX's URL object requires one. The pattern contains it anyway. */
function toObservable({ type, value }: MergedIndicator) {
  if (type === 'url' && !URI.test(value)) return undefined;
  return { type: TYPES[type], spec_version: VERSION, id: toStixId(TYPES[type], { value }), ...MARKED, value };
}

function toMalware(name: string) {
  const id = toStixId('malware', { name: name.toLowerCase() });
  return { type: 'malware', spec_version: VERSION, id, ...OWN, ...UNCHANGED, name, is_family: true };
}

interface Ends {
  readonly from: StixObject;
  readonly to: StixObject;
  readonly day: string;
}

function toRelationship(kind: 'based-on' | 'indicates', { from, to, day }: Ends) {
  const refs = { relationship_type: kind, source_ref: from.id, target_ref: to.id };
  const id = toStixId('relationship', refs);
  return { type: 'relationship', spec_version: VERSION, id, ...OWN, ...toTimes(day), ...refs };
}
