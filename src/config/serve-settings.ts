import { onOff, setting } from './setting.ts';
import { addressOrHostName, hostsAndPorts, integer, nonEmpty } from './values.ts';

/** What only `serve` needs. */
export const serveSettings = {
  host: setting('--host <host>', 'CCT_HOST', {
    schema: addressOrHostName,
    fallback: '127.0.0.1',
    help: 'serve: the address to listen on; any but a loopback one asks for authentication',
  }),
  port: setting('--port <number>', 'CCT_PORT', {
    otherEnv: 'PORT',
    schema: integer(0, 65_535),
    fallback: '9090',
    help: 'serve: the port to listen on; 0 takes any free one',
  }),
  jwtSecretFile: setting('--jwt-secret-file <file>', 'CCT_JWT_SECRET_FILE', {
    refusesEmpty: true,
    schema: nonEmpty('a file'),
    help: 'serve: ask for HS256 tokens, signed with the secret in this file',
  }),
  jwtSecret: {
    env: 'CCT_JWT_SECRET',
    refusesEmpty: true,
    secret: 'all',
    schema: nonEmpty('a secret'),
    help: 'serve: the same with the secret itself, which no flag takes: a command line can be read by others',
  },
  jwksHosts: setting('--jwks-host <host>', 'CCT_JWKS_HOST', {
    refusesEmpty: true,
    isRepeatable: true,
    schema: hostsAndPorts,
    help: 'serve: ask for RS256 tokens, signed with a key of this host; may be repeated',
  }),
  audience: setting('--audience <text>', 'CCT_AUDIENCE', {
    refusesEmpty: true,
    schema: nonEmpty('a text'),
    help: 'serve: the audience that a token must name; required with --jwks-host',
  }),
  allowAnonymous: onOff('--allow-anonymous', 'CCT_ALLOW_ANONYMOUS', 'serve: listen on any address without authentication'),
  metrics: onOff('--metrics', 'CCT_METRICS', 'serve: metrics for Prometheus at /metrics'),
  logObservables: onOff('--log-observables', 'CCT_LOG_OBSERVABLES', 'serve: write the observables of each request into the log'),
} as const;
