import { onOff, setting } from './setting.ts';
import { addressRanges, hostsAndPorts, integer, matching, nonEmpty } from './values.ts';

/** Settings for `serve`. */
export const serveSettings = {
  host: setting('--host <host>', matching('an address or a host name', /^[a-z0-9.:_-]+$/i), {
    fallback: '127.0.0.1',
    help: 'address to listen on; non-loopback addresses require authentication',
  }),
  port: setting('--port <number>', integer(0, 65_535), {
    otherEnv: 'PORT',
    fallback: '9090',
    help: 'port to listen on; 0 picks a free one',
  }),
  jwtSecretFile: setting('--jwt-secret-file <file>', nonEmpty('a file'), {
    refusesEmpty: true,
    help: 'require HS256 tokens signed with the secret in this file',
  }),
  jwtSecret: {
    ...nonEmpty('a secret'),
    env: 'CCT_JWT_SECRET',
    refusesEmpty: true,
    secret: 'all',
    help: 'the secret itself; there is no flag, because other users can read command lines',
  },
  jwksHosts: setting('--jwks-host <host>', hostsAndPorts, {
    refusesEmpty: true,
    isRepeatable: true,
    help: 'require RS256 tokens signed with a key of this host; repeatable',
  }),
  audience: setting('--audience <text>', nonEmpty('a text'), {
    refusesEmpty: true,
    help: 'audience that tokens must have: the public origin of the relay; required with --jwks-host',
  }),
  allowAnonymous: onOff('--allow-anonymous', 'allow any address without authentication'),
  trustedProxies: setting('--trusted-proxy <range>', addressRanges, {
    isRepeatable: true,
    help: 'address or range of a reverse proxy, whose X-Forwarded-For names the callers in the log; repeatable',
  }),
  metrics: onOff('--metrics', 'expose Prometheus metrics at /metrics'),
  maxObservables: setting('--max-observables <number>', integer(1, 100_000), {
    fallback: '1000',
    unit: 'observables',
    help: 'distinct IPs, URLs and domains answered in one request; more are left out with a warning',
  }),
  logObservables: onOff('--log-observables', 'log the observables of each request'),
} as const;
