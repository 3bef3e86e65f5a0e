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
import { keyOf, ownValue, splitOnce } from './request-parts.ts';

export type { Fault } from './fake-faults.ts';
export type { ListFault } from './fake-lists.ts';
export type { ListEntry } from './fake-pages.ts';

/** A request as it arrived, hops of the challenge included. */
export interface RecordedRequest {
  readonly method: string;
  /** The request-target as sent. */
  readonly path: string;
  /**
   * What `query.php` is asked: all after `url=` up to the next `&`, percent-decoded once, `+` left alone; undecoded where it
   * cannot be decoded. Null on other pages and without the parameter.
   */
  readonly key: string | null;
  readonly headers: IncomingHttpHeaders;
  /** On a clock that only runs forward; of use for differences. */
  readonly atMs: number;
}

/** How the tracker behaves. */
export interface FakeTrackerOptions extends ListSettings {
  /** Messages by lookup key; every other key is `Unknown url`. None by default. */
  readonly listings: Readonly<Record<string, string>>;
  /** What `all.php` and `index.php` list, newest first. None by default. */
  readonly entries: ListSettings['entries'];
  /** What ends an entry of `all.php`. A line break by default. */
  readonly listSeparator: ListSettings['listSeparator'];
  /** The most rows that a page of `index.php` has, whatever `m` says. No limit by default. */
  readonly maxPageSize: number;
  /** What goes wrong on the pages of the list. */
  readonly listFaults: ListSettings['listFaults'];
  /** The row from which on the fault of `index.php` shows. 0 by default. */
  readonly listFaultFrom: number;
  /** How long `query.php` takes, faults included and redirects of the challenge not. 0 by default. */
  readonly latencyMs: number;
  /** `off` by default. */
  readonly challenge: ChallengeMode;
  /** `both` by default. */
  readonly challengeCookie: ChallengeCookie;
  /** What goes wrong on `query.php`, by lookup key. */
  readonly faults: Readonly<Record<string, Fault>>;
  /** What goes wrong on `query.php` for keys without a fault of their own. */
  readonly faultEverywhere: Fault | undefined;
  /** What goes wrong on `/`. */
  readonly rootFault: Fault | undefined;
  /** How often each faulty key, `/`, and each page of the list, goes wrong before it answers rightly. No end by default. */
  readonly failFirst: number;
  /** How long the family of a huge body is, a multiple of 64 KiB. 1 GiB by default. */
  readonly hugeBytes: number;
}

/** A running tracker. */
export interface FakeTracker {
  /** `http://127.0.0.1:PORT/`, or https, or with `[::1]`. */
  readonly url: string;
  readonly requests: RecordedRequest[];
  /** The requests to `query.php`. */
  lookups(): RecordedRequest[];
  /** The most `query.php` requests that were open at one time, each until it was answered whole or its connection was gone. */
  readonly maxInFlight: number;
  readonly challengesIssued: number;
  /** Connections accepted, TLS handshakes that failed included. */
  readonly connections: number;
  /** Bytes of huge bodies written so far. */
  readonly hugeBytesWritten: number;
  /** Changes behaviour from the next request on, and counts `failFirst` anew. */
  set(options: Partial<FakeTrackerOptions>): void;
  /** Refuses from now on the challenge's token that was good until now. */
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

/**
 * Starts a tracker that answers as the recorded site does, over https when given a certificate, on 127.0.0.1 unless told otherwise.
 * Rejects when it cannot listen there.
 */
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

  /** The fault that is due; asking counts as committing it. */
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
