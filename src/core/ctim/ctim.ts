import * as z from 'zod/mini';

/*
 * The part of CTIM 1.3.30 that cct writes. The schemas are closed, as Threat Response checks them, and narrower than CTIM: they allow
 * only what cct may write. The tests check what JSON Schema cannot express (count = number of docs, start before end).
 */

const instant = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/));
const transientId = z.string().check(z.maxLength(2048), z.regex(/^transient:.+$/));
const uri = z.string().check(z.minLength(1), z.maxLength(2048), z.regex(/^[^\s<>"{}|\\^`]+$/));

const ctimObservableSchema = z.strictObject({
  type: z.enum(['ip', 'url', 'domain', 'hostname']),
  value: z.string().check(z.minLength(1)),
});
const validTimeSchema = z.strictObject({ start_time: instant, end_time: instant });

/** A Verdict: the disposition of an observable for a period of time. */
export const verdictSchema = z.strictObject({
  type: z.literal('verdict'),
  observable: ctimObservableSchema,
  disposition: z.literal(2),
  disposition_name: z.literal('Malicious'),
  valid_time: validTimeSchema,
  judgement_id: z.optional(transientId),
});

/** A Judgement: a disposition and the reason for it. */
export const judgementSchema = z.strictObject({
  type: z.literal('judgement'),
  id: transientId,
  external_ids: z.array(z.string()),
  observable: ctimObservableSchema,
  disposition: z.literal(2),
  disposition_name: z.literal('Malicious'),
  source: z.string().check(z.maxLength(2048)),
  source_uri: z.optional(uri),
  confidence: z.literal('Low'),
  severity: z.literal('Medium'),
  priority: z.literal(90),
  reason: z.string().check(z.maxLength(1024)),
  tlp: z.literal('white'),
  schema_version: z.literal('1.3.30'),
  valid_time: validTimeSchema,
});

/** An item of an answer's `errors`. */
export const relayErrorSchema = z.strictObject({
  type: z.enum(['fatal', 'warning']),
  code: z.string(),
  message: z.string(),
});

// `docs` is a set in CTIM: two equal documents make an answer invalid.
const docs = <Doc extends z.core.$ZodType>(doc: Doc) =>
  z.strictObject({
    count: z.int().check(z.minimum(0)),
    docs: z.array(doc).register(z.globalRegistry, { uniqueItems: true }),
  });

const dataSchema = z.strictObject({
  verdicts: z.optional(docs(verdictSchema)),
  judgements: z.optional(docs(judgementSchema)),
});
const errorsSchema = z.array(relayErrorSchema);

/** A relay answer: data, errors or both; an answer with errors and no documents carries no `data`. */
export const envelopeSchema = z.union([
  z.strictObject({ data: dataSchema, errors: z.optional(errorsSchema) }),
  z.strictObject({ errors: errorsSchema }),
]);

/** An answer with only errors. */
export const failureSchema = z.strictObject({ errors: errorsSchema });

/** A link to the tracker's page about an observable. */
export const referralSchema = z.strictObject({
  id: z.string().check(z.regex(/^ref-cybercrime-tracker-search-(?:ip|url|domain)-./)),
  title: z.enum(['Search for this IP', 'Search for this URL', 'Search for this domain']),
  description: z.string().check(z.minLength(1)),
  url: uri,
  categories: z.tuple([z.literal('Search'), z.literal('CyberCrime Tracker')]),
});

/** The answer to `refer`: a list, not a set of documents. */
export const referralsSchema = z.union([z.strictObject({ data: z.array(referralSchema) }), failureSchema]);

/** The answer to `health`. */
export const healthSchema = z.union([
  z.strictObject({ data: z.strictObject({ status: z.literal('ok') }) }),
  z.strictObject({ errors: errorsSchema }),
]);

export type Verdict = z.infer<typeof verdictSchema>;
export type Judgement = z.infer<typeof judgementSchema>;
export type Referral = z.infer<typeof referralSchema>;
