import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionTimeoutError, createClient, ErrorReply, SocketTimeoutError } from '@redis/client';
import { formatCount } from '../../core/amount.ts';
import { systemCodeOf } from '../../core/errors.ts';
import { cut, toVisible } from '../../core/safe-text.ts';
import type { ServerStore } from './answer-store.ts';
import type { AnswerOrigin, AnswerPlace } from './stored-answer.ts';
import { isAt, MAX_STORED_BYTES, parseStoredAnswer, STORED_VERSION, toPlaceText, writeStoredAnswer } from './stored-answer.ts';

export interface RedisStoreOptions extends AnswerOrigin {
  /** `redis://` or `rediss://`, with user, password and database number if needed. */
  readonly url: string;
  /** Milliseconds from the time of an answer until the server deletes it. */
  readonly ttlMs: number;
  readonly now: () => Date;
  /** Called once if the server becomes unreachable, with a reason that never contains the password, and once when it is back. */
  readonly onAway: (reason: string) => void;
  readonly onBack: () => void;
  /** Called once if a reachable server refuses a command, with the reason. */
  readonly onRefusal: (reason: string) => void;
}

type ConnectionOptions = Pick<RedisStoreOptions, 'url' | 'onAway' | 'onBack'>;

// No lookup waits longer for the cache.
const COMMAND_LIMIT_MS = 500;
const SILENCE_LIMIT_MS = 2000;
// Shorter than SILENCE_LIMIT_MS: a working server answers a ping before the limit.
const PING_INTERVAL_MS = 1000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const MAX_REASON_LENGTH = 160;

/** The key of an answer on the server: a digest, which does not reveal what was looked up. */
export function toRedisKey(place: AnswerPlace): string {
  return `cct:${STORED_VERSION}:${hash('sha256', toPlaceText(place))}`;
}

/**
 * Stores answers on a server that machines share and that deletes expired answers. Never rejects or waits longer than half a second: if the
 * server is unreachable, stuck or full, all lookups are misses. Broken entries are misses; entries above 64 KiB are not stored.
 */
export function openRedisStore(options: RedisStoreOptions): ServerStore {
  const { url, apiUrl, unlistedMessage, ttlMs, now, onRefusal } = options;
  const toPlace = (key: string): AnswerPlace => ({ apiUrl, unlistedMessage, key });
  const connection = new RedisConnection(options);
  let isRefused = false;

  const ignore = (thrown: unknown): undefined => {
    if (!isRefused && thrown instanceof ErrorReply) {
      isRefused = true;
      onRefusal(toReason(thrown, url));
    }
    return undefined;
  };

  return {
    async get(key) {
      const place = toPlace(key);
      // Limit what is read, whatever another program may have stored.
      const text = await connection.run((client) => client.getRange(toRedisKey(place), 0, MAX_STORED_BYTES)).catch(ignore);
      const stored = typeof text === 'string' ? parseStoredAnswer(text) : undefined;
      return stored && isAt(stored, place) ? stored.answer : undefined;
    },
    async set(key, answer) {
      const place = toPlace(key);
      const text = writeStoredAnswer({ ...place, answer });
      const leftMs = ttlMs - (now().getTime() - answer.answeredAt.getTime());
      if (leftMs < 1 || Buffer.byteLength(text) > MAX_STORED_BYTES) return;
      const expiration = { type: 'PX' as const, value: Math.ceil(leftMs) };
      await connection.run((client) => client.set(toRedisKey(place), text, { expiration })).catch(ignore);
    },
    close() {
      connection.close();
      return Promise.resolve();
    },
    get isReachable() {
      return connection.isUsable;
    },
  };
}

/** A connection that opens in the background, and reconnects while the server is unreachable. */
class RedisConnection {
  readonly #client;
  readonly #options: ConnectionOptions;
  readonly #openedInTime: Promise<void>;
  #endOpening = (): void => undefined;
  #state: 'opening' | 'usable' | 'away' | 'closed' = 'opening';
  #pauseMs = FIRST_PAUSE_MS;
  #reconnecting: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#client = createRedisClient(options.url)
      .on('error', (error) => this.#setState('away', error))
      .on('ping-interval', () => this.#setState('usable'))
      .on('terminated', () => this.#startAfterPause());
    const opened = new Promise<void>((resolve) => (this.#endOpening = resolve));
    this.#openedInTime = Promise.race([opened, delay(COMMAND_LIMIT_MS, undefined, { ref: false })]);
    this.#start();
  }

  /** Runs a command; rejects if the server is unreachable or does not answer within half a second. */
  async run<Result>(command: (client: RedisClient) => Promise<Result>): Promise<Result> {
    await this.#openedInTime;
    if (this.#state !== 'usable') throw new Error('not connected');
    try {
      return await answerInTime(command(this.#client));
    } catch (thrown) {
      if (thrown instanceof NoAnswer) this.#setState('away', thrown);
      throw thrown;
    }
  }

  get isUsable(): boolean {
    return this.#state === 'usable';
  }

  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#reconnecting);
    this.#client.destroy();
  }

  #start(): void {
    this.#connect().catch((thrown: unknown) => this.#setState('away', thrown));
  }

  async #connect(): Promise<void> {
    await this.#client.connect();
    // A server that accepts connections may still be stuck.
    if (this.#state !== 'closed') await this.#client.ping();
    // `close` was called while connecting, before there was a socket.
    else this.#client.destroy();
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#setState('usable');
  }

  #startAfterPause(): void {
    if (this.#state === 'closed') return;
    this.#reconnecting = setTimeout(() => this.#start(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #setState(next: 'usable' | 'away', reason?: unknown): void {
    if (this.#state === next || this.#state === 'closed') return;
    if (next === 'away') this.#options.onAway(toReason(reason, this.#options.url));
    else if (this.#state === 'away') this.#options.onBack();
    this.#state = next;
    this.#endOpening();
  }
}

type RedisClient = ReturnType<typeof createRedisClient>;

function createRedisClient(url: string) {
  return createClient({
    url,
    // All servers support version 2, which suffices here.
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    pingInterval: PING_INTERVAL_MS,
    // The client's own strategy cannot be stopped during a pause, and does not pause if a server closes each connection immediately.
    socket: { connectTimeout: SILENCE_LIMIT_MS, socketTimeout: SILENCE_LIMIT_MS, reconnectStrategy: false },
  });
}

class NoAnswer extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${formatCount(limitMs)} ms`);
  }
}

/** Rejects with `NoAnswer` after half a second. */
async function answerInTime<Result>(answer: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    // After a busy moment the answer may have arrived but is still unread: read it before rejecting.
    timer = setTimeout(() => setImmediate(() => reject(new NoAnswer(COMMAND_LIMIT_MS))), COMMAND_LIMIT_MS);
  });
  return Promise.race([answer, limit]).finally(() => clearTimeout(timer));
}

/** A reason for messages. Removes the password: some servers repeat an unknown command in their error. */
function toReason(thrown: unknown, url: string): string {
  const isSilent = thrown instanceof SocketTimeoutError || thrown instanceof ConnectionTimeoutError;
  const error = isSilent ? new NoAnswer(SILENCE_LIMIT_MS) : thrown;
  const text = systemCodeOf(error) ?? (error instanceof Error ? error.message : String(error));
  const { password } = new URL(url);
  const secrets = [password, decodeURIComponent(password)].filter((secret) => secret !== '');
  return cut(toVisible(secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)), MAX_REASON_LENGTH);
}
