import * as z from 'zod/mini';
import { parsePattern } from '../../src/records/stix-pattern.ts';

/*
 * The objects of STIX 2.1 that cct writes, from the specification (OASIS, sections 2 to 7). Closed: no other property, and none that is
 * not meant.
 */

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const id = (type: string) => z.string().check(z.regex(new RegExp(`^${type}--${UUID}$`)));
const instant = z
  .string()
  .check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))
  .check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'no instant'));
const text = z
  .string()
  .check(z.minLength(1))
  .check(z.refine((value) => value.isWellFormed(), 'a lone surrogate'));
const uri = text.check(z.refine((value) => URL.canParse(value) && /^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(value), 'no URI'));
const version = z.literal('2.1');
const clearId = z.literal('marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487');
const marked = { object_marking_refs: z.tuple([clearId]) };
const common = { spec_version: version, created: instant, modified: instant, ...marked };
const own = { ...common, created_by_ref: id('identity') };

const identity = z.strictObject({
  ...common,
  type: z.literal('identity'),
  id: id('identity'),
  name: text,
  identity_class: z.enum(['individual', 'group', 'system', 'organization', 'class', 'unknown']),
});

const marking = z.strictObject({
  type: z.literal('marking-definition'),
  spec_version: version,
  id: clearId,
  created: z.literal('2022-10-01T00:00:00.000Z'),
  name: z.literal('TLP:CLEAR'),
  extensions: z.strictObject({
    'extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d': z.strictObject({
      extension_type: z.literal('property-extension'),
      tlp_2_0: z.literal('clear'),
    }),
  }),
});

const indicator = z.strictObject({
  ...own,
  type: z.literal('indicator'),
  id: id('indicator'),
  name: text,
  description: z.optional(text),
  indicator_types: z.tuple([z.literal('malicious-activity')]),
  pattern: text.check(z.refine((pattern) => parsePattern(pattern).length === 1, 'not one comparison')),
  pattern_type: z.literal('stix'),
  valid_from: instant,
  confidence: z.int().check(z.minimum(0), z.maximum(100)),
  external_references: z.optional(z.tuple([z.strictObject({ source_name: text, url: uri })])),
});

const malware = z.strictObject({ ...own, type: z.literal('malware'), id: id('malware'), name: text, is_family: z.literal(true) });

const relationship = z.strictObject({
  ...own,
  type: z.literal('relationship'),
  id: id('relationship'),
  relationship_type: z.enum(['based-on', 'indicates']),
  source_ref: id('indicator'),
  target_ref: id('(?:ipv4-addr|domain-name|url|malware)'),
});

const observable = <Type extends string>(type: Type, value: z.ZodMiniType<string>) =>
  z.strictObject({ type: z.literal(type), spec_version: version, id: id(type), ...marked, value });

const object = z.discriminatedUnion('type', [
  identity,
  marking,
  indicator,
  malware,
  relationship,
  observable('ipv4-addr', z.ipv4()),
  observable('domain-name', text),
  observable('url', uri),
]);

/** A bundle as cct writes it. Each object is in it once, and what objects refer to too. */
export const stixBundleSchema = z
  .strictObject({ type: z.literal('bundle'), id: id('bundle'), objects: z.optional(z.array(object).check(z.minLength(1))) })
  .check(z.refine(({ objects = [] }) => new Set(objects.map((each) => each.id)).size === objects.length, 'an object twice'))
  .check(
    z.refine(({ objects = [] }) => {
      const ids = new Set<string>(objects.map((each) => each.id));
      return objects.every((each) => each.type !== 'relationship' || (ids.has(each.source_ref) && ids.has(each.target_ref)));
    }, 'a reference to nothing'),
  );

export type StixBundle = z.infer<typeof stixBundleSchema>;

/** A bundle from its text; throws for one that is invalid. */
export function parseBundle(json: string): StixBundle {
  return z.parse(stixBundleSchema, JSON.parse(json));
}

/** The objects of one type. */
export function objectsOf<Type extends NonNullable<StixBundle['objects']>[number]['type']>(
  { objects = [] }: StixBundle,
  type: Type,
) {
  return objects.filter((each): each is Extract<typeof each, { readonly type: Type }> => each.type === type);
}
