import { hash } from 'node:crypto';
import { ErrorReply } from '@redis/client';
import type { Answer } from '../../core/tracker.ts';
import type { OuterStore } from './remembering.ts';
import { systemClock } from '../clock.ts';
import { openRedisConnection, toReason } from './redis-connection.ts';
import type { AnswerOrigin, AnswerPlace } from './stored-answer.ts';
import { isAt, MAX_STORED_BYTES, parseStoredAnswer, STORED_VERSION, toPlaceText, writeStoredAnswer } from './stored-answer.ts';

export interface RedisStoreOptions extends AnswerOrigin {
  /** `redis://` or `rediss://`, as the setting has it. */
  readonly url: string;
  /** Milliseconds from the moment of an answer after which the server forgets it. */
  readonly ttlMs: number;
  readonly now: () => Date;
  /** Told once in a while of each: the server is away, and why; it is back. */
  readonly onAway: (reason: string) => void;
  readonly onBack: () => void;
  /** Told once that the server is there and refuses what it is asked, and why. */
  readonly onRefusal: (reason: string) => void;
}

const PREFIX = `cct:${STORED_VERSION}:`;
const LAST_WRITES_MS = 500;

/** The name of an answer on the server; it does not tell what was asked. */
export function toRedisKey(place: AnswerPlace): string {
  return PREFIX + hash('sha256', toPlaceText(place));
}

/**
 * Keeps answers on a server that several machines share, which forgets them by itself. Never rejects, and keeps nobody waiting for more
 * than half a second: a server that is away, stuck or full is one that remembers nothing. An entry that is not exactly as it was written
 * is a miss; one longer than 64 KiB is not kept. `close` gives what is being written half a second.
 */
export function openRedisStore({
  url,
  apiUrl,
  unlistedMessage,
  ttlMs,
  now,
  onAway,
  onBack,
  onRefusal,
}: RedisStoreOptions): OuterStore {
  const toPlace = (key: string): AnswerPlace => ({ apiUrl, unlistedMessage, key });
  const connection = openRedisConnection({ url, clock: systemClock, onAway, onBack });
  const pending = new Set<Promise<void>>();
  let isRefused = false;

  /** Nothing more is to be done: that the server is away was told already. */
  const forget = (thrown: unknown): undefined => {
    if (isRefused || !(thrown instanceof ErrorReply)) return undefined;
    isRefused = true;
    onRefusal(toReason(thrown, url));
    return undefined;
  };

  const write = async (key: string, answer: Answer): Promise<void> => {
    const text = writeStoredAnswer({ ...toPlace(key), answer });
    const leftMs = ttlMs - (now().getTime() - answer.answeredAt.getTime());
    if (leftMs < 1 || Buffer.byteLength(text) > MAX_STORED_BYTES) return;
    const expiration = { type: 'PX' as const, value: Math.ceil(leftMs) };
    await connection.run((client) => client.set(toRedisKey(toPlace(key)), text, { expiration }));
  };

  const track = async (work: Promise<unknown>): Promise<void> => {
    const settled = work.then(() => undefined, forget);
    pending.add(settled);
    await settled;
    pending.delete(settled);
  };

  return {
    async get(key) {
      // A piece of a limited size: whatever lies there, it does not fill the memory.
      const range = [0, MAX_STORED_BYTES] as const;
      const text = await connection.run((client) => client.getRange(toRedisKey(toPlace(key)), ...range)).catch(forget);
      const stored = typeof text === 'string' ? parseStoredAnswer(text) : undefined;
      return stored && isAt(stored, toPlace(key)) ? stored.answer : undefined;
    },
    set: (key, answer) => track(write(key, answer)),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_WRITES_MS)));
      await Promise.race([Promise.all(pending), limit]);
      clearTimeout(timer);
      connection.close();
    },
  };
}
