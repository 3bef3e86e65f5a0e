import { onOff, setting } from './setting.ts';
import { addressOrHostName, hostsAndPorts, integer, nonEmpty } from './values.ts';

/** What only `serve` needs. */
export const serveSettings = {
  host: setting('--host <host>', 'CCT_HOST', {
    schema: addressOrHostName,
    fallback: '127.0.0.1',
    help: 'address to listen on; non-loopback addresses require authentication',
  }),
  port: setting('--port <number>', 'CCT_PORT', {
    otherEnv: 'PORT',
    schema: integer(0, 65_535),
    fallback: '9090',
    help: 'port to listen on; 0 picks a free one',
  }),
  jwtSecretFile: setting('--jwt-secret-file <file>', 'CCT_JWT_SECRET_FILE', {
    refusesEmpty: true,
    schema: nonEmpty('a file'),
    help: 'require HS256 tokens signed with the secret in this file',
  }),
  jwtSecret: {
    env: 'CCT_JWT_SECRET',
    refusesEmpty: true,
    secret: 'all',
    schema: nonEmpty('a secret'),
    help: 'the secret itself; there is no flag, because other users can read command lines',
  },
  jwksHosts: setting('--jwks-host <host>', 'CCT_JWKS_HOST', {
    refusesEmpty: true,
    isRepeatable: true,
    schema: hostsAndPorts,
    help: 'require RS256 tokens signed with a key of this host; repeatable',
  }),
  audience: setting('--audience <text>', 'CCT_AUDIENCE', {
    refusesEmpty: true,
    schema: nonEmpty('a text'),
    help: 'audience that tokens must have: the public origin of the relay; required with --jwks-host',
  }),
  allowAnonymous: onOff('--allow-anonymous', 'CCT_ALLOW_ANONYMOUS', 'allow any address without authentication'),
  metrics: onOff('--metrics', 'CCT_METRICS', 'expose Prometheus metrics at /metrics'),
  logObservables: onOff('--log-observables', 'CCT_LOG_OBSERVABLES', 'log the observables of each request'),
} as const;
