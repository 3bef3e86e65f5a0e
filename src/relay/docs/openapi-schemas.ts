import * as z from 'zod/mini';
import {
  envelopeSchema,
  failureSchema,
  healthSchema,
  judgementSchema,
  referralSchema,
  referralsSchema,
  relayErrorSchema,
  verdictSchema,
} from '../../core/ctim/ctim.ts';
import { landingSchema } from './landing-page.ts';

/** A part of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

const nonEmpty = z.string().check(z.minLength(1));

/** The body of a request with observables. Other keys of an item are ignored. */
export const observablesSchema = z.array(z.object({ type: nonEmpty, value: nonEmpty }));

const versionSchema = z.strictObject({ version: z.string() });

const watchdogSchema = z.union([z.strictObject({ data: z.string() }), failureSchema]);

/** The body of every answer with an HTTP status other than 200, which is `code`. */
export const problemSchema = z.strictObject({ code: z.int(), message: z.string(), reason: z.string() });

const componentSchemas = {
  Observables: observablesSchema,
  Envelope: envelopeSchema,
  Verdict: verdictSchema,
  Judgement: judgementSchema,
  RelayError: relayErrorSchema,
  Failure: failureSchema,
  Health: healthSchema,
  Referral: referralSchema,
  Referrals: referralsSchema,
  Version: versionSchema,
  Watchdog: watchdogSchema,
  Landing: landingSchema,
  Problem: problemSchema,
};

/** A name in `components.schemas`. */
type SchemaName = keyof typeof componentSchemas;

/** A JSON body with a component's schema, and examples by name. */
export function toJsonContent(schemaName: SchemaName, examples: Json): Json {
  const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
  return { 'application/json': { schema: toRef(schemaName), examples: named } };
}

/** A reference to the schema of a component. */
export function toRef(schemaName: SchemaName): Json {
  return { $ref: `#/components/schemas/${schemaName}` };
}

/** Returns the schemas by component name. They refer to each other. */
export function toComponentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(componentSchemas)) registry.add(schema, { id });
  // As input, because requests may contain ignored keys. The schemas of answers are strict either way.
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentity(schema)]));
}

/** Removes `$id`, which within another document would change what references resolve to. */
function withoutIdentity(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'));
}
