import { createClient } from '@redis/client';
import { formatCount } from '../../core/amount.ts';
import { systemCodeOf } from '../../core/errors.ts';
import { cut, toVisible } from '../../core/safe-text.ts';
import type { Clock } from '../clock.ts';

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`, with user, password and number of the database where needed. */
  readonly url: string;
  /** Only its `sleep` is used, between two attempts to connect. */
  readonly clock: Pick<Clock, 'sleep'>;
  /** Told when the server is away, with the reason in a few words, which never hold the password. Once until it is back. */
  readonly onAway: (reason: string) => void;
  /** Told when it is there again after that. */
  readonly onBack: () => void;
}

type Client = ReturnType<typeof createRedisClient>;

/** A connection that is made anew as often as it is lost. */
export interface RedisConnection {
  /**
   * Runs a command; rejects when there is no connection, or no answer within half a second: then the connection is given up. While the
   * first one is being made it is waited for as long.
   */
  run<Result>(command: (client: Client) => Promise<Result>): Promise<Result>;
  close(): void;
}

// What waits for an answer from memory shall not wait as long as for one from the tracker.
const COMMAND_LIMIT_MS = 500;
const CONNECT_LIMIT_MS = 2000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
const MAX_REASON_LENGTH = 160;

class NoAnswer extends Error {
  constructor(limitMs: number) {
    super(`no answer within ${formatCount(limitMs)} ms`);
  }
}

/** Opens a connection in the background; never throws or rejects. Nothing is queued while the server is away. */
export function openRedisConnection({ url, clock, onAway, onBack }: RedisConnectionOptions): RedisConnection {
  const closing = new AbortController();
  let current: { readonly client: Client; readonly giveUp: (reason: unknown) => void } | undefined;
  let isAway = false;

  const setBack = (): void => {
    if (isAway) onBack();
    isAway = false;
  };
  const setAway = (reason: unknown): void => {
    if (!isAway && !closing.signal.aborted) onAway(toReason(reason, url));
    isAway = true;
  };

  /** One connection from its beginning to its end; resolves with the reason of the end. */
  const connectOnce = async (onConnected: () => void): Promise<unknown> => {
    let giveUp: (reason: unknown) => void = () => undefined;
    const over = new Promise<unknown>((resolve) => (giveUp = resolve));
    const client = createRedisClient(url);
    client.on('error', giveUp);
    closing.signal.addEventListener('abort', giveUp, { once: true });
    const connect = async (): Promise<void> => {
      await client.connect();
      // A server that takes connections and answers nothing is away.
      await client.ping();
    };
    try {
      const failure = await Promise.race([within(CONNECT_LIMIT_MS, connect()), over]);
      if (failure !== undefined) return failure;
      current = { client, giveUp };
      onConnected();
      return await over;
    } catch (thrown) {
      return thrown;
    } finally {
      current = undefined;
      closing.signal.removeEventListener('abort', giveUp);
      client.destroy();
    }
  };

  const stayConnected = async (onFirst: () => void): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!closing.signal.aborted) {
      const reason = await connectOnce(() => {
        pauseMs = FIRST_PAUSE_MS;
        setBack();
        onFirst();
      });
      setAway(reason);
      onFirst();
      // Closing ends the pause with a rejection.
      await clock.sleep(pauseMs, closing.signal).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  };

  const firstAttempt = new Promise<void>((resolve) => void stayConnected(resolve));

  return {
    async run(command) {
      // Also with a connection this costs a turn, so only without.
      if (!current) await within(COMMAND_LIMIT_MS, firstAttempt);
      if (!current) throw new Error('not connected');
      const { client, giveUp } = current;
      try {
        return await within(COMMAND_LIMIT_MS, command(client));
      } catch (thrown) {
        if (thrown instanceof NoAnswer) giveUp(thrown);
        throw thrown;
      }
    },
    close: () => closing.abort(new Error('closed')),
  };
}

function createRedisClient(url: string) {
  return createClient({
    url,
    // The older protocol: every server speaks it, and what is asked here is the same in both.
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { connectTimeout: CONNECT_LIMIT_MS, reconnectStrategy: false },
  });
}

/** Rejects with `NoAnswer` after the limit; what comes later is of no interest. */
async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    // An answer may be here already, unread, because the process was busy: it is read before the timer's last word.
    timer = setTimeout(() => setImmediate(() => reject(new NoAnswer(limitMs))), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A reason for people. Some servers repeat in an error the command that they do not know, password and all. */
export function toReason(thrown: unknown, url: string): string {
  const text = systemCodeOf(thrown) ?? (thrown instanceof Error ? thrown.message : String(thrown));
  const { password } = new URL(url);
  const secrets = [password, decodeURIComponent(password)].filter((secret) => secret !== '');
  return cut(toVisible(secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)), MAX_REASON_LENGTH);
}
