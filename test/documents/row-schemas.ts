import * as z from 'zod/mini';

/* What cct writes for MISP and for ECS: closed. */

const wellFormed = z.string().check(z.refine((text) => text.isWellFormed(), 'a lone surrogate'));
const text = wellFormed.check(z.minLength(1));
const seconds = z.string().check(z.regex(/^\d+$/));

const attribute = z.strictObject({
  uuid: z.uuid(),
  type: z.enum(['ip-dst', 'domain', 'url']),
  category: z.literal('Network activity'),
  value: text,
  to_ids: z.literal(true),
  // A column of 65,535 bytes.
  comment: wellFormed.check(z.maxLength(21_845)),
  timestamp: seconds,
  first_seen: z.optional(z.string().check(z.regex(/^\d{4}-\d\d-\d\dT00:00:00\.000000\+00:00$/))),
});

/** An event of MISP. */
export const mispSchema = z.strictObject({
  Event: z.strictObject({
    uuid: z.uuid(),
    info: text,
    date: z.iso.date(),
    threat_level_id: z.enum(['1', '2', '3', '4']),
    analysis: z.enum(['0', '1', '2']),
    timestamp: seconds,
    published: z.boolean(),
    Orgc: z.strictObject({ uuid: z.uuid(), name: text }),
    Tag: z.array(z.strictObject({ name: text, colour: z.string().check(z.regex(/^#[0-9a-f]{6}$/)) })),
    Attribute: z.array(attribute),
  }),
});

const about = {
  provider: text,
  confidence: z.enum(['Not Specified', 'None', 'Low', 'Medium', 'High']),
  description: text,
  reference: z.optional(z.url()),
  first_seen: z.optional(z.iso.datetime()),
  marking: z.strictObject({ tlp: z.literal('CLEAR') }),
};

/** A threat indicator of ECS 8. */
export const ecsSchema = z.strictObject({
  '@timestamp': z.iso.datetime(),
  ecs: z.strictObject({ version: text }),
  event: z.strictObject({
    kind: z.literal('enrichment'),
    category: z.tuple([z.literal('threat')]),
    type: z.tuple([z.literal('indicator')]),
  }),
  threat: z.strictObject({
    feed: z.strictObject({ name: text }),
    indicator: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('ipv4-addr'), ip: z.ipv4(), ...about }),
      z.strictObject({ type: z.literal('url'), url: z.strictObject({ full: text }), ...about }),
      z.strictObject({ type: z.literal('domain-name'), url: z.strictObject({ domain: text }), ...about }),
    ]),
  }),
});
