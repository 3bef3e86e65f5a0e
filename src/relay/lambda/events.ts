import * as z from 'zod/mini';
import { normaliseHost } from '../../core/observables/host.ts';

const text = z.string();
// What `Request` accepts: no forbidden method (https://fetch.spec.whatwg.org/#methods), and a token (RFC 9110, section 5.6.2).
const method = text.check(z.regex(/^(?!(?:connect|trace|track)$)[\w!#$%&'*+.^`|~-]+$/i));
const path = text.check(z.startsWith('/'));
const headerName = text.check(z.regex(/^[\w!#$%&'*+.^`|~-]+$/));
const headerValue = text.check(z.refine((value) => !/[\r\n\0]/.test(value)));
const query = z.nullish(z.record(text, z.nullish(text)));
const queryLists = z.nullish(z.record(text, z.nullish(z.array(text))));
const headers = z.nullish(z.record(headerName, z.nullish(headerValue)));
const headerLists = z.nullish(z.record(headerName, z.nullish(z.array(headerValue))));
const context = {
  domainName: z.optional(text.check(z.refine((name) => normaliseHost(name) !== null))),
  stage: z.nullish(text),
};
const plainBody = z.object({ isBase64Encoded: z.nullish(z.literal(false)), body: z.nullish(text) });
const base64Body = z.object({ isBase64Encoded: z.literal(true), body: z.nullish(z.base64()) });
const anyBody = z.union([plainBody, base64Body]);
const older = {
  httpMethod: method,
  path,
  headers,
  multiValueHeaders: headerLists,
  queryStringParameters: query,
  multiValueQueryStringParameters: queryLists,
};

/** HTTP APIs of API Gateway in payload format 2.0, and Function URLs. */
const newerEvent = z.object({
  rawPath: path,
  rawQueryString: z.nullish(text),
  headers,
  cookies: z.nullish(z.array(headerValue)),
  requestContext: z.object({ ...context, http: z.object({ method, sourceIp: text }) }),
});

/** REST APIs of API Gateway, and its HTTP APIs in payload format 1.0, which have a `version`. */
const olderEvent = z.object({
  ...older,
  version: z.optional(text),
  requestContext: z.object({ ...context, identity: z.object({ sourceIp: text }) }),
});

const balancerEvent = z.object({ ...older, requestContext: z.object({ elb: z.object({}) }) });

/** The parts of an event that the library does not read. */
export interface EventFacts {
  readonly method: string;
  /** The caller's address; '' if the event has none. */
  readonly address: string;
  /** The path under its key in the event, without the name of the stage, which some events prepend. */
  readonly ownPath: { readonly rawPath: string } | { readonly path: string };
}

/**
 * Parses an event of API Gateway (REST and HTTP APIs), a Function URL or a load balancer; undefined for anything else. Validates all that
 * the library reads, because the library writes its own lines to stderr if it cannot create a request.
 */
export function parseEvent(event: unknown): EventFacts | undefined {
  if (!anyBody.safeParse(event).success) return undefined;
  const newer = newerEvent.safeParse(event);
  if (newer.success) {
    const { rawPath, requestContext } = newer.data;
    const { method, sourceIp } = requestContext.http;
    return { method, address: sourceIp, ownPath: { rawPath: withoutStage(rawPath, requestContext.stage) } };
  }
  const older = olderEvent.safeParse(event);
  if (older.success) {
    const { httpMethod, path, version, requestContext } = older.data;
    const ownPath = { path: version === undefined ? path : withoutStage(path, requestContext.stage) };
    return { method: httpMethod, address: requestContext.identity.sourceIp, ownPath };
  }
  const balanced = balancerEvent.safeParse(event);
  if (!balanced.success) return undefined;
  const { httpMethod, path, headers, multiValueHeaders } = balanced.data;
  // The balancer appends the caller's address to the header from the caller.
  const forwarded = multiValueHeaders?.['x-forwarded-for']?.at(-1) ?? headers?.['x-forwarded-for'] ?? '';
  return { method: httpMethod, address: forwarded.split(',').at(-1)?.trim() ?? '', ownPath: { path } };
}

/** Removes the stage, which HTTP APIs put before the path unless it is the default stage. */
function withoutStage(path: string, stage: string | null | undefined): string {
  const prefix = `/${stage ?? ''}`;
  return path === prefix || path.startsWith(`${prefix}/`) ? path.slice(prefix.length) || '/' : path;
}
