import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ChallengeCookie, ChallengeMode } from './fake-challenge.ts';
import { createChallengeGate } from './fake-challenge.ts';
import type { Fault } from './fake-faults.ts';
import { commitFault, HUGE_BYTES, LOOP_PATH, runLater, sendRedirect } from './fake-faults.ts';
import type { ListPageName, ListSettings } from './fake-lists.ts';
import { listFaultOf, renderListPage } from './fake-lists.ts';
import { renderAnswer, renderHome, sendPage, toDocument } from './fake-pages.ts';
import { listenOnLoopback } from './loopback-server.ts';

export type { Fault } from './fake-faults.ts';
export type { ListFault } from './fake-lists.ts';
export type { ListEntry } from './fake-pages.ts';

/** A request, hops of the challenge included. */
export interface RecordedRequest {
  readonly method: string;
  /** The request-target as sent. */
  readonly path: string;
  /** The text after `url=` up to the next `&`, percent-decoded once, or raw where that fails; null without it and on other pages. */
  readonly key: string | null;
  readonly headers: IncomingHttpHeaders;
  /** By a monotonic clock. */
  readonly atMs: number;
}

/** How the tracker behaves. */
export interface FakeTrackerOptions extends ListSettings {
  /** Messages by lookup key; the others are `Unknown url`. None by default. */
  readonly listings: Readonly<Record<string, string>>;
  /** The delay of `query.php`, with faults but without redirects of the challenge. 0 by default. */
  readonly latencyMs: number;
  /** `off` by default. */
  readonly challenge: ChallengeMode;
  /** `both` by default. */
  readonly challengeCookie: ChallengeCookie;
  /** Faults of `query.php`, by lookup key. */
  readonly faults: Readonly<Record<string, Fault>>;
  /** The fault of `query.php` for the other keys. */
  readonly faultEverywhere: Fault | undefined;
  /** The fault of `/`. */
  readonly rootFault: Fault | undefined;
  /** How often each faulty key or page fails before it answers correctly. No end by default. */
  readonly failFirst: number;
  /** The length of the family in a huge body, a multiple of 64 KiB. 1 GiB by default. */
  readonly hugeBytes: number;
}

/** A running tracker. */
export interface FakeTracker {
  /** `http://127.0.0.1:PORT/`, or https, or with `[::1]`. */
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** The requests to `query.php`. */
  lookups(): RecordedRequest[];
  /** The most `query.php` requests that were open at one time. */
  readonly maxInFlight: number;
  readonly challengesIssued: number;
  /** Connections accepted, TLS handshakes that failed included. */
  readonly connections: number;
  /** Bytes of huge bodies written so far. */
  readonly hugeBytesWritten: number;
  /** Changes settings from the next request on, and restarts `failFirst`. */
  set(options: Partial<FakeTrackerOptions>): void;
  /** Replaces the challenge's token. */
  rotateToken(): void;
  /** Ends every connection; never rejects. */
  close(): Promise<void>;
}

const LOOKUP_PATH = '/query.php';

const defaults: FakeTrackerOptions = {
  listings: {},
  entries: [],
  listSeparator: '\n',
  maxPageSize: Infinity,
  listFaults: {},
  listFaultFrom: 0,
  latencyMs: 0,
  challenge: 'off',
  challengeCookie: 'both',
  faults: {},
  faultEverywhere: undefined,
  rootFault: undefined,
  failFirst: Infinity,
  hugeBytes: HUGE_BYTES,
};

/** Starts a tracker that answers as the recorded site does, over https with a certificate. Rejects when it cannot listen. */
export async function startFakeTracker(
  options: Partial<FakeTrackerOptions> = {},
  tls?: { readonly key: string; readonly cert: string },
  host: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<FakeTracker> {
  const settings: FakeTrackerOptions = { ...defaults, ...options };
  const requests: RecordedRequest[] = [];
  const gate = createChallengeGate(settings);
  const failures = new Map<string, number>();
  let inFlight = 0;
  let maxInFlight = 0;
  let hugeBytesWritten = 0;

  /** The fault that is due; counts it as committed. */
  const takeFault = <Kind>(name: string, fault: Kind | undefined): Kind | undefined => {
    const failed = failures.get(name) ?? 0;
    if (fault === undefined || failed >= settings.failFirst) return undefined;
    failures.set(name, failed + 1);
    return fault;
  };

  const answerOrFail = (request: IncomingMessage, response: ServerResponse, fault: Fault | undefined, body: string): void => {
    const answer = (): void => sendPage(response, body);
    const countHugeBytes = (count: number): void => void (hugeBytesWritten += count);
    if (fault === undefined) answer();
    else commitFault(fault, { request, response, answer, body, countHugeBytes, hugeBytes: settings.hugeBytes });
  };

  const answerLookup = (request: IncomingMessage, response: ServerResponse, key: string | null): void => {
    const message = (key === null ? undefined : ownValue(settings.listings, key)) ?? 'Unknown url';
    const ownFault = key === null ? undefined : ownValue(settings.faults, key);
    const fault = takeFault(`query.php ${key ?? ''}`, ownFault ?? settings.faultEverywhere);
    const answer = (): void => answerOrFail(request, response, fault, renderAnswer(message));
    if (settings.latencyMs > 0) runLater(response, settings.latencyMs, answer);
    else answer();
  };

  const answerList = (request: IncomingMessage, response: ServerResponse, page: ListPageName, query: string): void => {
    const due = takeFault(page, listFaultOf(page, query, settings));
    const { body, fault } = renderListPage(page, query, settings, due);
    answerOrFail(request, response, fault, body);
  };

  const countInFlight = (response: ServerResponse): void => {
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    response.once('close', () => void (inFlight -= 1));
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url: path = '', headers } = request;
    const [page, query] = splitOnce(path, '?');
    const key = page === LOOKUP_PATH ? keyOf(query) : null;
    requests.push({ method, path, key, headers, atMs: performance.now() });
    if (page === LOOKUP_PATH) countInFlight(response);
    const origin = `${tls ? 'https' : 'http'}://${headers.host ?? `127.0.0.1:${server.port}`}`;
    if (!gate.admits(request, response, origin)) return;
    if (settings.challenge === 'then-403') sendPage(response, toDocument('<h1>Forbidden</h1>'), 403);
    else if (settings.challenge === 'then-503') sendPage(response, toDocument('<h1>Service Unavailable</h1>'), 503);
    else if (page === LOOKUP_PATH) answerLookup(request, response, key);
    else if (page === '/') answerOrFail(request, response, takeFault('/', settings.rootFault), renderHome());
    else if (page === '/all.php') answerList(request, response, 'all.php', query);
    else if (page === '/index.php') answerList(request, response, 'index.php', query);
    else if (page === LOOP_PATH) sendRedirect(response, decodeURIComponent(query));
    else sendPage(response, toDocument('<h1>Not Found</h1>'), 404);
  };

  const server = await listenOnLoopback(tls ? createTlsServer(tls, handle) : createServer(handle), host);
  return {
    url: `${tls ? 'https' : 'http'}://${host === '::1' ? '[::1]' : host}:${server.port}/`,
    requests,
    lookups: () => requests.filter(({ path }) => splitOnce(path, '?')[0] === LOOKUP_PATH),
    get maxInFlight() {
      return maxInFlight;
    },
    get challengesIssued() {
      return gate.issued;
    },
    get connections() {
      return server.connections;
    },
    get hugeBytesWritten() {
      return hugeBytesWritten;
    },
    set(changes) {
      Object.assign(settings, changes);
      failures.clear();
    },
    rotateToken: () => gate.rotateToken(),
    close: () => server.close(),
  };
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function keyOf(query: string): string | null {
  const parameter = query.split('&').find((part) => part.startsWith('url='));
  if (parameter === undefined) return null;
  const raw = parameter.slice('url='.length);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** Of any key, `constructor` too. */
function ownValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
