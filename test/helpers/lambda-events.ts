export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is text. */
  readonly body?: unknown;
  readonly isBase64?: boolean;
}

/** The address of the caller in every event. */
export const CALLER = '203.0.113.9';
const HOST = 'relay.example';

function toParts({ method = 'POST', path, headers = {}, body, isBase64 = false }: Asked) {
  const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  return {
    method,
    path,
    headers: { host: HOST, 'x-forwarded-for': `198.51.100.1, ${CALLER}`, ...headers },
    body: text === undefined ? null : isBase64 ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: isBase64,
  };
}

/** The event of a REST API of API Gateway (payload format 1.0), in its stage `prod`. */
export function restEvent(asked: Asked) {
  const { method, path, headers, body, isBase64Encoded } = toParts(asked);
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: HOST,
      httpMethod: method,
      identity: { sourceIp: CALLER, userAgent: 'test' },
      path: `/prod${path}`,
      protocol: 'HTTP/1.1',
      requestId: 'gateway-1',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
    body,
    isBase64Encoded,
  };
}

/** The event of an HTTP API of API Gateway (payload format 2.0); its path begins with the stage, unless that is `$default`. */
export function httpEvent(asked: Asked, stage = '$default') {
  const { method, path, headers, body, isBase64Encoded } = toParts(asked);
  const rawPath = stage === '$default' ? path : `/${stage}${path}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: '',
    headers,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: HOST,
      domainPrefix: 'relay',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: CALLER, userAgent: 'test' },
      requestId: 'gateway-1',
      routeKey: '$default',
      stage,
      time: '02/Jan/2026:03:04:05 +0000',
      timeEpoch: 1767323045000,
    },
    ...(body === null ? {} : { body }),
    isBase64Encoded,
  };
}

/** The event of a Function URL: payload format 2.0 too. */
export function functionUrlEvent(asked: Asked) {
  const event = httpEvent(asked);
  return { ...event, requestContext: { ...event.requestContext, accountId: 'anonymous', authentication: null } };
}

/** The event of an Application Load Balancer; `hasLists` is a setting of its target group. */
export function balancerEvent(asked: Asked, { hasLists = false } = {}) {
  const { method, path, headers, body, isBase64Encoded } = toParts(asked);
  return {
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/relay/1' } },
    httpMethod: method,
    path,
    ...(hasLists
      ? {
          multiValueQueryStringParameters: {},
          multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
        }
      : { queryStringParameters: {}, headers }),
    body: body ?? '',
    isBase64Encoded,
  };
}

/** Each kind of event. */
export const eventKinds = [
  ['a REST API', restEvent],
  ['an HTTP API', httpEvent],
  ['an HTTP API with a stage', (asked: Asked) => httpEvent(asked, 'prod')],
  ['a Function URL', functionUrlEvent],
  ['a load balancer', balancerEvent],
  ['a load balancer with lists of headers', (asked: Asked) => balancerEvent(asked, { hasLists: true })],
] as const;
