import * as z from 'zod/mini';
import { judgementSchema } from '../../src/core/ctim/ctim.ts';

/* The bundle of CTIM 1.3.30 as cct writes it: closed, with CTIM's limits. */

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const wellFormed = z.string().check(z.refine((text) => text.isWellFormed(), 'a lone surrogate'));
const text = (maxLength: number) => wellFormed.check(z.minLength(1), z.maxLength(maxLength));
const id = (type: string) => z.string().check(z.regex(new RegExp(`^transient:${type}-${UUID}$`)));
const common = (type: string) => ({
  type: z.literal(type),
  id: id(type),
  external_ids: z.tuple([z.string().check(z.regex(new RegExp(`^cybercrime-tracker-${type}-${UUID}$`)))]),
  schema_version: z.literal('1.3.30'),
  source: text(2048),
  tlp: z.enum(['white', 'green', 'amber', 'red']),
});

const indicator = z.strictObject({
  ...common('indicator'),
  producer: text(1024),
  title: text(1024),
  description: text(5000),
  confidence: z.enum(['Info', 'Low', 'Medium', 'High', 'None', 'Unknown']),
  severity: z.enum(['Info', 'Low', 'Medium', 'High', 'Critical', 'None', 'Unknown']),
  valid_time: z.strictObject({ start_time: z.iso.datetime(), end_time: z.iso.datetime() }),
});

const relationship = z.strictObject({
  ...common('relationship'),
  source_ref: id('judgement'),
  target_ref: id('indicator'),
  relationship_type: z.literal('element-of'),
});

/** A bundle. */
export const ctimBundleSchema = z.strictObject({
  source: text(2048),
  judgements: z.array(judgementSchema),
  indicators: z.array(indicator),
  relationships: z.array(relationship),
});

export type CtimBundle = z.infer<typeof ctimBundleSchema>;

/** The bundles of a text, one a line; throws for one that is invalid. */
export function parseBundles(text: string): CtimBundle[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => z.parse(ctimBundleSchema, JSON.parse(line)));
}
