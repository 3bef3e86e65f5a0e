import { formatCount } from '../../core/amount.ts';
import type { Endpoint } from '../endpoints.ts';
import { statusesOf, takesObservables, toServedEndpoints } from '../endpoints.ts';
import { RELAY_DESCRIPTION } from './landing-page.ts';
import type { Answer } from './openapi-answers.ts';
import { EXAMPLE_OBSERVABLES, toAnswers } from './openapi-answers.ts';
import { toComponentSchemas, toJsonContent, toRef } from './openapi-schemas.ts';
import type { Json } from './openapi-schemas.ts';
import { MAX_BODY_BYTES } from '../request-body.ts';

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
