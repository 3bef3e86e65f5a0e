import type { LookupFunction } from 'node:net';
import type { RelayErrorCode } from '../../src/core/errors.ts';
import type { FakeTrackerOptions, Fault } from '../helpers/fake-tracker.ts';
import { answerRows } from './answer-rows.ts';
import type { FaultRow, ListRow, ResolverRow, ServerRow } from './rows.ts';

const DOWN = 'service unavailable';
const REFUSED = /refused the connection/;
const IN_TIME = /did not answer within [\d,]+ ms/;

function failed(what: string, code: RelayErrorCode, message: RegExp, rest: Partial<ServerRow>): ServerRow {
  return { at: 'server', what, becomes: 'failed', code, message, ends: 'at once', ...rest };
}

/** The same fault on every page. */
function everywhere(fault: Fault): Partial<FakeTrackerOptions> {
  return { faultEverywhere: fault, rootFault: fault, listFaults: { 'index.php': fault, 'all.php': fault } };
}

const UNVERIFIED = /^Unable to verify SSL certificate: /;
const CHALLENGE = /rejected the answer to its cookie challenge/;

/** Faults of the whole server. */
const serverRows: readonly ServerRow[] = [
  failed('a challenge that never ends', 'permission denied', CHALLENGE, { options: { challenge: 'never-ends' } }),
  failed('403 after the challenge', 'permission denied', /answered 403/, { options: { challenge: 'then-403' } }),
  failed('503 after the challenge', DOWN, /answered 503/, { options: { challenge: 'then-503' } }),
  failed('500 everywhere', DOWN, /answered 500/, { options: everywhere({ kind: 'status', status: 500 }) }),
  failed('resets everywhere', DOWN, /closed the connection unexpectedly/, { options: everywhere('reset') }),
  failed('silence everywhere', DOWN, IN_TIME, { options: everywhere('stalled-headers'), ends: 'timeout' }),
  failed('silence everywhere, and a deadline', DOWN, IN_TIME, {
    options: everywhere('stalled-headers'),
    ends: 'timeout',
    deadlineTimeouts: 2.5,
  }),
  failed('a refused connection', DOWN, REFUSED, { isGone: true }),
  failed('no TLS where it is wanted', DOWN, /TLS handshake/, { toUrl: (url) => `https://${url.host}/` }),
  failed('TLS where none is wanted', DOWN, /closed the connection unexpectedly|answer is not valid HTTP/, {
    certificate: 'localhost',
    toUrl: (url) => `http://${url.host}/`,
  }),
  failed('a certificate signed by itself', 'unknown', UNVERIFIED, { certificate: 'self-signed' }),
  failed('an expired certificate', 'unknown', UNVERIFIED, { certificate: 'expired' }),
  failed('a certificate for another host', 'unknown', UNVERIFIED, { certificate: 'other-host' }),
  // A system resolver that loses a query repeats it after 5 s, twice.
  failed('a name that does not resolve', DOWN, /Cannot resolve the tracker's host name/, {
    toUrl: () => 'http://tracker.invalid/',
    worksMs: 30_000,
  }),
  // Another server may have the same port on 127.0.0.1.
  failed('IPv6 only, asked over IPv4', DOWN, REFUSED, { host: '::1', toUrl: (url) => `http://127.0.0.2:${url.port}/` }),
  { ...failed('IPv6 only', 'unknown', /^$/, { host: '::1' }), becomes: 'answered' },
];

/** Faults that only a list can have. */
const listRows: readonly ListRow[] = [
  { at: 'list', what: 'a list without rows', fault: 'no-rows', updates: ['all.php', 'all.php', 'old', 'old'] },
  { at: 'list', what: 'a row cut in the middle', fault: 'cut-row', updates: ['all.php', 'all.php', 'old', 'old'] },
  // The first page and `all.php` are right.
  { at: 'list', what: 'the first page again', fault: 'first-page', updates: ['all.php', 'all.php', 'all.php', 'all.php'] },
];

/** Answers with these addresses, after a delay. Keeps no process alive. */
function resolveTo(addresses: readonly string[], delayMs = 0): LookupFunction {
  return (_name, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: 4 }));
    const [first = { address: '', family: 4 }] = found;
    const answer = () => (all === true ? callback(null, found) : callback(null, first.address, first.family));
    setTimeout(answer, delayMs).unref();
  };
}

function refuse(code: string): LookupFunction {
  return (name, _options, callback) => {
    const error: NodeJS.ErrnoException = Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code });
    setImmediate(() => callback(error, ''));
  };
}

/** One resolver for the first name, another for all after it. */
function firstThen(first: LookupFunction, then: LookupFunction): LookupFunction {
  let asked = 0;
  return (...args) => {
    asked += 1;
    (asked === 1 ? first : then)(...args);
  };
}

const HERE = '127.0.0.1';
const NEVER_MS = 60_000;
const resolver = (what: string, rest: Omit<ResolverRow, 'at' | 'what'>): ResolverRow => ({ at: 'resolver', what, ...rest });
const late = { becomes: 'failed', code: DOWN, message: IN_TIME, ends: 'timeout' } as const;
const unresolved = { becomes: 'failed', code: DOWN, message: /Cannot resolve the tracker's host name/, ends: 'at once' } as const;
const borne = { becomes: 'answered', code: 'unknown', message: /^$/, ends: 'at once' } as const;

/** Faults of name resolution. */
const resolverRows: readonly ResolverRow[] = [
  resolver('DNS slow, but in time', { ...borne, createLookup: () => resolveTo([HERE], 200) }),
  resolver('DNS slower than the timeout', { ...late, createLookup: () => resolveTo([HERE], 30_000) }),
  resolver('DNS that never answers', { ...late, createLookup: () => resolveTo([HERE], NEVER_MS) }),
  resolver('DNS slow once', {
    ...late,
    concurrency: 1,
    isOnce: true,
    createLookup: () => firstThen(resolveTo([HERE], NEVER_MS), resolveTo([HERE])),
  }),
  resolver('DNS that knows no such name', { ...unresolved, createLookup: () => refuse('ENOTFOUND') }),
  resolver('DNS that fails for now', { ...unresolved, createLookup: () => refuse('EAI_AGAIN') }),
  // Nothing listens on the second loopback address.
  resolver('DNS with a dead address first', { ...borne, createLookup: () => resolveTo(['127.0.0.2', HERE]) }),
];

/** All faults. */
export const allRows: readonly FaultRow[] = [...answerRows, ...serverRows, ...listRows, ...resolverRows];
