/** An endpoint of the relay. */
export interface EndpointShape {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** Without a trailing slash, except for the root. */
  readonly path: `/${string}`;
  /** One line for people, without a full stop. */
  readonly summary: string;
  /** Whether a caller needs a token where the relay requires tokens. */
  readonly needsToken: boolean;
  /** Whether the operator must turn it on. */
  readonly isOptional?: boolean;
}

const post = <const Id, const Path>(id: Id, path: Path, summary: string) =>
  ({ id, method: 'POST', path, summary, needsToken: true }) as const;
const get = <const Id, const Path>(id: Id, path: Path, summary: string) =>
  ({ id, method: 'GET', path, summary, needsToken: false }) as const;

const table = [
  post('health', '/health', 'Reports whether the tracker is reachable; checks it at most once every 10 seconds'),
  post('deliberate', '/deliberate/observables', 'Returns Verdicts on IPs, URLs and (snapshot only) domains'),
  post('observe', '/observe/observables', 'Returns Verdicts and Judgements on IPs, URLs and (snapshot only) domains'),
  post('refer', '/refer/observables', "Returns links to the tracker's search for IPs, URLs and (snapshot only) domains"),
  { ...post('version', '/version', 'Returns the version of this relay'), needsToken: false },
  get('watchdog', '/watchdog', 'Echoes the Health-Check header'),
  get('landing', '/', 'Describes this relay and lists its endpoints'),
  get('openapi', '/openapi.json', 'Returns this API as an OpenAPI 3.1 document'),
  { ...get('metrics', '/metrics', 'Returns the Prometheus metrics of this relay'), needsToken: true, isOptional: true },
] as const satisfies readonly EndpointShape[];

export type EndpointId = (typeof table)[number]['id'];
/** The paths of the endpoints: a closed set, unlike the paths that callers try. */
export type EndpointPath = (typeof table)[number]['path'];

export interface Endpoint extends EndpointShape {
  readonly id: EndpointId;
  readonly path: EndpointPath;
}

/**
 * Every endpoint, once: routing, landing page, OpenAPI document, metrics and module type are made from it. Threat Response's contract
 * defines those it calls; the last three are ours.
 */
export const endpoints: readonly Endpoint[] = table;

/** The endpoints of a relay with or without metrics. */
export function toServedEndpoints({ hasMetrics }: { hasMetrics: boolean }): readonly Endpoint[] {
  return endpoints.filter(({ isOptional = false }) => !isOptional || hasMetrics);
}

/** The path of an endpoint in logs and metrics; `unknown` for any other path, since that may hold an observable. */
export type Route = EndpointPath | 'unknown';

const TAKES_OBSERVABLES: ReadonlySet<EndpointId> = new Set<EndpointId>(['deliberate', 'observe', 'refer']);

/** Whether the body is a list of observables; the other endpoints read none. */
export function takesObservables({ id }: Pick<Endpoint, 'id'>): boolean {
  return TAKES_OBSERVABLES.has(id);
}

/**
 * The HTTP statuses of an endpoint's answers. Failed lookups and invalid tokens are 200 with `errors`, as Threat Response expects; only
 * `/metrics`, which it never calls, answers 401. What the server refuses is not among them.
 */
export function statusesOf(endpoint: Pick<Endpoint, 'id'>): readonly number[] {
  return [200, ...(endpoint.id === 'metrics' ? [401] : []), 405, ...(takesObservables(endpoint) ? [413] : [])];
}
