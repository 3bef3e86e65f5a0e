import type { ServerResponse } from 'node:http';
import type { Connection, OpenRequest } from './connections.ts';
import type { OnRefused } from './refusals.ts';

export interface UnreadAnswersOptions {
  readonly maxUnreadBytes: number;
  readonly unreadTimeoutMs: number;
  /** Called for each connection that is closed. */
  readonly onRefused: OnRefused;
}

/** A request and the address of its caller. */
export interface Answered extends OpenRequest {
  readonly connection: Connection;
  readonly address: string;
}

interface UnreadAnswer extends Answered {
  readonly bytes: number;
}

// The approximate size of an answer's headers.
const HEAD_BYTES = 512;

/**
 * Answers that the operating system has not accepted yet, because their callers do not read. Closes the connection of an answer that is not
 * read for `unreadTimeoutMs`, and those of the oldest answers while all together exceed `maxUnreadBytes`; a single answer may exceed it.
 */
export class UnreadAnswers {
  readonly #options: UnreadAnswersOptions;
  /** In order of age, the oldest first. */
  readonly #answers = new Map<ServerResponse, UnreadAnswer>();
  #bytes = 0;

  constructor(options: UnreadAnswersOptions) {
    this.#options = options;
  }

  /** Counts an answer until it is read. Returns it, or an equal one that is not a stream. */
  async add(response: Response, answered: Answered): Promise<Response> {
    const { whole, bytes } = await toWhole(response);
    if (!answered.leaving.signal.aborted) this.#add({ bytes: bytes + HEAD_BYTES, ...answered });
    return whole;
  }

  #add(answer: UnreadAnswer): void {
    const { incoming, outgoing, connection, leaving, bytes } = answer;
    this.#answers.set(outgoing, answer);
    this.#bytes += bytes;
    leaving.signal.addEventListener('abort', () => this.#remove(outgoing));
    outgoing.setTimeout(this.#options.unreadTimeoutMs, () => this.#close(answer, 'The answer was not read in time'));
    outgoing.once('finish', () => {
      this.#remove(outgoing);
      const next = connection.firstOpen;
      // The caller cannot read an answer that is not ready yet. Without another request, Node has set the timeout of idle connections.
      if (next && !this.#answers.has(next)) incoming.socket.setTimeout(0);
    });
    for (const oldest of this.#answers.values()) {
      if (this.#bytes <= this.#options.maxUnreadBytes || this.#answers.size === 1) return;
      this.#close(oldest, 'Too many unread answers');
    }
  }

  #close({ incoming: { socket, method }, address }: UnreadAnswer, reason: string): void {
    for (const { incoming, outgoing } of this.#answers.values()) if (incoming.socket === socket) this.#remove(outgoing);
    // Without a reset, the operating system would keep the bytes that it has accepted.
    socket.resetAndDestroy();
    this.#options.onRefused({ status: undefined, reason, method, address });
  }

  #remove(outgoing: ServerResponse): void {
    this.#bytes -= this.#answers.get(outgoing)?.bytes ?? 0;
    this.#answers.delete(outgoing);
  }
}

/** An answer and its length. Reads a stream to its end: until its caller reads, it would hold uncounted data that is being compressed. */
async function toWhole(response: Response): Promise<{ readonly whole: Response; readonly bytes: number }> {
  const length = response.headers.get('content-length');
  if (length !== null) return { whole: response, bytes: Number(length) };
  if (response.body === null) return { whole: response, bytes: 0 };
  const body = new Uint8Array(await response.arrayBuffer());
  const { status, headers } = response;
  return { whole: new Response(body, { status, headers }), bytes: body.length };
}
