/** One endpoint of the relay: how it is asked, and what it needs. */
export interface EndpointShape {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** Without a trailing slash, the root excepted. */
  readonly path: `/${string}`;
  /** One line for people, without a full stop. */
  readonly summary: string;
  /** Whether a caller must show a token, where the relay has been told to ask for tokens. */
  readonly needsToken: boolean;
  /** It is only there when the operator asked for it. */
  readonly isOptional?: true;
}

const table = [
  {
    id: 'health',
    method: 'POST',
    path: '/health',
    summary: 'Reports whether the tracker is reachable; checks it at most once every 10 seconds',
    needsToken: true,
  },
  {
    id: 'deliberate',
    method: 'POST',
    path: '/deliberate/observables',
    summary: 'Returns Verdicts on IPs, URLs and (snapshot only) domains',
    needsToken: true,
  },
  {
    id: 'observe',
    method: 'POST',
    path: '/observe/observables',
    summary: 'Returns Verdicts and Judgements on IPs, URLs and (snapshot only) domains',
    needsToken: true,
  },
  {
    id: 'refer',
    method: 'POST',
    path: '/refer/observables',
    summary: "Returns links to the tracker's search for IPs, URLs and (snapshot only) domains",
    needsToken: true,
  },
  { id: 'version', method: 'POST', path: '/version', summary: 'Returns the version of this relay', needsToken: false },
  {
    id: 'watchdog',
    method: 'GET',
    path: '/watchdog',
    summary: 'Echoes the Health-Check header',
    needsToken: false,
  },
  { id: 'landing', method: 'GET', path: '/', summary: 'Describes this relay and lists its endpoints', needsToken: false },
  {
    id: 'openapi',
    method: 'GET',
    path: '/openapi.json',
    summary: 'Returns this API as an OpenAPI 3.1 document',
    needsToken: false,
  },
  {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    summary: 'Returns the Prometheus metrics of this relay',
    needsToken: true,
    isOptional: true,
  },
] as const satisfies readonly EndpointShape[];

/** The names by which the code knows the endpoints; a `Record` over them leaves none out. */
export type EndpointId = (typeof table)[number]['id'];
/** The paths of the endpoints: a closed set, unlike the paths that callers try. */
export type EndpointPath = (typeof table)[number]['path'];

export interface Endpoint extends EndpointShape {
  readonly id: EndpointId;
  readonly path: EndpointPath;
}

/**
 * Every endpoint, once: routing, the landing page, the OpenAPI document, the metrics and the module type are made from it.
 * Which of them Threat Response calls, and how, is its contract; the last three are ours.
 */
export const endpoints: readonly Endpoint[] = table;

/** The endpoints of a relay: those that are optional only where it has them. */
export function toServedEndpoints({ hasMetrics }: { hasMetrics: boolean }): readonly Endpoint[] {
  return endpoints.filter(({ isOptional = false }) => !isOptional || hasMetrics);
}

/** What the request to an endpoint was about, in logs and metrics: its path, or `unknown`, since a path may hold an observable. */
export type Route = EndpointPath | 'unknown';

const TAKES_OBSERVABLES: ReadonlySet<EndpointId> = new Set<EndpointId>(['deliberate', 'observe', 'refer']);

/** Whether the body is a list of observables; the other endpoints read none. */
export function takesObservables({ id }: Pick<Endpoint, 'id'>): boolean {
  return TAKES_OBSERVABLES.has(id);
}

/**
 * The HTTP statuses with which an endpoint answers. What goes wrong behind the relay, and a token that is missing, is 200 with
 * `errors`, as Threat Response expects; only `/metrics`, which it never calls, answers 401. What the server refuses is not among them.
 */
export function statusesOf(endpoint: Pick<Endpoint, 'id'>): readonly number[] {
  return [200, ...(endpoint.id === 'metrics' ? [401] : []), 405, ...(takesObservables(endpoint) ? [413] : [])];
}
