/** An endpoint of the relay. */
export interface EndpointShape {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** Without a trailing slash, except for the root. */
  readonly path: `/${string}`;
  /** What the endpoint does, in one line without a full stop. */
  readonly summary: string;
  /** Whether it requires a token if the relay has authentication. */
  readonly needsToken: boolean;
  /** Whether it reads a list of observables from the request body. The others ignore the body. */
  readonly takesObservables: boolean;
  /** Whether the operator must enable it. */
  readonly isOptional?: boolean;
}

const post = <const Id, const Path>(id: Id, path: Path, summary: string) =>
  ({ id, method: 'POST', path, summary, needsToken: true, takesObservables: false }) as const;
const postObservables = <const Id, const Path>(id: Id, path: Path, summary: string) =>
  ({ ...post(id, path, summary), takesObservables: true }) as const;
const get = <const Id, const Path>(id: Id, path: Path, summary: string) =>
  ({ id, method: 'GET', path, summary, needsToken: false, takesObservables: false }) as const;

const table = [
  // Threat Response's contract.
  post('health', '/health', 'Reports whether the tracker is reachable; checks it at most once every 10 seconds'),
  postObservables('deliberate', '/deliberate/observables', 'Returns Verdicts on IPs, URLs and (snapshot only) domains'),
  postObservables('observe', '/observe/observables', 'Returns Verdicts and Judgements on IPs, URLs and (snapshot only) domains'),
  postObservables(
    'refer',
    '/refer/observables',
    "Returns links to the tracker's search for IPs, URLs and (snapshot only) domains",
  ),
  { ...post('version', '/version', 'Returns the version of this relay'), needsToken: false },
  get('watchdog', '/watchdog', 'Echoes the Health-Check header'),
  // Additions to the contract.
  get('landing', '/', 'Describes this relay and lists its endpoints'),
  get('openapi', '/openapi.json', 'Returns this API as an OpenAPI 3.1 document'),
  { ...get('metrics', '/metrics', 'Returns the Prometheus metrics of this relay'), needsToken: true, isOptional: true },
] as const satisfies readonly EndpointShape[];

export type EndpointId = (typeof table)[number]['id'];
/** A path of `endpoints`, and therefore never text from a caller. */
export type EndpointPath = (typeof table)[number]['path'];

export interface Endpoint extends EndpointShape {
  readonly id: EndpointId;
  readonly path: EndpointPath;
}

/** All endpoints, including the optional one. Routing, landing page, OpenAPI document, metrics and module type use this table. */
export const endpoints: readonly Endpoint[] = table;

/** Returns the endpoints that a relay serves; `/metrics` only with `hasMetrics`. */
export function toServedEndpoints({ hasMetrics }: { hasMetrics: boolean }): readonly Endpoint[] {
  return endpoints.filter(({ isOptional = false }) => !isOptional || hasMetrics);
}

/** A request's path in logs and metrics: an endpoint's path, or `unknown`, since any other path may contain an observable. */
export type Route = EndpointPath | 'unknown';

/**
 * Returns the path of a request target for routing. Repeated slashes count as one, and a trailing slash is dropped. Dot segments stay,
 * even encoded as `%2e`, so that such a path never matches an endpoint: a proxy in front may have checked a different path.
 */
export function toPath(target: string): string {
  const raw = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*/s, '');
  const path = `/${raw}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, '');
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** Whether the endpoint reads a list of observables from the request body. */
export function takesObservables(endpoint: Pick<Endpoint, 'takesObservables'>): boolean {
  return endpoint.takesObservables;
}

/**
 * Returns the HTTP statuses of an endpoint. Failed lookups and invalid tokens are 200 with `errors`, as Threat Response expects; only
 * `/metrics`, which it never calls, answers 401. Excludes statuses with which the server refuses requests before routing.
 */
export function statusesOf(endpoint: Pick<Endpoint, 'id' | 'takesObservables'>): readonly number[] {
  return [200, ...(endpoint.id === 'metrics' ? [401] : []), 405, ...(takesObservables(endpoint) ? [413] : [])];
}
