import type http from 'node:http';
import type { AnswerConnection } from '../../core/tracker.ts';

/** A connection as the client of the live site sees it. */
export interface LiveConnection extends AnswerConnection {
  /** Opened after a surplus response: no answer of it counts before it is confirmed. */
  readonly isSuspect: boolean;
}

const LEAST_SILENCE_MS = 300;
const MOST_SILENCE_MS = 1_000;

/** One connection: how many questions it was asked, and whether its answers can be those of other questions. */
export class Connection implements LiveConnection {
  readonly isSuspect: boolean;
  isTrusted = true;
  answers = 0;
  #questions = 0;
  #request: http.ClientRequest | undefined;
  #begunAtMs = 0;
  #slowestMs = 0;
  #silence: NodeJS.Timeout | undefined;
  /** Known as long as nothing more is asked. */
  #isConfirmed: boolean | undefined;
  readonly #waiting: ((isConfirmed: boolean) => void)[] = [];

  constructor({ isSuspect }: Pick<LiveConnection, 'isSuspect'>) {
    this.isSuspect = isSuspect;
  }

  get isReused(): boolean {
    return this.#questions > 1;
  }

  get isIdle(): boolean {
    return this.#request === undefined && this.#questions > 0;
  }

  beginAnswer(request: http.ClientRequest): void {
    this.#request = request;
    this.#questions += 1;
    this.#begunAtMs = performance.now();
    clearTimeout(this.#silence);
    if (this.isTrusted) this.#isConfirmed = undefined;
  }

  /** Returns the request that was answered. From now on the connection should be silent: a displaced answer would still arrive. */
  endAnswer(): http.ClientRequest | undefined {
    const request = this.#request;
    this.#request = undefined;
    this.answers += 1;
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - this.#begunAtMs);
    const silenceMs = Math.min(MOST_SILENCE_MS, Math.max(LEAST_SILENCE_MS, 3 * this.#slowestMs));
    this.#silence = setTimeout(() => this.#settle(this.isTrusted), silenceMs);
    if (this.#waiting.length === 0) this.#silence.unref();
    return request;
  }

  distrust(): void {
    this.isTrusted = false;
    this.#settle(false);
  }

  close(): void {
    this.#request = undefined;
    this.#settle(this.isTrusted && (this.#isConfirmed ?? this.#questions <= 1));
  }

  confirmed(): Promise<boolean> {
    if (this.#isConfirmed !== undefined) return Promise.resolve(this.#isConfirmed);
    this.#silence?.ref();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #settle(isConfirmed: boolean): void {
    clearTimeout(this.#silence);
    this.#isConfirmed = isConfirmed;
    for (const resolve of this.#waiting.splice(0)) resolve(isConfirmed);
  }
}
