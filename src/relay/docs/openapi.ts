import * as z from 'zod/mini';
import { formatCount } from '../../core/amount.ts';
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
import type { Endpoint } from '../endpoints.ts';
import { statusesOf, takesObservables, toServedEndpoints } from '../endpoints.ts';
import { landingSchema, RELAY_DESCRIPTION } from './landing-page.ts';
import type { Answer, Json } from './openapi-answers.ts';
import { EXAMPLE_OBSERVABLES, toAnswers, toJsonContent, toRef } from './openapi-answers.ts';
import { MAX_BODY_BYTES } from '../request-body.ts';

const nonEmpty = z.string().check(z.minLength(1));

/** The body of a request with observables. Other keys of an item are ignored. */
export const observablesSchema = z.array(z.object({ type: nonEmpty, value: nonEmpty }));

const versionSchema = z.strictObject({ version: z.string() });

const watchdogSchema = z.union([z.strictObject({ data: z.string() }), failureSchema]);

/** The body of every answer with an HTTP status other than 200, which is `code`. */
export const problemSchema = z.strictObject({ code: z.int(), message: z.string(), reason: z.string() });

export interface OpenApiOptions {
  readonly version: string;
  /** Whether the relay requires tokens. */
  readonly hasToken: boolean;
  readonly hasMetrics: boolean;
}

/**
 * The API of this relay as an OpenAPI 3.1.0 document. Tests validate answers with the same schemas, and the code that builds answers also
 * builds the examples.
 */
export function toOpenApi({ version, hasToken, hasMetrics }: OpenApiOptions): Json {
  const served = toServedEndpoints({ hasMetrics });
  const answers = toAnswers({ version, hasMetrics });
  const toPath = (endpoint: Endpoint): Json => ({
    [endpoint.method.toLowerCase()]: toOperation(endpoint, answers[endpoint.id], hasToken),
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'cct',
      version,
      summary: RELAY_DESCRIPTION,
      description: INFO_DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [
      { url: '/', description: 'The origin of this document; behind a proxy that strips a path prefix, append the prefix.' },
    ],
    ...(hasToken ? {} : { security: [] }),
    paths: Object.fromEntries(served.map((endpoint) => [endpoint.path, toPath(endpoint)])),
    components: {
      schemas: toComponentSchemas(),
      responses: toProblemResponses(served.flatMap((endpoint) => toStatuses(endpoint, hasToken))),
      ...(hasToken ? { securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } } : {}),
    },
  };
}

const INFO_DESCRIPTION = [
  'If a lookup fails, the list of observables is invalid, or the token is missing or wrong, the relay answers with HTTP 200 and',
  '`errors`, together with any data found. Any other HTTP status means that the relay refused the request; the body is then a',
  'Problem. A path that is not listed here is answered with 404. Repeated and trailing slashes make no difference.',
].join(' ');

/** The statuses with which the server refuses a request to any path. 403 only without tokens, since any web page could then send requests. */
const SERVER_STATUSES = [400, 403, 408, 417, 431, 501];

function toStatuses(endpoint: Endpoint, hasToken: boolean): readonly number[] {
  const absent = hasToken ? 403 : 401;
  const statuses = new Set([...statusesOf(endpoint), ...SERVER_STATUSES]);
  return [...statuses].filter((status) => status !== absent).sort();
}

function toOperation(endpoint: Endpoint, { description, content, parameters }: Answer, hasToken: boolean): Json {
  const toResponse = (status: number): Json =>
    status === 200 ? { description, content } : { $ref: `#/components/responses/${PROBLEMS[status]?.name ?? ''}` };
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    ...(hasToken ? { security: endpoint.needsToken ? [{ token: [] }] : [] } : {}),
    ...(parameters ? { parameters } : {}),
    ...(takesObservables(endpoint) ? { requestBody: toRequestBody() } : {}),
    responses: Object.fromEntries(toStatuses(endpoint, hasToken).map((status) => [String(status), toResponse(status)])),
  };
}

function toRequestBody(): Json {
  return {
    required: true,
    description: `At most ${MAX_BODY_BYTES / 1024 / 1024} MiB. The types ip and url are looked up, domain only in a snapshot; all others are ignored. Beyond the relay's limit, 1,000 by default, further observables are left out with a warning.`,
    content: toJsonContent('Observables', { observables: EXAMPLE_OBSERVABLES }),
  };
}

/** The answers other than 200, except 404, which is the answer to all paths that the document does not list. */
const PROBLEMS: Readonly<Record<number, { readonly name: string; readonly description: string }>> = {
  400: { name: 'BadRequest', description: 'The request is not valid HTTP, or its Host header or path is invalid.' },
  401: { name: 'Unauthorized', description: 'The token is missing or wrong.' },
  403: { name: 'Forbidden', description: 'The Origin or Host header is not a loopback name.' },
  405: {
    name: 'MethodNotAllowed',
    description: 'The path does not accept this method; the Allow header lists those that it accepts.',
  },
  408: { name: 'RequestTimeout', description: 'The headers or the body did not arrive in time.' },
  413: { name: 'PayloadTooLarge', description: `The body is longer than ${formatCount(MAX_BODY_BYTES)} bytes.` },
  417: { name: 'ExpectationFailed', description: 'The Expect header is not 100-continue.' },
  431: { name: 'HeadersTooLarge', description: 'The headers are too long or too many.' },
  501: { name: 'NotImplemented', description: 'The method is unknown.' },
};

function toProblemResponses(statuses: readonly number[]): Json {
  const content = { 'application/json': { schema: toRef('Problem') } };
  const used = Object.entries(PROBLEMS).filter(([status]) => statuses.includes(Number(status)));
  return Object.fromEntries(used.map(([, { name, description }]) => [name, { description, content }]));
}

/** The schemas by component name. They refer to each other. */
function toComponentSchemas(): Json {
  const named = {
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
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  // As input, because requests may contain ignored keys. The schemas of answers are strict either way.
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentity(schema)]));
}

/** Removes `$id`, which within another document would change what references resolve to. */
function withoutIdentity(schema: object): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'));
}
